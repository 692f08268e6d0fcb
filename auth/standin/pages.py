"""The pages that a person sees: plain forms, in Swedish, without script."""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from typing import Final
from urllib.parse import urlsplit

from auth.standin.directory import Organisation
from auth.standin.wire import Answer

_STYLE: Final = """
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
body { margin: 0; display: grid; justify-items: center; padding: 1rem; }
main { width: 100%; max-width: 26rem; }
h1 { font-size: 1.5rem; margin: 1rem 0; }
.note { border-left: .25rem solid #b45309; padding: .25rem .75rem; }
.fault { border-left: .25rem solid #b91c1c; padding: .25rem .75rem; }
label { display: block; font-weight: 600; margin-top: 1rem; }
input, button { box-sizing: border-box; width: 100%; min-height: 2.75rem; font: inherit; padding: .5rem; }
input { border: 1px solid #6b7280; border-radius: .25rem; }
button { margin-top: 1rem; border: 0; border-radius: .25rem; background: #1e3a5f; color: #fff; }
:focus-visible { outline: .1875rem solid #2563eb; outline-offset: .125rem; }
"""

_NOTE: Final = (
    "<p class='note'>Det här är en enkel inloggning för utvärdering på den egna datorn. "
    "I drift loggar man in i Keycloak.</p>"
)


def login_page(action: str, *, back_to: str, username: str = "", failed: str = "") -> Answer:
    """Asks for e-mail address and password; ``failed`` is said above the fields."""
    fault = f"<p class='fault' role='alert' id='fault'>{escape(failed)}</p>" if failed else ""
    described = "aria-describedby='fault' aria-invalid='true'" if failed else ""
    form = f"""
{fault}
<form method="post" action="{escape(action)}">
<label for="username">E-postadress</label>
<input id="username" name="username" type="text" inputmode="email" autocomplete="username"
 autocapitalize="none" spellcheck="false" required autofocus value="{escape(username)}" {described}>
<label for="password">Lösenord</label>
<input id="password" name="password" type="password" autocomplete="current-password" required {described}>
<button type="submit">Logga in</button>
</form>"""
    return _page("Logga in i Valv", form, back_to=back_to)


def choice_page(action: str, organisations: Iterable[Organisation], *, back_to: str) -> Answer:
    """Asks a person of several organisations for which one they act."""
    buttons = "".join(
        f'<button type="submit" name="kc.org" value="{escape(each.alias)}">{escape(each.name)}</button>'
        for each in organisations
    )
    form = f'<form method="post" action="{escape(action)}">{buttons}</form>'
    return _page(
        "Välj organisation", f"<p>Du är med i flera. Vilken arbetar du för nu?</p>{form}", back_to=back_to
    )


def logout_page(action: str, *, back_to: str) -> Answer:
    """Asks whether to log out, where it isn't certain that the person meant it."""
    form = f"""<p>Vill du logga ut?</p>
<form method="post" action="{escape(action)}"><button type="submit">Logga ut</button></form>"""
    return _page("Logga ut", form, back_to=back_to)


def told_page(title: str, text: str, status: int = 200) -> Answer:
    """Says one thing."""
    return _page(title, f"<p>{escape(text)}</p>", back_to="", status=status)


def _page(title: str, content: str, *, back_to: str, status: int = 200) -> Answer:
    html = (
        f'<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{_NOTE}{content}</main></body></html>"
    )
    headers = (
        ("content-type", "text/html; charset=utf-8"),
        ("content-security-policy", _policy(back_to)),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    )
    return Answer(status, html.encode(), headers)


def _policy(back_to: str) -> str:
    place = urlsplit(back_to)
    # Browsers apply form-action also to where the form's answer redirects: back to the gateway.
    origin = f" {place.scheme}://{place.netloc}" if place.netloc else ""
    style = b64encode(sha256(_STYLE.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; form-action 'self'{origin}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
