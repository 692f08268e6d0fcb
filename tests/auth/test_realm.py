import json
from pathlib import Path

import pytest

from auth.claims import PLATFORM_OPERATOR
from auth.keycloak import OPERATORS
from auth.realm import BlankLeft, overlaid, render
from auth.standin import directory
from auth.standin.admin import OPERATORS as STANDIN_OPERATORS

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "keycloak"
REALM = json.loads((FOLDER / "valv-realm.json").read_text())
OVERLAY = json.loads((FOLDER / "demo-overlay.json").read_text())
CLIENTS = {each["clientId"]: each for each in REALM["clients"]}


def test_every_blank_is_filled():
    realm = {"a": "${VALV_URL}/x", "b": [{"c": "${VALV_SECRET}"}], "d": "${username}"}
    filled = render(realm, secrets={"VALV_SECRET": 'q"\\'}, urls={"VALV_URL": "http://h"})
    assert filled == {"a": "http://h/x", "b": [{"c": 'q"\\'}], "d": "${username}"}


@pytest.mark.parametrize("given", [{}, {"VALV_SECRET": ""}])
def test_a_blank_without_a_value_is_not_let_through(given):
    with pytest.raises(BlankLeft) as fault:
        render({"a": "${VALV_SECRET}"}, secrets=given, urls={})
    assert fault.value.blank == "VALV_SECRET"


def test_an_overlay_adds_to_lists_and_replaces_the_rest():
    assert overlaid({"a": [1], "b": 1, "c": 2}, {"a": [2], "b": 3}) == {"a": [1, 2], "b": 3, "c": 2}


def test_no_secret_stands_in_the_files():
    for client in (*REALM["clients"], *OVERLAY["clients"]):
        assert client.get("secret", "${VALV_").startswith("${VALV_")


def test_passwords_buy_tokens_in_the_demonstration_alone():
    assert [each["clientId"] for each in REALM["clients"] if each["directAccessGrantsEnabled"]] == []
    assert [each["clientId"] for each in OVERLAY["clients"]] == ["valv-demo"]


def test_the_gateway_must_use_pkce_and_is_told_of_logouts():
    attributes = CLIENTS["valv-gateway"]["attributes"]
    assert attributes["pkce.code.challenge.method"] == "S256"
    assert attributes["backchannel.logout.url"].endswith("/auth/backchannel-logout")
    assert CLIENTS["valv-gateway"]["redirectUris"] == ["${VALV_GATEWAY_URL}/auth/callback"]
    assert not any("*" in uri for client in CLIENTS.values() for uri in client.get("redirectUris", ()))


def test_provisioning_has_no_right_to_change_the_realm_or_its_clients():
    for account in REALM["users"]:
        rights = set(account["clientRoles"]["realm-management"])
        assert not rights & {"realm-admin", "manage-realm", "manage-clients", "view-clients", "impersonation"}


def test_what_changes_members_has_the_two_rights_that_keycloak_asks_for_and_no_other():
    rights = {each["serviceAccountClientId"]: each["clientRoles"] for each in REALM["users"]}
    assert rights["valv-members"] == {"realm-management": ["manage-organizations", "manage-users"]}


def test_operators_are_a_group_whose_role_is_our_apis():
    assert REALM["groups"] == [{"name": OPERATORS, "clientRoles": {"valv-api": [PLATFORM_OPERATOR]}}]
    assert STANDIN_OPERATORS == OPERATORS


def test_logins_are_short_and_guessing_is_slow():
    assert REALM["bruteForceProtected"] is True
    assert (REALM["accessTokenLifespan"], REALM["ssoSessionIdleTimeout"]) == (300, 1800)
    assert f"length({directory.PASSWORD_LENGTH})" in REALM["passwordPolicy"]
