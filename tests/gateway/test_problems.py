"""What callers are told when something goes wrong: everything is told, and nothing is told too much."""

import json
import os
from pathlib import Path

import pytest

from gateway import problems
from gateway.problems import advice, callers, ledger, models, requests
from tests.gateway.samples import ABSTRACT, CANARY, OURS, TOLD, every_kind

GOLDEN = Path(__file__).parent / "golden" / "problems.jsonl"
ID = "01M80VA06EQNAAF5XD263AG1FW"


def line_of(error):
    """Everything that a caller may be told of this error, as one line."""
    problem = problems.of(error)
    documents = {
        language: json.loads(problems.render_problem(problem, request_id=ID, language=language))
        for language in ("sv", "en")
    }
    told = {
        "error": type(error).__name__,
        "status": problem.status,
        "headers": {name.decode(): value.decode() for name, value in problem.headers()},
        "openai": json.loads(problems.render_openai(problem, request_id=ID)),
        **documents,
    }
    return json.dumps(told, ensure_ascii=False)


def test_every_error_of_every_room_is_decided_on():
    sampled = {type(error) for error in (*TOLD, *OURS)}
    assert every_kind() == sampled | ABSTRACT


def test_every_class_of_the_table_is_sampled():
    assert set(problems.TABLE) <= {type(error) for error in (*TOLD, *OURS)} | ABSTRACT


@pytest.mark.parametrize("error", TOLD, ids=lambda error: type(error).__name__)
def test_what_a_caller_can_bring_about_is_no_internal_error(error):
    problem = problems.of(error)
    assert problem.status != 500
    assert problem.slug != "internal"


@pytest.mark.parametrize("error", OURS, ids=lambda error: type(error).__name__)
def test_what_only_we_can_bring_about_is_a_500(error):
    assert problems.of(error).status == 500


def test_a_log_that_does_not_hold_is_told_as_that():
    for error in OURS:
        if type(error).__name__ in {"LedgerDamaged", "NoteFault", "ProofFault", "TreeFault"}:
            assert problems.of(error).slug == "ledger_damaged"


def test_the_problems_are_the_golden_ones():
    lines = "\n".join(line_of(error) for error in (*TOLD, *OURS, ValueError(CANARY))) + "\n"
    if os.environ.get("VALV_TESTS_WRITE_GOLDEN"):
        GOLDEN.write_text(lines, encoding="utf-8")
    assert lines == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "error", [*TOLD, *OURS, ValueError(CANARY), KeyError(CANARY)], ids=lambda error: type(error).__name__
)
def test_no_text_of_an_exception_leaves(error):
    assert CANARY not in line_of(error)


@pytest.mark.parametrize("error", TOLD, ids=lambda error: type(error).__name__)
def test_titles_are_sentences_in_both_languages(error):
    problem = problems.of(error)
    for language in ("sv", "en"):
        title = problem.title(language)
        assert title.endswith(".")
        assert "{" not in title
        assert "None" not in title
    assert problem.title("sv") != problem.title("en")


def test_the_nearest_class_decides():
    assert problems.of(next(e for e in TOLD if type(e).__name__ == "OperatorInTenant")).slug == "no_tenant"
    assert problems.of(next(e for e in TOLD if type(e).__name__ == "NoModelOfKind")).slug == "model_not_found"


def test_a_wait_is_told_in_whole_seconds_rounded_up():
    limit = next(e for e in TOLD if type(e).__name__ == "LimitReached")
    assert (b"retry-after", b"1") in problems.of(limit).headers()


def test_a_401_asks_for_a_bearer_and_a_405_names_what_is_allowed():
    by_name = {type(error).__name__: problems.of(error).headers() for error in TOLD}
    assert (b"www-authenticate", b"Bearer") in by_name["Unauthenticated"]
    assert (b"allow", b"GET, POST") in by_name["WrongMethod"]


# What no programme meets on `/v1`: it belongs to logins, to the workspace and to the log.
_NOT_OF_V1 = {
    "identity_provider_refused",
    "login_refused",
    "tenant_changed",
    "separated_roles",
    "bad_key",
    "scopes_not_held",
    "prompt_blocked",
    "ledger_damaged",
}


def test_whatever_a_programme_can_meet_is_explained_in_both_languages():
    tables = (callers, ledger, models, requests)
    slugs = {entry.slug for table in tables for entry in table.TABLE.values()} | {problems.INTERNAL.slug}
    told = {language: advice.catalogue(language) for language in ("sv", "en")}
    explained = [each.slug for each in told["sv"]]
    assert slugs - set(explained) == _NOT_OF_V1
    assert len(explained) == len(set(explained))
    for swedish, english in zip(told["sv"], told["en"], strict=True):
        assert (swedish.status, swedish.slug, swedish.message) == (
            english.status,
            english.slug,
            english.message,
        )
        assert swedish.cause.endswith(".")
        assert swedish.cause != english.cause
        assert swedish.fix != english.fix
