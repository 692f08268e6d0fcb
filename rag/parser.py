"""The parsing child: a file on standard input, its pages as JSON on standard output, and no way to anything else.

Started as ``python -m rag.parser MEDIA_TYPE BOUNDS``, with ``BOUNDS`` as JSON; ``python -m rag.parser draw PAGE``
answers with a PDF's page as a picture instead, ``python -m rag.parser probe`` says what confinement holds here.
"""

import json
import resource
import socket
import sys
from collections.abc import Sequence
from dataclasses import asdict

from rag.confinement import close_files
from rag.drawing import draw
from rag.drawing import prepare as prepare_drawing
from rag.errors import NotReadable, Unreadable
from rag.extraction import Bounds, extract, prepare
from rag.picture import packed

MEMORY = 2 * 1024**3
CPU_SECONDS = 60
DRAWING_CPU_SECONDS = 15
FILES = 64
PROCESSES = 64


def main(arguments: Sequence[str]) -> int:
    """Parse one file, or say what holds."""
    drawing = arguments[0] == "draw"
    limit_self(DRAWING_CPU_SECONDS if drawing else CPU_SECONDS)
    (prepare_drawing if drawing else prepare)()
    files_closed = close_files()
    if drawing:
        sys.stdout.buffer.write(drawn(sys.stdin.buffer.read(), int(arguments[1])))
        return 0
    if arguments == ["probe"]:
        answer: dict[str, object] = {"files": files_closed, "network": network_closed()}
    else:
        answer = parsed(sys.stdin.buffer.read(), arguments[0], Bounds(**json.loads(arguments[1])))
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=True).encode())
    return 0


def parsed(content: bytes, media_type: str, bounds: Bounds) -> dict[str, object]:
    """The answer about one file: its pages and headings, or why it can't be read."""
    try:
        return asdict(extract(content, media_type, bounds))
    except NotReadable as refused:
        return {"reason": refused.reason}
    except (MemoryError, RecursionError):
        return {"reason": Unreadable.TOO_LARGE}


def drawn(content: bytes, page: int) -> bytes:
    """The answer about one page: its picture, or why there is none."""
    try:
        return packed(draw(content, page))
    except NotReadable as refused:
        return json.dumps({"reason": refused.reason}).encode()
    except (MemoryError, RecursionError):
        return json.dumps({"reason": Unreadable.TOO_LARGE}).encode()


def limit_self(cpu_seconds: int) -> None:
    """Bound memory, processor time, written files, open files and processes before the file is looked at."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_NPROC, PROCESSES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))


def network_closed() -> bool:
    """Whether even this machine's loopback is out of reach."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        return probe.connect_ex(("127.0.0.1", 9)) != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
