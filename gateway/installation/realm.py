"""The realm of a lab on one machine: the realm as code, with this lab's addresses and secrets."""

import json

from auth import realm
from gateway.installation.plan import Plan, secret


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
            "VALV_MEMBERS_SECRET": secret(plan.keys, "members-client"),
            "VALV_DEMO_SECRET": secret(plan.keys, "demo-client"),
        },
        urls={"VALV_GATEWAY_URL": plan.url, "VALV_BACKCHANNEL_URL": plan.url},
    )
