from pathlib import Path

import pytest
import yaml

from inference.errors import CatalogueFaulty, NoModelOfKind, UnknownModel
from inference.models import Backend, Catalogue, Engine, Kind

DEPLOY = Path(__file__).parents[2] / "deploy"
SHOWN = {"sv": "Namn", "en": "Name"}
CHAT = {
    "name": "m",
    "kind": "chat",
    "engine": "vllm",
    "weights": "m",
    "languages": ["sv"],
    "context_length": 2048,
    "ceiling": "internal",
    "max_parallel": 2,
    "max_queue": 4,
    "title": SHOWN,
    "description": SHOWN,
}


def described(*routes: dict[str, object]) -> str:
    return yaml.safe_dump({"routes": list(routes)})


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(CatalogueFaulty) as caught:
        Catalogue.from_yaml(text)
    return caught.value.faults


@pytest.mark.parametrize(
    ("file", "engine"), [("models.yaml", Engine.LLAMACPP), ("models.lab.yaml", Engine.VLLM)]
)
def test_both_descriptions_that_are_shipped_name_the_same_routes(file: str, engine: Engine) -> None:
    catalogue = Catalogue.from_yaml((DEPLOY / file).read_text())

    assert [route.name for route in catalogue.routes] == ["smollm2-135m", "citat", "multilingual-e5-small"]
    assert {route.engine for route in catalogue.routes} == {engine, None}
    assert {backend.engine for route in catalogue.routes for backend in route.backends} == {engine}
    assert catalogue.default(Kind.EXTRACTIVE).name == "citat"


def test_no_port_is_used_by_two_shipped_backends() -> None:
    files = [Catalogue.from_yaml(path.read_text()) for path in DEPLOY.glob("models*.yaml")]
    urls = [backend.url for file in files for route in file.routes for backend in route.backends]

    assert len(urls) == len(set(urls)) == 4


def test_a_route_is_found_by_its_name_and_no_other_is() -> None:
    catalogue = Catalogue.from_yaml(described(CHAT))

    assert catalogue.route("m").kind is Kind.CHAT
    with pytest.raises(UnknownModel) as caught:
        catalogue.route("n")
    assert caught.value.name == "n"


def test_the_default_is_the_marked_route_else_the_first_of_the_kind() -> None:
    first, second = CHAT, {**CHAT, "name": "n"}

    assert Catalogue.from_yaml(described(first, second)).default(Kind.CHAT).name == "m"
    assert Catalogue.from_yaml(described(first, {**second, "default": True})).default(Kind.CHAT).name == "n"


def test_a_kind_without_a_route_is_an_unknown_model() -> None:
    with pytest.raises(NoModelOfKind):
        Catalogue.from_yaml(described(CHAT)).default(Kind.RERANK)


def test_every_fault_is_reported_at_once() -> None:
    broken = {**CHAT, "kind": "chatt", "languages": [], "max_parallel": 0, "max_queue": True, "colour": "red"}
    del broken["ceiling"]

    found = faults(described(broken, {**CHAT, "context_length": "long", "default": "yes"}))

    assert len(found) == 9
    assert [fault for fault in found if "colour is not a key" in fault]
    assert [fault for fault in found if "ceiling is missing" in fault]
    assert [fault for fault in found if "the name m is taken twice" in fault]


def test_a_name_is_taken_once() -> None:
    assert faults(described(CHAT, CHAT)) == ("the name m is taken twice",)


def test_a_kind_has_at_most_one_default() -> None:
    both = ({**CHAT, "default": True}, {**CHAT, "name": "n", "default": True})

    assert faults(described(*both)) == ("more than one chat route is the default",)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:1",
        "http://127.0.0.1",
        "http://127.0.0.1:1/v1",
        "http://a:b@127.0.0.1:1",
        "http://127.0.0.1:99999999",
        "http://[",
        "127.0.0.1:1",
        "http://127.0.0.1:1?x",
    ],
)
def test_a_backend_is_a_plain_http_address_with_a_port(url: str) -> None:
    assert len(faults(described({**CHAT, "backends": [url]}))) == 1


def test_an_extractive_route_has_nothing_that_belongs_to_an_engine() -> None:
    assert len(faults(described({**CHAT, "kind": "extractive"}))) == 3


def test_a_served_route_says_where_its_weights_or_its_servers_are() -> None:
    nowhere = {key: value for key, value in CHAT.items() if key != "weights"}

    assert faults(described(nowhere)) == ("route m: weights or backends is missing",)
    assert Catalogue.from_yaml(described({**nowhere, "backends": ["http://127.0.0.1:1/"]})).route(
        "m"
    ).backends == (Backend("http://127.0.0.1:1", Engine.VLLM),)


@pytest.mark.parametrize(
    "text", ["", "[]", "routes: []", "routes: 3", "routes: [1]", "a: {", "routes: [a: b"]
)
def test_a_text_that_is_no_list_of_routes_is_faulty(text: str) -> None:
    assert faults(text)


def test_a_route_writes_its_languages_whatever_the_region() -> None:
    catalogue = Catalogue.from_yaml(described(CHAT, {**CHAT, "name": "any", "languages": ["*"]}))

    assert catalogue.route("m").writes("sv-SE")
    assert not catalogue.route("m").writes("en")
    assert catalogue.route("any").writes("fi")


def test_backends_and_digests_are_replaced_by_name() -> None:
    backend = Backend("http://127.0.0.1:9", Engine.VLLM)
    catalogue = Catalogue.from_yaml(described(CHAT))

    moved = catalogue.with_backends({"m": [backend]}).with_digests({"m": "sha256:00"})

    assert moved.route("m").backends == (backend,)
    assert moved.route("m").digest == "sha256:00"
    assert catalogue.route("m").backends == ()
    with pytest.raises(UnknownModel):
        catalogue.with_backends({"n": []})
