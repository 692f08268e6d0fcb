"""The Python examples of the prototyper's page run as they stand, with the official `openai` package."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "prototypare.md"
KEY = "valv_00000000_example"

SOURCE = {"type": "file_citation", "index": 1, "file_id": "d1", "filename": "distansarbete.pdf", "page": 2,
          "start": 10, "end": 20, "quote": "högst två", "score": 0.8}  # fmt: skip
HEAD = {"id": "chatcmpl-1", "created": 1, "model": "m"}


class Scripted(BaseHTTPRequestHandler):
    """Answers as `/v1/chat/completions` does, and keeps what it was sent."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.received.append((self.path, self.headers["authorization"], body))
        kind, answer = (
            ("text/event-stream", _stream()) if body.get("stream") else ("application/json", _whole())
        )
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def _whole() -> bytes:
    message = {"role": "assistant", "content": "Högst två dagar. [1]", "annotations": [SOURCE]}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return json.dumps({**HEAD, "object": "chat.completion", "choices": [choice]}).encode()


def _stream() -> bytes:
    texts = [
        {"index": 0, "delta": {"content": text}, "finish_reason": None} for text in ("An ", "audit ", "log.")
    ]
    usage = {"prompt_tokens": 1, "completion_tokens": 3, "total_tokens": 4}
    events = [{"choices": [text]} for text in texts] + [{"choices": [], "usage": usage}]
    frames = [json.dumps({**HEAD, "object": "chat.completion.chunk", **event}) for event in events]
    return "".join(f"data: {frame}\n\n" for frame in [*frames, "[DONE]"]).encode()


@contextmanager
def scripted() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Scripted)
    server.received = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_examples_answer_with_a_citation_and_then_with_a_stream():
    examples = re.findall(r"```python\n(.+?)```", PAGE.read_text("utf-8"), re.DOTALL)
    with scripted() as server:
        code = "\n".join(examples).replace("127.0.0.1:8080", f"127.0.0.1:{server.server_port}")
        ran = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code],
            env={"VALV_API_KEY": KEY},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        (path, bearer, asked), (_, _, streamed) = server.received

    assert ran.returncode == 0, ran.stderr
    assert "[1] distansarbete.pdf, sida 2: högst två" in ran.stdout
    assert ran.stdout.endswith("An audit log.")
    assert (path, bearer) == ("/v1/chat/completions", f"Bearer {KEY}")
    assert asked["collections"] == []
    assert streamed["stream_options"] == {"include_usage": True}
