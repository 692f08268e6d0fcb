"""A person in their conversations: begins, asks, follows, reads."""

import contextlib
import json
from dataclasses import dataclass, replace
from typing import Any

import httpx

from tests.gateway.people import HERE
from tests.gateway.serving import client

ROOT = "/api/conversations"


@dataclass(frozen=True)
class Event:
    """One server-sent event."""

    id: str
    name: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Talk:
    """One conversation, in the hands of one person."""

    http: httpx.AsyncClient
    id: str

    @property
    def path(self):
        return f"{ROOT}/{self.id}"

    async def post(self, text, parent=None, **choices):
        return await self.http.post(f"{self.path}/messages", json={"text": text, "parent": parent} | choices)

    async def ask(self, text, parent=None, **choices):
        """A question that is taken: the ids of question, answer and call."""
        answer = await self.post(text, parent, **choices)
        assert answer.status_code == 202, answer.text
        return answer.json()

    async def say(self, text, parent=None, **choices):
        """Ask, and wait for the answer: its id."""
        begun = await self.ask(text, parent, **choices)
        assert (await self.events(begun["answer"]))[-1].name == "done"
        return begun["answer"]

    async def again(self, question, **choices):
        answer = await self.http.post(f"{self.path}/messages/{question}/answers", json=choices)
        assert answer.status_code == 202, answer.text
        return answer.json()

    async def events(self, answer, after=None, **headers):
        """All events past a place, to the end of the stream."""
        params = {} if after is None else {"after": after}
        path = f"{self.path}/messages/{answer}/events"
        streamed = await self.http.get(path, params=params, headers=headers)
        assert streamed.status_code == 200, streamed.text
        assert streamed.headers["content-type"].startswith("text/event-stream")
        return read(streamed.text)

    @contextlib.asynccontextmanager
    async def following(self, answer, after=None):
        """The events as they come; leaving hangs up."""
        params = {} if after is None else {"after": after}
        path = f"{self.path}/messages/{answer}/events"
        async with self.http.stream("GET", path, params=params) as streamed:
            assert streamed.status_code == 200
            yield _as_they_come(streamed)

    async def stop(self, answer):
        return await self.http.post(f"{self.path}/messages/{answer}/stop")

    async def tree(self):
        answer = await self.http.get(self.path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def message(self, wanted):
        return next(each for each in (await self.tree())["messages"] if each["id"] == wanted)

    def at(self, http):
        return replace(self, http=http)


async def _as_they_come(streamed):
    kept = ""
    async for text in streamed.aiter_text():
        kept += text
        while "\n\n" in kept:
            block, _, kept = kept.partition("\n\n")
            for event in read(block + "\n\n"):
                yield event


def read(text):
    """The events of a stream; comments are none."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if line and line[0] != ":")
        if fields:
            found.append(Event(fields["id"], fields["event"], json.loads(fields["data"])))
    return found


def text_of(events):
    return "".join(event.data["text"] for event in events if event.name == "delta")


async def until(events, count):
    """So many events as they come."""
    found = []
    async for event in events:
        found.append(event)
        if len(found) == count:
            break
    return found


@contextlib.asynccontextmanager
async def talking(house, role="employee", tenant=HERE, url=None, **choices):
    """A new conversation of that person's; by itself the model ``skrivare`` answers without documents."""
    choices = {"model": "skrivare", "collections": []} | choices
    async with client(url or house.url, await house.people.token(role, tenant)) as http:
        made = await http.post(ROOT, json=choices)
        assert made.status_code == 201, made.text
        yield Talk(http, made.json()["id"])
