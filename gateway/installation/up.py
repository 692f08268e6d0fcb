"""`valv up`: every part of a lab on one machine, started together, watched, and stopped together."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from gateway.demo.description import Description
from gateway.installation import parts
from gateway.installation.environment import settings
from gateway.installation.plan import Flavour, NotALab, Plan, free_ports, passphrase, secret
from gateway.installation.realm import rendered_realm
from inference.engines.machine import survey
from inference.launch.models import Site, model_parts, served_here
from inference.launch.narration import Narrator, narrator
from inference.launch.parts import Part
from inference.launch.supervisor import run
from inference.models import Backend, Catalogue
from inference.weights.prepare import Folders, Prepared, prepare

DESCRIPTIONS = {Flavour.EMBEDDED: "models.yaml", Flavour.LAB: "models.lab.yaml"}
# What a file system of its own has at its root, which is the administrator's.
FILE_SYSTEMS_OWN = "lost+found"


async def up(
    plan: Plan, inherited: Mapping[str, str], *, own_ports: bool, on_ready: Callable[[Description], None]
) -> None:
    """Start everything and stay until Ctrl-C, or until a part ends it all.

    Args:
        inherited: the environment of this process.
        own_ports: whether the model servers listen where the description says, or at any free port.

    Raises:
        LaunchError, InstalledMissing, NotALab, ClusterFailed, InferenceError: each a sentence for people.
    """
    # vLLM makes sockets where everybody's temporary files lie, and leaves them there.
    with TemporaryDirectory(prefix="valv-", ignore_cleanup_errors=True) as scratch:
        await _up(plan, {**inherited, "TMPDIR": scratch}, own_ports=own_ports, on_ready=on_ready)


async def _up(
    plan: Plan, inherited: Mapping[str, str], *, own_ports: bool, on_ready: Callable[[Description], None]
) -> None:
    say = narrator(sys.stdout)
    started = await asyncio.to_thread(_prepare, plan, inherited, say, own_ports=own_ports)
    described = describe(plan)
    described.write(plan.data)
    seeding: list[asyncio.Task[None]] = []

    def ready() -> None:
        on_ready(described)
        seeding.append(asyncio.create_task(_seed(plan, described, say)))

    try:
        await run(started, say, on_ready=ready)
    finally:
        for task in seeding:
            task.cancel()
        await asyncio.gather(*seeding, return_exceptions=True)


async def _seed(plan: Plan, lab: Description, say: Narrator) -> None:
    """The demonstration's documents, beside everything else; a lab without them is a lab all the same."""
    import httpx

    from gateway.demo.seed import seed
    from gateway.demo.telling import StepFailed

    try:
        count = await asyncio.to_thread(seed, lab, plan.root / "deploy" / "demo" / "documents")
    except (StepFailed, httpx.HTTPError) as failed:
        say.say(f"The demonstration's documents could not be taken in: {failed}")
        return
    if count:
        say.say(f"The demonstration's {count} documents are searchable.")


def _prepare(plan: Plan, inherited: Mapping[str, str], say: Narrator, *, own_ports: bool) -> tuple[Part, ...]:
    """Everything that must be on disk before the first process starts."""
    _keep_from_others(plan)
    plan.write()
    catalogue = _catalogue(plan, own_ports=own_ports)
    ready = _weights(plan, catalogue, say)
    catalogue = catalogue.with_digests({name: prepared.digest for name, prepared in ready.items()})
    _write_models(plan, catalogue)
    if plan.flavour is Flavour.LAB:
        from gateway.installation import cluster

        cluster.initialise(plan)
    behind = parts.flavour_parts(plan, parts.base(inherited), _realm_file(plan))
    engines = model_parts(catalogue.routes, ready, _site(plan, inherited))
    door = parts.gateway(
        plan, parts.base(inherited), settings(plan), after=tuple(part.name for part in behind)
    )
    return (*behind, *engines, door)


def _keep_from_others(plan: Plan) -> None:
    """Others may pass the data folder, since the cluster in it is another user's, and read nothing that is in it.

    Raises:
        NotALab: the folder has been somebody's for something else.
    """
    data = plan.data
    data.mkdir(parents=True, exist_ok=True)
    if not plan.file.exists() and not _is_free(data):
        raise NotALab(data)
    data.chmod(0o711)
    for place in data.iterdir():
        if place.name not in {parts.CLUSTER, FILE_SYSTEMS_OWN} and not place.is_symlink():
            place.chmod(place.stat().st_mode & 0o700)
    os.umask(0o077)


def _is_free(data: Path) -> bool:
    """Whether nobody's files are there: at most empty folders, which may be disks meant for parts of the lab."""
    places = [place for place in data.iterdir() if place.name != FILE_SYSTEMS_OWN]
    return all(
        place.is_dir()
        and not place.is_symlink()
        and os.access(place, os.R_OK)
        and not any(inner.name != FILE_SYSTEMS_OWN for inner in place.iterdir())
        for place in places
    )


def describe(plan: Plan) -> Description:
    """What others need to use this lab."""
    return Description(
        flavour=plan.flavour,
        url=plan.url,
        metrics_url=f"http://127.0.0.1:{plan.ports.metrics}/metrics",
        issuer=plan.issuer,
        data=str(plan.data),
        ledger=str(plan.data / "ledger"),
        vkeys=str(plan.keys / "ledger"),
        demo_client="valv-demo",
        demo_secret=secret(plan.keys, "demo-client"),
        demo_password=passphrase(plan.keys, "demo-password"),
    )


def _catalogue(plan: Plan, *, own_ports: bool) -> Catalogue:
    file = plan.root / "deploy" / DESCRIPTIONS[plan.flavour]
    catalogue = Catalogue.from_yaml(file.read_text(encoding="utf-8"))
    if not own_ports:
        return catalogue
    here = served_here(catalogue.routes)
    ports = iter(free_ports(sum(len(route.backends) for route in here)))
    return catalogue.with_backends({route.name: list(_moved(route.backends, ports)) for route in here})


def _moved(backends: Iterable[Backend], ports: Iterable[int]) -> Iterable[Backend]:
    for backend, port in zip(backends, ports, strict=False):
        yield replace(backend, url=f"http://127.0.0.1:{port}")


def _weights(plan: Plan, catalogue: Catalogue, say: Narrator) -> dict[str, Prepared]:
    folders = Folders(packages=plan.installed.weights, cache=plan.installed.cache)
    return {route.name: prepare(route, folders, say.say) for route in served_here(catalogue.routes)}


def _site(plan: Plan, inherited: Mapping[str, str]) -> Site:
    return Site(
        python=Path(sys.executable),
        model_python=plan.installed.model_python,
        machine=survey(plan.installed.model_python),
        data=plan.data,
        environment=parts.base(inherited) | {"TMPDIR": inherited["TMPDIR"]},
    )


def _realm_file(plan: Plan) -> Path:
    """The realm with this lab's secrets, for the stand-in; beside the other secrets."""
    file = plan.keys / "realm.json"
    plan.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch(mode=0o600)
    file.write_text(json.dumps(rendered_realm(plan)), encoding="utf-8")
    return file


def _write_models(plan: Plan, catalogue: Catalogue) -> None:
    """The description that was read, with the ports and digests of this lab."""
    file = plan.root / "deploy" / DESCRIPTIONS[plan.flavour]
    said: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    for row in said["routes"]:
        route = catalogue.route(row["name"])
        if route.backends:
            row["backends"] = [backend.url for backend in route.backends]
        if route.digest:
            row["digest"] = route.digest
    plan.models.write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), encoding="utf-8")
