"""The labs that the tests of behaviour and of the page share, each started once a session."""

from collections.abc import Iterator

import pytest

from gateway.demo.caller import access_token, client
from tests.behaviour import callers, labs
from tests.behaviour.labs import RUNNING, RunningLab, until
from tests.behaviour.tokens import Signer, signer_of

_SIGNERS: dict[str, Signer] = {}

BOTH = [
    pytest.param("embedded", marks=pytest.mark.lab),
    pytest.param("lab", marks=[pytest.mark.lab, pytest.mark.full]),
]


@pytest.fixture(scope="session", autouse=True)
def _stop_labs() -> Iterator[None]:
    yield
    callers.everyone_leaves()
    for lab in RUNNING.values():
        labs.stop(lab.process)
    RUNNING.clear()


@pytest.fixture(params=BOTH)
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> RunningLab:
    """A running lab of either configuration, its documents searchable; started when first needed, then shared."""
    return shared(request.param, tmp_path_factory)


@pytest.fixture
def embedded(tmp_path_factory: pytest.TempPathFactory) -> RunningLab:
    """The shared lab on embedded defaults."""
    return shared("embedded", tmp_path_factory)


@pytest.fixture
def full(tmp_path_factory: pytest.TempPathFactory) -> RunningLab:
    """The shared lab on Keycloak, PostgreSQL, Chroma and vLLM."""
    return shared("lab", tmp_path_factory)


def shared(flavour: str, folders: pytest.TempPathFactory) -> RunningLab:
    """The lab of that configuration that runs already, or a new one."""
    known = RUNNING.get(flavour)
    if known is None or known.process.poll() is not None:
        known = RUNNING[flavour] = labs.start(flavour, folders.mktemp(flavour))
        labs.wait_for_documents(known)
    return known


@pytest.fixture
def signer(lab: RunningLab) -> Signer:
    """Signs tokens as the lab's own realm does."""
    if lab.described.url not in _SIGNERS:
        made = _SIGNERS[lab.described.url] = signer_of(lab)
        # The gateway asks for the provider's keys at most twice a minute, however many unknown ones it is shown.
        until(lambda: _is_believed(lab, made), within=60, every=1)
    return _SIGNERS[lab.described.url]


def _is_believed(lab: RunningLab, made: Signer) -> bool:
    genuine = access_token(lab.described, "medarbetare@ekdalen.example", scope="openid organization:ekdalen")
    with client(lab.described, made.changed(genuine, {"exp": 120})) as http:
        return http.get("/api/me").status_code == 200
