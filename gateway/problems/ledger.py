"""What callers are told about the audit ledger."""

from typing import Final

from audit import errors as audit
from gateway.problems.entry import Entry, broken, invalid

_DAMAGED = broken(
    500,
    "ledger_damaged",
    "The audit ledger does not hold where it was read. Verify it, and tell your operator.",
    "Revisionsloggen stämmer inte där den lästes. Kontrollera den och kontakta driften.",
)

TABLE: Final[dict[type[Exception], Entry]] = {
    audit.LedgerUnavailable: broken(
        503,
        "audit_unavailable",
        "The audit ledger can't record this call ({reason}), so it was not made. Tell your operator.",
        "Revisionsloggen kan inte anteckna just nu, så frågan skickades inte vidare. Kontakta driften.",
        "reason",
    ),
    audit.FilterRefused: invalid(
        400,
        "bad_value",
        "The search field '{field}' can't be understood; times are such as 2026-11-22T08:00:00Z.",
        "Sökfältet {field} går inte att förstå.",
        "field",
    ),
    audit.RecordNotFound: invalid(404, "not_found", "There is no such record.", "Posten finns inte."),
    audit.LedgerDamaged: broken(
        500,
        "ledger_damaged",
        "The audit ledger contradicts itself at {where}. Verify it, and tell your operator.",
        "Revisionsloggen stämmer inte med sig själv vid {where}. Kontrollera den och kontakta driften.",
        "where",
    ),
    audit.NoteFault: _DAMAGED,
    audit.ProofFault: _DAMAGED,
    audit.TreeFault: _DAMAGED,
}
