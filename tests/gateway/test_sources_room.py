"""How many sources a question takes with it: as many as fit by the model's own count of tokens."""

import pytest

from tests.gateway.routes import CHAT
from tests.inference.upstream import answer, hang

pytestmark = pytest.mark.anyio

PATH = "/v1/chat/completions"


async def grounded(house, things):
    """The answer's annotations, and the messages that the model was sent."""
    messages = [{"role": "user", "content": "Vad gäller om distansarbete?"}]
    body = {**CHAT, "collections": [things.collection], "messages": messages}
    async with await house.programme() as programme:
        told = await programme.post(PATH, json=body)
    (sent,) = [each.json["messages"] for each in house.chat.asked if each.path == PATH]
    return told.json()["choices"][0]["message"]["annotations"], sent


async def test_a_tokenizer_that_cuts_fine_leaves_room_for_fewer_sources(house, things):
    text = "Distansarbete regleras i en överenskommelse mellan chef och medarbetare. " * 12
    for number in range(4):
        await house.document(things.collection, f"bilaga{number}.txt", f"{number}. {text}".encode())
    many, _ = await grounded(house, things)
    house.chat.asked.clear()
    house.chat.answer("/tokenize", answer({"tokens": list(range(6000))}))
    few, sent = await grounded(house, things)
    assert 1 <= len(few) < len(many)
    assert sum(len(each["content"]) for each in sent) < 4000


async def test_a_server_that_does_not_count_in_time_keeps_nobody_from_an_answer(house, things):
    house.chat.answer("/tokenize", hang)
    annotations, _ = await grounded(house, things)
    assert annotations
