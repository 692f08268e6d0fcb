"""Personal identity numbers are seen in every way they are written, and other numbers are let be."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.guard import Finding, look

# Threads of the house that other tests have opened draw random numbers meanwhile.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")

PERSON = (Finding("personnummer", 1),)
COORDINATION = (Finding("samordningsnummer", 1),)

# Skatteverket's own numbers for tests.
KNOWN = "8112189876"


def check_digit(nine):
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(nine))
    return str(-total % 10)


def number_of(day, serial, *, added=0):
    nine = f"{day:%y%m}{day.day + added:02}{serial:03}"
    return nine + check_digit(nine)


births = st.dates(min_value=date(1925, 1, 1), max_value=date(2024, 12, 31))
serials = st.integers(min_value=0, max_value=999)
marks = st.sampled_from(["", "-", " "])


@pytest.mark.parametrize(
    "text",
    [
        "8112189876",
        "811218-9876",
        "811218 9876",
        "19811218-9876",
        "198112189876",
        "811218+9876",
        "född 811218-9876.",
        "(811218-9876)",
        "pnr:8112189876,",
    ],
)
def test_a_number_is_seen_in_every_way_it_is_written(text):
    assert look([text]) == PERSON


def test_a_coordination_number_has_sixty_added_to_the_day():
    assert look(["701063-2391"]) == COORDINATION
    assert look(["19701063-2391"]) == COORDINATION


def test_numbers_are_counted_over_all_texts():
    assert look(["811218-9876 och 8112189876", "", "igen 19811218-9876"]) == (Finding("personnummer", 3),)


def test_both_kinds_are_told_apart():
    found = look([f"811218-9876 {number_of(date(1970, 10, 3), 239, added=60)}"])
    assert found == (Finding("personnummer", 1), Finding("samordningsnummer", 1))


@given(births, serials, marks, st.booleans())
def test_every_genuine_number_is_seen(day, serial, mark, long):
    ten = number_of(day, serial)
    century = f"{day.year // 100}" if long else ""
    assert look([f"Ärendet gäller {century}{ten[:6]}{mark}{ten[6:]}, se bilaga."]) == PERSON


@given(births, serials, st.booleans())
def test_every_genuine_coordination_number_is_seen(day, serial, long):
    ten = number_of(day, serial, added=60)
    century = f"{day.year // 100}" if long else ""
    assert look([f"{century}{ten[:6]}-{ten[6:]}"]) == COORDINATION


@given(births, serials, marks, st.integers(min_value=1, max_value=9))
def test_a_wrong_check_digit_makes_it_another_number(day, serial, mark, off):
    ten = number_of(day, serial)
    wrong = ten[:9] + str((int(ten[9]) + off) % 10)
    assert look([f"{wrong[:6]}{mark}{wrong[6:]}"]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "ring 070-174 06 05",
        "0701740605",
        "+46 8 123 456 78",
        "organisationsnummer 556036-0793",
        "dnr KS 2024/00123-4567",
        "2024-00123",
        "bankgiro 5050-1055",
        "4111 1111 1111 1111",
        "811318-9876",
        "810231-9876",
        "811299-9876",
        "12811218987634",
        "ärende 1-811218-9876",
        "SFS 2018:218, artikel 9.2",
        "",
    ],
)
def test_other_numbers_are_let_be(text):
    assert look([text]) == ()


@given(st.lists(st.text(max_size=60), max_size=4))
def test_no_text_is_too_strange_to_be_looked_at(texts):
    for found in look(texts):
        assert found.kind in {"personnummer", "samordningsnummer"}
        assert found.count > 0
