"""Asks a model server as any client would; for tests of real engines only."""

import asyncio
import json
import urllib.request

import numpy as np


def _post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


async def post(url, **body):
    return json.loads(await asyncio.to_thread(_post, url, body))


async def stream(url, **body):
    """The streamed events' data, as texts."""
    raw = await asyncio.to_thread(_post, url, body | {"stream": True})
    return [line.removeprefix("data: ") for line in raw.decode().splitlines() if line.startswith("data: ")]


async def get(url):
    with await asyncio.to_thread(urllib.request.urlopen, url, timeout=10) as answer:
        return answer.read().decode()


async def vectors(base, model, texts):
    answer = await post(f"{base}/v1/embeddings", model=model, input=texts)
    return np.array([entry["embedding"] for entry in answer["data"]])


def text_of(events):
    """What a chat stream said, without the final usage and ``[DONE]``."""
    chunks = [json.loads(event) for event in events if event != "[DONE]"]
    choices = [choice for chunk in chunks for choice in chunk["choices"]]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


SWEDISH = [
    "query: hur söker jag bygglov?",
    "passage: Nämnden beslutar om bygglov enligt plan- och bygglagen (2010:900).",
    "query: Ångström, ﬁn text ① och 😀",
    "passage: " + "Kommunen ansvarar för socialtjänsten inom sitt område. " * 8,
]
