"""A person at a browser, by script: fills in whatever form the login page shows."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "form":
            self.forms.append(Form(said.get("action") or ""))
        name, value = said.get("name"), said.get("value") or ""
        if tag in {"input", "button"} and name and self.forms:
            form = self.forms[-1]
            form.fields.setdefault(name, value)
            form.choices.setdefault(name, []).append(value)


class LoginFailed(Exception):
    """The page shows the same form again, or none."""


class Person:
    """Their own browser, with its cookies (Keycloak's are Secure, also over http on loopback)."""

    def __init__(self, username: str, password: str) -> None:
        self.username = username
        self.password = password
        self.http = httpx.AsyncClient(timeout=60, verify=False)
        self.pages: list[str] = []
        self._cookies: dict[str, str] = {}

    async def visit(self, url: str, *, back_to: str, organisation: str = "") -> dict[str, str]:
        """Go there, log in where asked, and return the query with which the site is reached again."""
        answer = await self._ask("GET", url)
        for _ in range(6):
            while answer.is_redirect:
                place = urljoin(str(answer.url), answer.headers["location"])
                if place.startswith(back_to):
                    return dict(parse_qsl(urlsplit(place).query))
                answer = await self._ask("GET", place)
            self.pages.append(answer.text)
            answer = await self._submit(answer, organisation)
        raise LoginFailed(self.pages[-1])

    async def _submit(self, answer: httpx.Response, organisation: str) -> httpx.Response:
        forms = _Forms()
        forms.feed(answer.text)
        asked = [form for form in forms.forms if {"username", "password", "kc.org"} & set(form.fields)]
        if not asked:
            raise LoginFailed(answer.text)
        form = asked[0]
        known = {"username": self.username, "password": self.password, "kc.org": organisation}
        said = {name: known.get(name, value) for name, value in form.fields.items()}
        return await self._ask("POST", urljoin(str(answer.url), form.action), said)

    async def _ask(self, method: str, url: str, form: dict[str, str] | None = None) -> httpx.Response:
        said = {"cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        answer = await self.http.request(method, url, data=form, headers=said)
        self.http.cookies.clear()
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
                if morsel["max-age"] == "0" or not morsel.value:
                    del self._cookies[name]
        return answer

    async def close(self) -> None:
        await self.http.aclose()
