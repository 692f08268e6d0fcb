"""The gateway's settings in a lab on one machine, as the environment of its process."""

from collections.abc import Mapping

from gateway.installation.plan import Flavour, Plan, secret

OWNER = "valv"
APPLICATION = "valv_app"
JOBS = "valv_jobs"


def settings(plan: Plan) -> Mapping[str, str]:
    """Every ``VALV_`` variable that this lab's gateway needs."""
    ports, data, keys = plan.ports, plan.data, plan.keys
    (
        secret(keys, "session"),
        secret(keys, "gateway-client"),
        secret(keys, "cli-client"),
        secret(keys, "members-client"),
    )
    found = {
        "VALV_EVALUATION": "true",
        "VALV_PORT": str(ports.gateway),
        "VALV_METRICS_PORT": str(ports.metrics),
        "VALV_PUBLIC_URL": plan.url,
        "VALV_DATA": str(data),
        "VALV_DATABASE_URL": database_url(plan, APPLICATION),
        "VALV_SESSION_KEY_FILE": str(keys / "session"),
        "VALV_MODELS": str(plan.models),
        "VALV_IDENTITY__ISSUER": plan.issuer,
        "VALV_IDENTITY__CLIENT_SECRET_FILE": str(keys / "gateway-client"),
        "VALV_IDENTITY__ADMIN_CLIENT_SECRET_FILE": str(keys / "cli-client"),
        "VALV_IDENTITY__MEMBERS_CLIENT_SECRET_FILE": str(keys / "members-client"),
        "VALV_AUDIT__FOLDER": str(data / "ledger"),
        "VALV_AUDIT__KEYS": str(keys / "ledger"),
    }
    if plan.installed.web is not None:
        found["VALV_WEB"] = str(plan.installed.web)
    if plan.flavour is Flavour.EMBEDDED:
        return found | {"VALV_VECTORS__FOLDER": str(data / "chroma")}
    return found | {
        "VALV_VECTORS__SERVER": f"http://127.0.0.1:{ports.vectors}",
        "VALV_JOBS_URL": database_url(plan, APPLICATION, JOBS),
    }


def database_url(plan: Plan, role: str, database: str = "valv") -> str:
    """The relational state as that role sees it; embedded, there is one file and no roles."""
    if plan.flavour is Flavour.EMBEDDED:
        return f"sqlite:///{plan.data / 'valv.db'}"
    password = secret(plan.keys, f"database-{role}")
    return f"postgresql://{role}:{password}@127.0.0.1:{plan.ports.database}/{database}"
