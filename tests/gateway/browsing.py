"""A browser at the gateway, by script: it keeps the cookies by hand, also Secure ones on plain loopback."""

from http.cookies import SimpleCookie

from tests.auth.person import Person
from tests.auth.providers import password_of
from tests.gateway.serving import client


class Browser:
    """``cookies`` as the gateway set them; ``person`` is who sits at it, with a login at the provider."""

    def __init__(self, url, person):
        self.url = url
        self.person = person
        self.http = client(url)
        self.cookies = {}
        self.said = {}
        self.landed = ""

    async def get(self, path, **more):
        return await self._ask("GET", path, **more)

    async def post(self, path, *, csrf=None, **more):
        headers = {} if csrf is None else {"x-valv-csrf": csrf}
        return await self._ask("POST", path, headers=headers, **more)

    async def log_in(self, organisation="", **query):
        """Through the provider's login page and back; the answer that brings the session.

        ``landed`` is where the browser is in the end.
        """
        departure = await self.get("/auth/login", params=query)
        assert departure.status_code == 302, departure.text
        back = f"{self.url}/auth/callback"
        said = await self.person.visit(departure.headers["location"], back_to=back, organisation=organisation)
        answer = await self.get("/auth/callback", params=said)
        await self.follow(answer)
        return answer

    async def follow(self, answer):
        """On to where a login leads in the end, past the provider, which shows nothing."""
        self.landed = answer.headers.get("location", "")
        if "/protocol/openid-connect/auth" in self.landed:
            seen = len(self.person.pages)
            said = await self.person.visit(self.landed, back_to=f"{self.url}/auth/callback")
            assert len(self.person.pages) == seen
            await self.follow(await self.get("/auth/callback", params=said))

    async def csrf(self):
        return (await self.get("/api/me")).json()["csrf"]

    async def close(self):
        await self.http.aclose()

    async def _ask(self, method, path, headers=(), **more):
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = await self.http.request(method, path, headers={"cookie": sent, **dict(headers)}, **more)
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.said[name] = morsel
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0" or not morsel.value:
                    del self.cookies[name]
        self.http.cookies.clear()
        return answer


def person(username):
    return Person(username, password_of(username))
