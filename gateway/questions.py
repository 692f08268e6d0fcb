"""A question as it is put to a model: what it asks, how much room it leaves, what was chosen beside it."""

import msgspec

from gateway.refusals import BadValue
from inference.chat import ChatRequest, Message
from inference.models import ModelRoute


def last_question(messages: tuple[Message, ...]) -> str:
    """What is asked, and searched for.

    Raises:
        BadValue: no message of a person's has text.
    """
    for message in reversed(messages):
        if message.role == "user" and message.content:
            return message.content
    raise BadValue("messages", expected="at least one message of the role 'user' with text")


def room_for(route: ModelRoute, max_tokens: int | None) -> int:
    """Tokens left for what is sent, beside the answer."""
    return max(256, route.context_length - (max_tokens or min(512, route.context_length // 4)))


def parameters(request: ChatRequest) -> bytes:
    """What was chosen beside the prompt, as JSON with sorted keys; its hash goes on the record."""
    chosen = {
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "stop": request.stop,
        "seed": request.seed,
        "n": request.n,
        "presence_penalty": request.presence_penalty,
        "frequency_penalty": request.frequency_penalty,
        "logprobs": request.logprobs,
        "response_format": request.response_format,
        "tools": [tool.name for tool in request.tools],
    }
    return msgspec.json.encode(chosen, order="deterministic")
