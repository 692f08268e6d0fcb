"""The web application's built files: precompressed and immutable, the page itself with a fresh nonce each time."""

import mimetypes
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.recorder import Receive, Scope, Send
from gateway.refusals import NoSuchPath, WrongMethod

NONCE_MARK: Final = b"__CSP_NONCE__"

_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_PROTECTION: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
_PACKAGE: Final = Path(__file__).parent
_REFUSED: Final = re.compile(rb"q\s*=\s*0(\.0*)?")
_ENCODINGS: Final = ((b"br", ".br"), (b"gzip", ".gz"))


def built(package: Path = _PACKAGE) -> Path | None:
    """The web application's built files: those in the installed package, else the clone's, else none."""
    places = (package / "web", package.parent / "web" / "dist")
    return next((place for place in places if (place / "index.html").is_file()), None)


@dataclass(frozen=True, slots=True)
class _File:
    content_type: bytes
    bodies: tuple[tuple[bytes, bytes], ...]  # (content coding or empty, body), the smallest first


class Site:
    """Every file is read once, at start; a path that is no file is a page of the application."""

    def __init__(self, folder: Path) -> None:
        self._page = (folder / "index.html").read_bytes()
        self._files = {f"/{path.relative_to(folder)}": _read(path) for path in _originals(folder)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI
        if scope["method"] not in {"GET", "HEAD"}:
            raise WrongMethod(("GET", "HEAD"))
        found = self._files.get(scope["path"])
        if found is None:
            if "." in scope["path"].rpartition("/")[2]:
                raise NoSuchPath
            await self._send_page(send)
            return
        await _send_file(scope, send, found)

    async def _send_page(self, send: Send) -> None:
        nonce = secrets.token_urlsafe(18)
        body = self._page.replace(NONCE_MARK, nonce.encode())
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"content-security-policy", _CSP.format(nonce=nonce).encode()),
            *_PROTECTION,
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def _send_file(scope: Scope, send: Send, file: _File) -> None:
    accepted = _accepted(next((value for name, value in scope["headers"] if name == b"accept-encoding"), b""))
    coding, body = next((c, b) for c, b in file.bodies if not c or c in accepted)
    headers = [
        (b"content-type", file.content_type),
        (b"content-length", str(len(body)).encode()),
        (b"vary", b"accept-encoding"),
        (b"cache-control", _lifetime(scope["path"])),
        *_PROTECTION,
    ]
    if coding:
        headers.append((b"content-encoding", coding))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _accepted(header: bytes) -> set[bytes]:
    """The codings that the client takes (RFC 9110 section 12.5.3), those with a weight of zero left out."""
    offers = [part.partition(b";") for part in header.lower().split(b",")]
    return {coding.strip() for coding, _, weight in offers if not _REFUSED.fullmatch(weight.strip())}


def _lifetime(path: str) -> bytes:
    """Names under ``/assets/`` carry a hash of their content, so they never change."""
    return b"public, max-age=31536000, immutable" if path.startswith("/assets/") else b"no-cache"


def _originals(folder: Path) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in {".br", ".gz"}]
    return [path for path in files if path.name != "index.html"]


def _read(path: Path) -> _File:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind.endswith(("javascript", "json")):
        kind += "; charset=utf-8"
    bodies = [(coding, Path(f"{path}{suffix}")) for coding, suffix in _ENCODINGS]
    packed = tuple((coding, file.read_bytes()) for coding, file in bodies if file.exists())
    return _File(kind.encode(), (*packed, (b"", path.read_bytes())))
