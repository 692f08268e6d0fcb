"""Is it alive, and can it work: for load balancers and operators; nothing of any organisation."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from gateway.deps import TheLab
from gateway.readiness import Part, parts

router = APIRouter()


class Alive(BaseModel):
    """The process answers."""

    status: str


class PartOut(BaseModel):
    """One part of the lab: whether it answers, and what to do if not."""

    name: str
    ready: bool
    advice: str | None = None


class Ready(BaseModel):
    """Whether calls can be answered, part by part."""

    ready: bool
    parts: list[PartOut]


@router.get("/healthz")
async def alive() -> Alive:
    """The process answers."""
    return Alive(status="ok")


async def _parts(lab: TheLab) -> list[Part]:
    return await parts(lab)


@router.get("/readyz")
async def ready(found: Annotated[list[Part], Depends(_parts)], response: Response) -> Ready:
    """200 when every part answers, 503 with the names of those that don't."""
    fine = all(part.ready for part in found)
    response.status_code = 200 if fine else 503
    return Ready(ready=fine, parts=[PartOut(name=p.name, ready=p.ready, advice=p.advice) for p in found])
