"""Notes every destination outside loopback that a packet on the loopback interface has: one line each, once.

Run beside a lab in a network namespace where every address leads to loopback; ends with its parent.
"""

import ipaddress
import os
import socket
import struct
import sys

ALL = 3  # ETH_P_ALL, linux/if_ether.h
NAMES = {6: "tcp", 17: "udp"}


def main() -> None:
    """Watch until the parent is gone."""
    parent = os.getppid()
    seen: set[str] = set()
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ALL)) as watched:
        watched.bind(("lo", 0))
        watched.settimeout(0.2)
        with open(sys.argv[1], "w", encoding="utf-8") as notes:
            print("watching", file=notes, flush=True)
            while os.getppid() == parent:
                try:
                    packet = watched.recv(128)
                except TimeoutError:
                    continue
                called = destination(packet)
                if called is not None and called not in seen:
                    seen.add(called)
                    print(called, file=notes, flush=True)


def destination(packet: bytes) -> str | None:
    """Protocol, address and port (RFC 791 section 3.1, RFC 8200 section 3); nothing for loopback and for answers."""
    if packet[0] >> 4 == 4:
        size, protocol, address = (packet[0] & 15) * 4, packet[9], ipaddress.ip_address(packet[16:20])
    else:
        size, protocol, address = 40, packet[6], ipaddress.ip_address(packet[24:40])
    if address.is_loopback:
        return None
    if protocol == 6 and packet[size + 13] & 4:  # a reset: the machine's own answer to what was tried
        return None
    port = struct.unpack_from("!H", packet, size + 2)[0] if protocol in NAMES else 0
    return f"{NAMES.get(protocol, protocol)} {address}:{port}"


if __name__ == "__main__":
    main()
