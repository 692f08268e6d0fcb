"""Serves the stand-in on loopback: ``python -m auth.standin --port P --data FILE --realm FILE``."""

import argparse
import ipaddress
import json
import sys
import time
from pathlib import Path

import uvicorn

from auth.standin.app import build
from auth.standin.authorize import PATH


class NotLoopback(ValueError):
    """The address can be reached from outside this machine."""


def loopback(host: str) -> str:
    """The address, if nobody outside this machine can reach it.

    Raises:
        NotLoopback: they can.
    """
    try:
        if ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError as fault:
        raise NotLoopback(host) from fault
    raise NotLoopback(host)


def main(arguments: list[str]) -> int:
    """Serve until told to stop; 2 if asked to serve anything but loopback."""
    parser = argparse.ArgumentParser(prog="python -m auth.standin", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="file of the people; made if missing")
    parser.add_argument("--realm", type=Path, required=True, help="the rendered realm")
    asked = parser.parse_args(arguments)
    try:
        host = loopback(asked.host)
    except NotLoopback:
        sys.stderr.write(f"The stand-in serves loopback alone, not {asked.host}: use Keycloak there.\n")
        return 2
    place = f"[{host}]" if ":" in host else host
    issuer = f"http://{place}:{asked.port}{PATH}"
    app = build(json.loads(asked.realm.read_text()), data=asked.data, issuer=issuer, clock=time.time)
    # No access log: it would hold codes and names.
    uvicorn.run(app, host=host, port=asked.port, access_log=False, log_level="warning", server_header=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
