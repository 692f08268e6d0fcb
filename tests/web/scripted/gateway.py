"""A gateway that plays a script: the built page under its real headers, and answers that a test has chosen."""

import json
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from auth.identity import Role
from auth.policy import ALLOWED
from tests.web.scripted.scripts import COLLECTIONS, DOCUMENTS, MODELS, Frame, Refusal, script_for

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
}
ORGANISATIONS = {"alva": "Alva kommun", "norr": "Region Norr"}


@dataclass(slots=True)
class Seen:
    """What reached the gateway."""

    questions: list[dict[str, object]] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    without_csrf: list[str] = field(default_factory=list)
    sessions: dict[str, str] = field(default_factory=dict)


class ScriptedGateway(ThreadingHTTPServer):
    """Listens on a loopback port of its own; `with` starts and stops it."""

    daemon_threads = True

    def __init__(self, dist: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.dist = dist
        self.seen = Seen()
        self.pace = 0.15
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> "ScriptedGateway":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
        self.thread.join()


ABOUT = {"version": "1", "accessibility": None, "privacy": None, "keeps_content": False, "languages": []}


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: ScriptedGateway
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/auth/login":
            return self.log_in()
        if path.startswith("/assets/"):
            return self.asset(path.removeprefix("/assets/"))
        if path.startswith("/api/"):
            return self.api(path)
        return self.page()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("X-Valv-CSRF") != f"csrf-{self.session()}":
            self.server.seen.without_csrf.append(self.path)
            return self.problem(403, "csrf_missing")
        if self.path == "/auth/logout":
            self.server.seen.sessions.pop(self.session(), None)
            return self.json({"redirect": "/"})
        return self.answer(json.loads(body))

    def session(self) -> str:
        cookies = self.headers.get("Cookie", "")
        found = [part.split("=", 1)[1] for part in cookies.split("; ") if part.startswith("valv=")]
        return found[0] if found else ""

    def organisation(self) -> str | None:
        return self.server.seen.sessions.get(self.session())

    def log_in(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        session = secrets.token_hex(8)
        self.server.seen.sessions[session] = query.get("organisation", ["alva"])[0]
        self.send_response(302)
        self.send_header("Location", query.get("return_to", ["/"])[0])
        self.send_header("Set-Cookie", f"valv={session}; HttpOnly; SameSite=Lax; Path=/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def page(self) -> None:
        nonce = secrets.token_urlsafe(16)
        html = (self.server.dist / "index.html").read_text("utf-8").replace("__CSP_NONCE__", nonce)
        headers = {"Content-Security-Policy": POLICY.format(nonce=nonce), "Cache-Control": "no-store"}
        self.send(200, html.encode(), TYPES[".html"], headers)

    def asset(self, name: str) -> None:
        path = self.server.dist / "assets" / Path(name).name
        compressed = path.with_name(path.name + ".gz")
        if not compressed.is_file():
            return self.problem(404, "not_found")
        headers = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=31536000, immutable"}
        return self.send(200, compressed.read_bytes(), TYPES[path.suffix], headers)

    def api(self, path: str) -> None:
        if path == "/api/about":
            return self.json(ABOUT)
        alias = self.organisation()
        if alias is None:
            return self.problem(401, "not_logged_in")
        match path.removeprefix("/api/").split("/"):
            case ["me"]:
                return self.json(self.me(alias))
            case ["models"]:
                return self.json({"items": MODELS})
            case ["collections"]:
                return self.json({"items": COLLECTIONS})
            case ["documents", name, "pages", number] if name in DOCUMENTS:
                return self.json(DOCUMENTS[name].page(name, int(number)))
            case ["documents", name, "file"] if name in DOCUMENTS:
                headers = {"Content-Disposition": "attachment; filename=dokument.txt"}
                return self.send(200, b"text", "application/octet-stream", headers)
            case _:
                return self.problem(404, "not_found")

    def me(self, alias: str) -> dict[str, object]:
        organisations = [{"alias": one, "name": name} for one, name in ORGANISATIONS.items()]
        return {
            "name": "Handläggaren",
            "organisation": {"alias": alias, "name": ORGANISATIONS[alias]},
            "organisations": organisations,
            "roles": ["employee"],
            "actions": sorted(ALLOWED[Role.EMPLOYEE]),
            "csrf": f"csrf-{self.session()}",
            "session_expires_at": 4_070_908_800,
            "session_idle_seconds": 1800,
            "classification": "internal",
            "banner": None,
        }

    def answer(self, asked: dict[str, object]) -> None:
        self.server.seen.questions.append(asked)
        question = str(asked["question"])
        script = script_for(question, asked["model"])
        if isinstance(script, Refusal):
            return self.problem(script.status, script.slug)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            self.stream(script)
        except (BrokenPipeError, ConnectionResetError):
            self.server.seen.cancelled.append(question)
        return None

    def stream(self, script: Iterator[Frame]) -> None:
        for name, body, is_slow in script:
            self.wfile.write(f"event: {name}\ndata: {json.dumps(body)}\n\n".encode())
            self.wfile.flush()
            if is_slow:
                time.sleep(self.server.pace)

    def json(self, body: object) -> None:
        self.send(200, json.dumps(body).encode(), "application/json", {"Cache-Control": "no-store"})

    def problem(self, status: int, slug: str) -> None:
        body = {
            "type": f"/problems/{slug}",
            "title": slug,
            "status": status,
            "instance": self.path,
            "slug": slug,
            "request_id": "req-7f3a",
        }
        self.send(status, json.dumps(body).encode(), "application/problem+json", {})

    def send(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "X-Content-Type-Options": "nosniff", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
