import re

import pytest

from auth import policy
from auth.errors import Forbidden
from auth.identity import Method, Operator, Principal, Role, TenantId
from auth.policy import ALLOWED, KEY_SCOPES, OPERATOR_ALLOWED, Action, KeyHolder, granted, require

TENANT = TenantId("ekdalen")


def who(*roles, method=Method.SESSION):
    return Principal("s", TENANT, frozenset(roles), method)


def bearer(*roles, scopes=KEY_SCOPES):
    return KeyHolder("s", TENANT, frozenset(roles), Method.API_KEY, scopes=frozenset(scopes))


def test_every_action_follows_the_grammar_and_its_name_says_its_value():
    for action in Action:
        assert re.fullmatch(r"[a-z]+:[a-z]+", action)
        assert action.name == action.value.replace(":", "_").upper()


def test_the_actions_stand_in_alphabetical_order():
    assert list(Action) == sorted(Action)


def test_every_role_has_a_row_and_every_action_someone_who_may_do_it():
    assert set(ALLOWED) == set(Role)
    assert frozenset().union(*ALLOWED.values(), OPERATOR_ALLOWED) == frozenset(Action)


def test_an_employee_asks_and_cannot_read_the_log():
    require(who(Role.EMPLOYEE), Action.CHAT_ASK)
    with pytest.raises(Forbidden) as refused:
        require(who(Role.EMPLOYEE), Action.AUDIT_SEARCH)
    assert refused.value.action == "audit:search"


def test_an_officer_reads_the_log_and_cannot_ask_or_read_documents():
    officer = granted(who(Role.SECURITY_OFFICER))
    assert {Action.AUDIT_SEARCH, Action.AUDIT_VIEW, Action.AUDIT_VERIFY, Action.AUDIT_EXPORT} <= officer
    assert not {Action.CHAT_ASK, Action.DOCUMENT_READ} & officer


def test_only_officers_reach_the_log():
    for role in set(Role) - {Role.SECURITY_OFFICER}:
        assert not any(action.startswith("audit:") for action in ALLOWED[role])


def test_only_prototypers_make_keys():
    assert [role for role in Role if Action.KEY_CREATE in ALLOWED[role]] == [Role.PROTOTYPER]


def test_roles_add_up():
    both = granted(who(Role.EMPLOYEE, Role.SECURITY_OFFICER))
    assert both == ALLOWED[Role.EMPLOYEE] | ALLOWED[Role.SECURITY_OFFICER]


def test_officer_and_administrator_in_one_person_have_the_powers_of_neither():
    both = granted(who(Role.SECURITY_OFFICER, Role.TENANT_ADMIN))
    assert both == frozenset()
    assert granted(who(Role.SECURITY_OFFICER, Role.TENANT_ADMIN, Role.EMPLOYEE)) == ALLOWED[Role.EMPLOYEE]


def test_someone_without_a_role_may_do_nothing():
    assert granted(who()) == frozenset()


def test_an_operator_may_do_nothing_with_the_content_of_an_organisation():
    operator = Operator("s", Method.SESSION)
    require(operator, Action.TENANT_LIST)
    for action in frozenset().union(*ALLOWED.values()) - {Action.SESSION_READ}:
        with pytest.raises(Forbidden):
            require(operator, action)


def test_nobody_of_an_organisation_may_do_what_an_operator_does():
    operators = OPERATOR_ALLOWED - {Action.SESSION_READ}
    assert not operators & frozenset().union(*ALLOWED.values())


def test_only_administrators_change_members_and_what_is_told_to_all():
    for action in (Action.MEMBER_WRITE, Action.BANNER_WRITE):
        assert [role for role in Role if action in ALLOWED[role]] == [Role.TENANT_ADMIN]
    assert Action.MEMBER_WRITE not in KEY_SCOPES


def test_a_key_does_no_more_than_its_scopes():
    require(bearer(Role.PROTOTYPER, scopes={Action.CHAT_ASK}), Action.CHAT_ASK)
    with pytest.raises(Forbidden):
        require(bearer(Role.PROTOTYPER, scopes={Action.CHAT_ASK}), Action.EMBEDDING_CREATE)


def test_a_key_does_no_more_than_its_owners_roles():
    with pytest.raises(Forbidden):
        require(bearer(Role.EMPLOYEE), Action.EMBEDDING_CREATE)


def test_no_key_manages_keys_or_reads_the_log_whatever_its_scopes_say():
    everything = bearer(*Role, scopes=Action)
    assert granted(everything) <= KEY_SCOPES
    assert granted(bearer(Role.PROTOTYPER, scopes=Action)) == KEY_SCOPES


def test_a_principal_that_says_api_key_but_carries_no_scopes_may_do_nothing():
    assert granted(who(Role.PROTOTYPER, method=Method.API_KEY)) == frozenset()


def test_the_version_is_a_digest_that_changes_with_the_table(monkeypatch):
    before = policy.version()
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", before)
    assert policy.version() == before
    monkeypatch.setattr(policy, "OPERATOR_ALLOWED", OPERATOR_ALLOWED | {Action.CHAT_ASK})
    assert policy.version() != before


def test_the_table_cannot_be_changed_while_running():
    with pytest.raises(TypeError):
        ALLOWED[Role.EMPLOYEE] = frozenset(Action)
