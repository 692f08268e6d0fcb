"""The real gateway for tests in the browser: tests/gateway's house, on a loop of its own in a thread of its own.

Playwright's plain functions block the test's thread, so the gateway, the model servers and the stand-in for Keycloak
live in another. What a test wants of them it asks a ``WebHouse`` for, which waits until it is done:

    house.writes("Hej", " på dig", gap=0.05)     # what the model server streams from now on
    made = house.collection("Styrdokument")      # seeded as the employee, through the API
    house.document(made, "policy.txt", "Distansarbete …")
    watch = visit("/dokument", role="employee")
    assert house.records(type="call.intent", actor=…)
"""

import asyncio
import contextlib
import threading
import time

import httpx

from tests.gateway.fakes import says
from tests.gateway.house import house_in
from tests.gateway.people import HERE, IN_TWO, OPERATOR, claims_of, username
from tests.inference.upstream import chat_stream, cut, events_then, hang, piece, refusal

# Any number that a person at a browser could reach.
_ROOMY = {"VALV_LIMITS__BODY_BYTES": "1000000", "VALV_LIMITS__UPLOAD_BYTES": "20000000"}
_PATIENCE = 60


@contextlib.contextmanager
def opened_house(folder, dist, **told):
    """A gateway that serves ``dist``; closed with everything in it at the end."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="house")
    thread.start()
    leave, ready = asyncio.Event(), loop.create_future()
    holding = asyncio.run_coroutine_threadsafe(
        _held(folder, {**_ROOMY, "VALV_WEB": str(dist), **told}, ready, leave), loop
    )
    try:
        yield WebHouse(asyncio.run_coroutine_threadsafe(_soon(ready, holding), loop).result(120), loop)
    finally:
        loop.call_soon_threadsafe(leave.set)
        holding.result(60)
        asyncio.run_coroutine_threadsafe(loop.shutdown_default_executor(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _held(folder, told, ready, leave):
    async with house_in(folder, **told) as house:
        ready.set_result(house)
        await leave.wait()


async def _soon(ready, holding):
    """The house; or what kept it from opening."""
    while not ready.done():
        if holding.done():
            holding.result()
        await asyncio.sleep(0.01)
    return ready.result()


class WebHouse:
    """A handle on the running house for a test's own thread. ``inner`` is the house itself, of the other loop."""

    def __init__(self, inner, loop):
        self.inner = inner
        self._loop = loop

    @property
    def url(self):
        """Where the page is."""
        return self.inner.url

    @property
    def provider(self):
        """The origin of the login pages."""
        return str(self.inner.settings.identity.issuer).split("/realms/", maxsplit=1)[0]

    def run(self, work):
        """Wait for a coroutine of the gateway's loop: ``house.run(house.inner.lab.keys.of(…).create(…))``."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE)

    # What the model server says.

    def writes(self, *pieces, gap=0.0, finish="stop"):
        """From now on an answer is these pieces, each after ``gap`` seconds."""
        script = chat_stream(*pieces, gap=gap, finish=finish) if gap else says(*pieces, finish=finish)
        self._scripted(script)

    def hangs(self, *pieces):
        """From now on an answer is these pieces, and then nothing more until the gateway leaves."""
        self._scripted(events_then(hang, piece("", role="assistant"), *map(piece, pieces)))

    def breaks(self, *pieces):
        """From now on an answer is these pieces, and then the connection is cut."""
        self._scripted(events_then(cut, piece("", role="assistant"), *map(piece, pieces)))

    def refuses(self, status=500):
        """From now on the model server answers with an error."""
        self._scripted(refusal(status))

    def quiet(self):
        """Back to «Hej» at once; what was asked is forgotten."""
        self._do(self.inner.quiet)

    @property
    def asked(self):
        """The bodies of what the model server was asked, oldest first."""
        return [each.json for each in self.inner.chat.asked if each.path.startswith("/v1/")]

    def until_left(self, count=1, within=10.0):
        """Wait until the gateway has left so many answers before their end."""
        self.until(lambda: self.inner.chat.left >= count, within)

    def until(self, seen, within=10.0, every=0.02):
        """Wait until something has been seen, looking ``every`` so many seconds, and return it."""
        end = time.monotonic() + within
        while not (found := seen()):
            assert time.monotonic() < end, f"not seen within {within} s"
            time.sleep(every)
        return found

    # What is there, made by people of the lab through the API.

    def api(self, role="employee", tenant=HERE):
        """An HTTP client with that person's access token; used in a ``with``. The operator has no tenant."""
        scope = "openid" if role == "operator" else f"openid organization:{tenant}"
        token = self.run(self.inner.people.token_of(login_name(role, tenant), scope))
        headers = {"authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=_PATIENCE, trust_env=False)

    def made(self, path, body, role="employee", tenant=HERE):
        """What a POST as that person brings."""
        with self.api(role, tenant) as http:
            answer = http.post(path, json=body)
            assert answer.is_success, answer.text
            return answer.json()

    def collection(self, name, tenant=HERE):
        """The id of a new collection."""
        return self.made("/api/collections", {"name": name}, tenant=tenant)["id"]

    def document(self, collection, name, content, tenant=HERE):
        """The id of a new document (``content``: bytes or text), as soon as it is ready, or has failed."""
        content = content.encode() if isinstance(content, str) else content
        return self.run(self.inner.document(collection, name, content, tenant))

    def conversation(self, *questions, role="employee", tenant=HERE, end="done", **choices):
        """The id of a new conversation with these questions, each answered to an ``end``: ``done``, or ``error``."""
        begun = self.made(
            "/api/conversations", {"model": "skrivare", "collections": []} | choices, role, tenant
        )
        path, parent = f"/api/conversations/{begun['id']}/messages", None
        with self.api(role, tenant) as http:
            for question in questions:
                asked = http.post(path, json={"text": question, "parent": parent})
                assert asked.status_code == 202, asked.text
                parent = asked.json()["answer"]
                assert f"event: {end}" in http.get(f"{path}/{parent}/events").text
        return begun["id"]

    def forget_conversations(self, role="employee", tenant=HERE):
        """That person has none, and no draft."""
        with self.api(role, tenant) as http:
            assert http.delete("/api/conversations").is_success

    def key(self, tenant=HERE, **choices):
        """The secret of a new API key of a prototyper."""
        return self.run(self.inner.key(tenant, **choices))

    # What has happened.

    def records(self, tenant=HERE, **wanted):
        """The records of that organisation's log (``None``: the installation's) that fit, oldest first.

        ``wanted`` as in ``audit.index.Filter``: ``type``, ``actor``, ``action``, ``outcome``, ``call``…
        """
        return self.run(self.inner.records(tenant, **wanted))

    def end_sessions(self, role="employee", tenant=HERE):
        """That person's sessions end at the gateway, as when their time is up; no browser is told."""
        token = self.run(
            self.inner.people.token_of(login_name(role, tenant), f"openid organization:{tenant}")
        )
        sessions = self.inner.lab.sign_in._sessions
        return self.run(sessions.close_all(subject=claims_of(token)["sub"]))

    def knows(self, session):
        """Whether a session's cookie is still good."""
        sent = {"cookie": f"__Host-valv={session}"}
        return httpx.get(f"{self.url}/api/me", headers=sent, trust_env=False).status_code == 200

    def _scripted(self, script):
        self._do(lambda: [self.inner.chat.answer(path, script) for path in ("*", "/v1/chat/completions")])

    def _do(self, action):
        async def done():
            return action()

        return self.run(done())


def login_name(role, tenant=HERE):
    """Who logs in: a role of an organisation, the ``operator``, or someone ``in_two`` organisations."""
    return {"operator": OPERATOR, "in_two": IN_TWO}.get(role) or username(role, tenant)
