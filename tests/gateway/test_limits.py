"""Token buckets on a clock that the test turns."""

import pytest

from auth.identity import Method, Principal, Role, TenantId
from gateway.limits import Budget, LimitReached, Limits


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def someone(tenant="ekdalen", key=None):
    method = Method.API_KEY if key else Method.ACCESS_TOKEN
    return Principal("s", TenantId(tenant), frozenset({Role.EMPLOYEE}), method, key=key)


def used_up(take):
    with pytest.raises(LimitReached) as raised:
        take()
    return raised.value


def test_a_bucket_is_full_at_first_and_counts_down():
    budget = Budget("organisation", per_minute=3, clock=Clock())
    assert [budget.take("a").remaining for _ in range(3)] == [2, 1, 0]
    refused = used_up(lambda: budget.take("a"))
    assert (refused.whose, refused.limit) == ("organisation", 3)
    assert refused.retry_after == pytest.approx(20)


def test_what_was_waited_for_can_be_taken():
    clock = Clock()
    budget = Budget("organisation", per_minute=3, clock=clock)
    for _ in range(3):
        budget.take("a")
    clock.now += used_up(lambda: budget.take("a")).retry_after - 0.1
    used_up(lambda: budget.take("a"))
    clock.now += 0.2
    budget.take("a")


def test_a_bucket_never_holds_more_than_a_minutes_worth():
    clock = Clock()
    budget = Budget("organisation", per_minute=3, clock=clock)
    budget.take("a")
    clock.now += 3600
    assert [budget.take("a").remaining for _ in range(3)] == [2, 1, 0]


def test_the_reset_is_when_the_bucket_is_full_again():
    budget = Budget("organisation", per_minute=60, clock=Clock())
    budget.take("a")
    assert budget.take("a").reset == pytest.approx(2)


def test_a_refusal_takes_nothing():
    clock = Clock()
    budget = Budget("organisation", per_minute=1, clock=clock)
    budget.take("a")
    for _ in range(100):
        used_up(lambda: budget.take("a"))
    clock.now += 60
    budget.take("a")


def test_one_organisation_does_not_pay_for_another():
    limits = Limits(tenant_per_minute=1, key_per_minute=9, clock=Clock())
    limits.take(someone("ekdalen"))
    limits.take(someone("norrskog"))
    assert used_up(lambda: limits.take(someone("ekdalen"))).whose == "organisation"


def test_a_keys_refusal_charges_nobody():
    limits = Limits(tenant_per_minute=3, key_per_minute=1, clock=Clock())
    limits.take(someone(key="k1"))
    for _ in range(5):
        assert used_up(lambda: limits.take(someone(key="k1"))).whose == "key"
    assert limits.take(someone()).remaining == 1


def test_an_organisations_refusal_gives_the_key_its_request_back():
    clock = Clock()
    limits = Limits(tenant_per_minute=1, key_per_minute=2, clock=clock)
    limits.take(someone())
    for _ in range(5):
        assert used_up(lambda: limits.take(someone(key="k1"))).whose == "organisation"
    clock.now += 60
    limits.take(someone(key="k1"))


def test_the_tightest_allowance_is_the_one_that_is_told():
    limits = Limits(tenant_per_minute=100, key_per_minute=5, clock=Clock())
    assert limits.take(someone(key="k1")).limit == 5
    assert limits.take(someone()).limit == 100


def test_names_that_are_full_again_are_forgotten():
    clock = Clock()
    budget = Budget("key", per_minute=2, clock=clock)
    for number in range(4096):
        budget.take(f"k{number}")
    clock.now += 61
    budget.take("one more")
    assert len(budget._buckets) == 1


def test_looking_at_what_is_left_takes_nothing():
    clock = Clock()
    limits = Limits(tenant_per_minute=3, key_per_minute=2, clock=clock)
    here = TenantId("ekdalen")
    assert limits.left_of(here).remaining == 3
    limits.take(someone(key="k1"))
    for _ in range(3):
        assert (limits.left_of(here).remaining, limits.left_of_key("k1").remaining) == (2, 1)
    assert limits.left_of_key("k2").remaining == 2
    assert limits.left_of_key("k1").reset == pytest.approx(30)
    clock.now += 60
    assert (limits.left_of(here).remaining, limits.left_of_key("k1").remaining) == (3, 2)
    assert limits.left_of_key("k1").reset == 0
