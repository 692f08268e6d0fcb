"""A model server that costs next to nothing: fixed answers, to measure what stands in front of it.

    python bench/fake_upstream.py [--port N] [--tokens 64] [--gap MILLISECONDS]

Prints its address. Answers chat, completions and embeddings (384 numbers an input), streams where the body
says ``"stream":true``: with a gap each token is a write of its own, without one the whole stream is one write.
"""

import argparse
import asyncio
import json

TEXT = "Detta är ett svar som alltid är likadant, så att bara vägen dit mäts."


def _response(body: bytes, kind: bytes = b"application/json") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (kind, len(body), body)


def _usage(completion: int) -> dict[str, int]:
    return {"prompt_tokens": 24, "completion_tokens": completion, "total_tokens": 24 + completion}


def chat_answer() -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": TEXT}, "finish_reason": "stop"}
    answer = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    return _response(json.dumps({**answer, "usage": _usage(18)}).encode())


def completion_answer() -> bytes:
    choice = {"index": 0, "text": TEXT, "finish_reason": "stop"}
    return _response(json.dumps({"id": "c", "choices": [choice], "usage": _usage(18)}).encode())


def _event(delta: dict, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    event = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(event).encode() + b"\n\n"


def chat_chunks(tokens: int) -> list[bytes]:
    """The chunks of a stream: the role, so many tokens, the end, the usage, ``[DONE]``."""
    events = [_event({"role": "assistant", "content": ""})]
    events += [_event({"content": f"ord{number} "}) for number in range(tokens)]
    events += [_event({}, "stop")]
    events += [b"data: " + json.dumps({"id": "c", "choices": [], "usage": _usage(tokens)}).encode() + b"\n\n"]
    events += [b"data: [DONE]\n\n"]
    return [b"%x\r\n%b\r\n" % (len(event), event) for event in events] + [b"0\r\n\r\n"]


STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


class Answers:
    """Everything that is ever sent, made once."""

    def __init__(self, tokens: int, gap: float) -> None:
        self.gap = gap
        self.chat = chat_answer()
        self.completion = completion_answer()
        self.chunks = chat_chunks(tokens)
        self.stream = STREAM_HEAD + b"".join(self.chunks)
        self.health = _response(b'{"status":"ok"}')
        self.vector = json.dumps([0.05] * 384)

    def embeddings(self, body: bytes) -> bytes:
        inputs = json.loads(body)["input"]
        count = len(inputs) if isinstance(inputs, list) else 1
        data = ",".join(f'{{"index":{place},"embedding":{self.vector}}}' for place in range(count))
        return _response(f'{{"data":[{data}],"usage":{json.dumps(_usage(0))}}}'.encode())


class Fake(asyncio.Protocol):
    """One connection."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.buffer = b""
        self.streams: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]  # TCP is always both ways

    def connection_lost(self, _exc: Exception | None) -> None:
        for stream in self.streams:
            stream.cancel()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].lower()
            _, found, length = head.partition(b"content-length:")
            whole = end + 4 + (int(length.split(b"\r\n", 1)[0]) if found else 0)
            if len(self.buffer) < whole:
                return
            body, self.buffer = self.buffer[end + 4 : whole], self.buffer[whole:]
            self.answer(head, body)

    def answer(self, head: bytes, body: bytes) -> None:
        path = head.split(b" ", 2)[1]
        if b'"stream":true' in body or b'"stream": true' in body:
            self.stream()
        elif path == b"/v1/embeddings":
            self.transport.write(self.answers.embeddings(body))
        elif path == b"/v1/completions":
            self.transport.write(self.answers.completion)
        else:
            self.transport.write(self.answers.health if path == b"/health" else self.answers.chat)

    def stream(self) -> None:
        if not self.answers.gap:
            self.transport.write(self.answers.stream)
            return
        task = asyncio.get_running_loop().create_task(self.drip())
        self.streams.add(task)
        task.add_done_callback(self.streams.discard)

    async def drip(self) -> None:
        self.transport.write(STREAM_HEAD)
        for chunk in self.answers.chunks:
            self.transport.write(chunk)
            await asyncio.sleep(self.answers.gap)


async def serve(port: int, tokens: int, gap: float) -> None:
    answers = Answers(tokens, gap)
    server = await asyncio.get_running_loop().create_server(lambda: Fake(answers), "127.0.0.1", port)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--gap", type=float, default=0.0)
    arguments = parser.parse_args()
    import uvloop

    uvloop.run(serve(arguments.port, arguments.tokens, arguments.gap / 1000))


if __name__ == "__main__":
    main()
