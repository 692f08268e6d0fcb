"""Every kind of event that can be on record is explained to the officer, in both languages."""

import json

import pytest

from audit.records import EventType, Status
from auth.errors import LoginFault, Reason
from auth.identity import Role
from gateway import problems
from gateway.problems import models
from tests.web.built import WEB


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_event_outcome_and_role_has_its_words(language: str) -> None:
    words = json.loads((WEB / "src" / "i18n" / language / "audit.json").read_text("utf-8"))["audit"]
    explained = {name for name, said in words["types"].items() if said["name"] and said["what"]}
    assert explained == {each.value.replace(".", "_") for each in EventType}
    assert set(words["outcomes"]) == set(Status)
    assert set(words["roles"]) >= set(Role)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_why_someone_or_a_model_refused_has_its_words_and_no_words_are_for_nothing(language: str) -> None:
    words = json.loads((WEB / "src" / "i18n" / language / "audit.json").read_text("utf-8"))["audit"][
        "reasons"
    ]
    refused = {*Reason, *LoginFault}
    assert set(words) >= refused | {entry.slug for entry in models.TABLE.values()}
    assert set(words) <= refused | {entry.slug for entry in problems.TABLE.values()}
