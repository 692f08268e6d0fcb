from hypothesis import given
from hypothesis import strategies as st

from inference.models import Backend, Engine
from inference.pool import Pool
from inference.routing import REST, Server, Servers
from inference.wire import Address, Limits


def some_servers(count: int) -> Servers:
    return Servers("m", [a_server(number) for number in range(count)])


def a_server(number: int) -> Server:
    url = f"http://127.0.0.1:{number + 1}"
    return Server(Backend(url, Engine.VLLM), Pool(Address.of(url), size=1, connect=1.0, limits=Limits()))


def test_the_server_with_the_least_to_do_is_asked() -> None:
    servers = some_servers(3)
    first, second, third = servers.all
    first.outstanding, second.outstanding, third.outstanding = 2, 1, 3

    assert servers.choose(0.0) is second


def test_idle_servers_are_asked_in_turn() -> None:
    servers = some_servers(3)

    asked = [servers.choose(0.0) for _ in range(6)]

    assert asked[:3] == asked[3:]
    assert len(set(map(id, asked))) == 3


def test_a_lost_server_is_tried_again_after_its_rest_by_one_call_only() -> None:
    servers = some_servers(2)
    lost, well = servers.all
    servers.lost(lost, 10.0)

    assert servers.choose(10.0 + REST - 0.01) is well
    well.outstanding = 1
    assert servers.choose(10.0 + REST) is lost
    assert servers.choose(10.0 + REST) is well


def test_a_found_server_is_asked_again_at_once() -> None:
    servers = some_servers(2)
    lost, well = servers.all
    servers.lost(lost, 10.0)
    servers.found(lost)
    well.outstanding = 1

    assert servers.choose(10.0) is lost


def test_where_every_server_rests_one_is_asked_all_the_same() -> None:
    servers = some_servers(2)
    first, second = servers.all
    servers.lost(first, 11.0)
    servers.lost(second, 10.0)

    assert servers.choose(11.0) is second
    assert servers.choose(11.0, [second]) is first
    assert servers.choose(11.0, [first, second]) is None


EVENTS = st.lists(st.tuples(st.sampled_from(["lost", "found", "later", "busy", "ask"]), st.integers(0, 4)))


@given(EVENTS, st.integers(1, 5))
def test_a_resting_server_is_never_picked_while_another_is_awake(
    events: list[tuple[str, int]], count: int
) -> None:
    servers = some_servers(count)
    fleet = servers.all
    rests: dict[Server, float] = {}
    now = 0.0
    for event, number in events:
        server = fleet[number % count]
        if event == "lost":
            servers.lost(server, now)
            rests[server] = now + REST
        elif event == "found":
            servers.found(server)
            rests.pop(server, None)
        elif event == "busy":
            server.outstanding = number
        elif event == "later":
            now += number / 2
        else:
            chosen = servers.choose(now)
            assert chosen is not None
            awake = [other for other in fleet if rests.get(other, now) <= now]
            assert chosen in awake or not awake
            if chosen in awake:
                assert chosen.outstanding == min(other.outstanding for other in awake)
                if chosen in rests:
                    rests[chosen] = now + REST
