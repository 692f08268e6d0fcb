"""The ports of a lab beside another one."""

import socket

from gateway.installation.plan import free_ports


def test_free_ports_are_different_and_none_is_one_of_outgoing_connections():
    found = free_ports(200)
    assert len(set(found)) == 200
    assert not [port for port in found if port < 1024 or port >= 32_768]  # ip(7): ip_local_port_range


def test_a_port_that_is_used_is_not_free(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        used = taken.getsockname()[1]
        monkeypatch.setattr("gateway.installation.plan._OURS", range(used, used + 50))
        assert used not in {free_ports(1)[0] for _ in range(200)}
