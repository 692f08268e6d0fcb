from auth.recent import Recent


def test_what_is_over_is_gone():
    recent = Recent(2)
    recent.put(b"a", 1, until=10)
    assert recent.get(b"a", 9) == 1
    assert recent.get(b"a", 10) is None
    assert len(recent) == 0


def test_the_least_recently_used_goes_first():
    recent = Recent(2)
    recent.put(b"a", 1, until=10)
    recent.put(b"b", 2, until=10)
    recent.get(b"a", 0)
    recent.put(b"c", 3, until=10)
    assert [recent.get(name, 0) for name in (b"a", b"b", b"c")] == [1, None, 3]


def test_what_matches_is_forgotten():
    recent = Recent(9)
    for number in range(4):
        recent.put(bytes([number]), number, until=10)
    recent.forget(lambda value: value % 2 == 0)
    assert [recent.get(bytes([number]), 0) for number in range(4)] == [None, 1, None, 3]
