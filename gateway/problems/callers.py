"""What callers are told about who they are, and what they may do."""

from typing import Final

from auth import errors as auth
from gateway.problems.entry import AUTHENTICATION, PERMISSION, Entry, broken, invalid

TABLE: Final[dict[type[Exception], Entry]] = {
    auth.Unauthenticated: Entry(
        401,
        "unauthenticated",
        AUTHENTICATION,
        "The credential is missing or not valid ({reason}). "
        "Send 'Authorization: Bearer' with an API key or an access token.",
        "Du är inte inloggad, eller inloggningen gäller inte längre. Logga in igen.",
        ("reason",),
    ),
    auth.IdentityProviderDown: broken(
        503,
        "identity_provider_down",
        "The identity provider does not answer. Try again in a moment.",
        "Inloggningstjänsten svarar inte. Försök igen om en stund.",
    ),
    auth.IdentityProviderRefused: broken(
        502,
        "identity_provider_refused",
        "The identity provider refused what the gateway asked of it. Tell your operator.",
        "Inloggningstjänsten sade nej till det som begärdes. Kontakta driften.",
    ),
    auth.LoginRefused: invalid(
        400,
        "login_refused",
        "The login could not be completed ({reason}). Start again from the first page.",
        "Inloggningen kunde inte slutföras. Börja om från startsidan.",
        "reason",
    ),
    auth.TenancyError: Entry(
        403,
        "no_tenant",
        PERMISSION,
        "The token does not stand for exactly one organisation.",
        "Inloggningen gäller inte för exakt en organisation.",
    ),
    auth.NoTenant: Entry(
        403,
        "no_tenant",
        PERMISSION,
        "The token names no organisation. Ask for the scope '{hint}' when you fetch it.",
        "Inloggningen anger ingen organisation. Kontakta din administratör.",
        ("hint",),
    ),
    auth.SeveralTenants: Entry(
        403,
        "several_tenants",
        PERMISSION,
        "The token names several organisations. Ask for one, for example with the scope '{hint}'.",
        "Inloggningen anger flera organisationer. Välj en av dem och logga in igen.",
        ("hint",),
    ),
    auth.TenantChanged: Entry(
        403,
        "tenant_changed",
        PERMISSION,
        "This organisation was replaced by another of the same name. Tell your operator.",
        "Organisationen har ersatts av en annan med samma namn. Kontakta driften.",
    ),
    auth.SeparatedRoles: Entry(
        403,
        "separated_roles",
        PERMISSION,
        "Nobody may be security officer and administrator of one organisation at once.",
        "Ingen kan vara både granskare och administratör i samma organisation.",
    ),
    auth.Forbidden: Entry(
        403,
        "forbidden",
        PERMISSION,
        "Your role does not allow this ({action}).",
        "Din roll tillåter inte detta.",
        ("action",),
    ),
    auth.KeyNotFound: invalid(404, "not_found", "There is no such key.", "Nyckeln finns inte."),
    auth.KeyFault: invalid(
        400, "bad_key", "The key can't be made like this.", "Nyckeln kan inte skapas så här."
    ),
    auth.KeyNameInvalid: invalid(
        400,
        "bad_key",
        "Give the key a name of 1 to {limit} printable characters.",
        "Ge nyckeln ett namn på 1 till {limit} tecken.",
        "limit",
    ),
    auth.KeyLifetimeInvalid: invalid(
        400,
        "bad_key",
        "A key lives at most {limit_days} days.",
        "En nyckel gäller i högst {limit_days} dagar.",
        "limit_days",
    ),
    auth.ScopesNotHeld: Entry(
        403,
        "scopes_not_held",
        PERMISSION,
        "A key can't be given more than you may do yourself.",
        "En nyckel kan inte få göra mer än du själv får.",
        ("scopes",),
    ),
}
