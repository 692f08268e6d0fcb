"""The gateway's start in a lab on one machine: database and realm up to date first, then the gateway itself."""

import json
import os
import sys
from pathlib import Path

from auth import demo, realm
from auth.keycloak import as_administrator, as_service
from gateway import schema
from gateway.installation.cluster import prepare_database
from gateway.installation.environment import OWNER, database_url
from gateway.installation.plan import Flavour, Plan, passphrase, secret

REALM = "valv"


def main() -> None:
    """Prepare, then become the gateway (the process stays the one that is supervised)."""
    plan = Plan.read(Path(sys.argv[1]))
    if plan.flavour is Flavour.LAB:
        prepare_database(plan)
        _publish_realm(plan)
    schema.upgrade(database_url(plan, OWNER))
    _provision(plan)
    (plan.data / "gateway.pid").write_text(str(os.getpid()), encoding="utf-8")
    os.execv(sys.executable, [sys.executable, "-m", "gateway.cli", "serve"])  # noqa: S606  no shell


def rendered_realm(plan: Plan) -> realm.Realm:
    """The realm as code, with this lab's addresses and secrets, and the client of the demonstration."""
    folder = plan.root / "deploy" / "keycloak"
    plain = json.loads((folder / "valv-realm.json").read_text(encoding="utf-8"))
    overlay = json.loads((folder / "demo-overlay.json").read_text(encoding="utf-8"))
    return realm.render(
        realm.overlaid(plain, overlay),
        secrets={
            "VALV_GATEWAY_SECRET": secret(plan.keys, "gateway-client"),
            "VALV_CLI_SECRET": secret(plan.keys, "cli-client"),
            "VALV_DEMO_SECRET": secret(plan.keys, "demo-client"),
        },
        urls={"VALV_GATEWAY_URL": plan.url, "VALV_BACKCHANNEL_URL": plan.url},
    )


def _publish_realm(plan: Plan) -> None:
    administrator = as_administrator(
        f"http://127.0.0.1:{plan.ports.identity}",
        realm=REALM,
        username="bootstrap",
        password=secret(plan.keys, "keycloak-bootstrap"),
    )
    administrator.publish_realm(rendered_realm(plan))


def _provision(plan: Plan) -> None:
    """The fictional organisations and people, unless they are there already."""
    people = plan.root / "deploy" / "demo" / "people.json"
    done = plan.data / "provisioned"
    text = people.read_text(encoding="utf-8")
    if done.exists() and done.read_text(encoding="utf-8") == text:
        return
    everyone = demo.read(json.loads(text))
    service = as_service(
        f"http://127.0.0.1:{plan.ports.identity}",
        realm=REALM,
        client="valv-cli",
        secret=secret(plan.keys, "cli-client"),
    )
    password = passphrase(plan.keys, "demo-password")
    demo.provision(service, everyone, passwords=dict.fromkeys(everyone.usernames, password))
    done.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
