"""The gateway's start in a lab on one machine: database and realm up to date first, then the gateway itself."""

import hashlib
import json
import os
import sys
from pathlib import Path

from gateway.installation.plan import Flavour, Plan

REALM = "valv"


def main() -> None:
    """Prepare, then become the gateway (the process stays the one that is supervised)."""
    plan = Plan.read(Path(sys.argv[1]))
    if not _is_prepared(plan):
        _prepare(plan)
    _leave_number(plan.data / "gateway.pid")
    os.execv(sys.executable, [sys.executable, "-m", "gateway.cli", "serve"])  # noqa: S606  no shell


def _leave_number(file: Path) -> None:
    """Whole or not there: who watches for a restart reads it at any moment."""
    written = file.with_suffix(".new")
    written.write_text(str(os.getpid()), encoding="utf-8")
    written.replace(file)


def _is_prepared(plan: Plan) -> bool:
    """Whether an earlier start did all there is to do: what does it takes seconds to be read in."""
    stamp, database = _stamp(plan), plan.data / "valv.db"
    embedded = plan.flavour is Flavour.EMBEDDED and database.exists()
    return embedded and stamp.exists() and stamp.read_text(encoding="utf-8") == _fingerprint(plan)


def _prepare(plan: Plan) -> None:
    from gateway import schema
    from gateway.installation.environment import OWNER, database_url

    if plan.flavour is Flavour.LAB:
        from gateway.installation.cluster import prepare_database

        prepare_database(plan)
        _publish_realm(plan)
    schema.upgrade(database_url(plan, OWNER))
    _provision(plan)
    _stamp(plan).write_text(_fingerprint(plan), encoding="utf-8")


def _stamp(plan: Plan) -> Path:
    return plan.data / "prepared"


def _fingerprint(plan: Plan) -> str:
    """Of what a start brings about: the schema's migrations, the organisations and people."""
    migrations = sorted((plan.root / "gateway" / "migrations" / "versions").glob("*.py"))
    whole = hashlib.sha256()
    for file in (*migrations, _people(plan)):
        whole.update(file.read_bytes())
    return whole.hexdigest()


def _people(plan: Plan) -> Path:
    return plan.root / "deploy" / "demo" / "people.json"


def _publish_realm(plan: Plan) -> None:
    from auth.keycloak import as_administrator
    from gateway.installation.plan import secret
    from gateway.installation.realm import rendered_realm

    administrator = as_administrator(
        f"http://127.0.0.1:{plan.ports.identity}",
        realm=REALM,
        username="bootstrap",
        password=secret(plan.keys, "keycloak-bootstrap"),
    )
    administrator.publish_realm(rendered_realm(plan))


def _provision(plan: Plan) -> None:
    """The fictional organisations and people, unless they are there already."""
    from auth import demo
    from auth.keycloak import as_service
    from gateway.installation.plan import passphrase, secret

    done = plan.data / "provisioned"
    text = _people(plan).read_text(encoding="utf-8")
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
