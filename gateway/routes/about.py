"""What everyone may know of this installation: its version, whom to turn to, and the words of its page."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel

from gateway import VERSION
from gateway.deps import TheLab
from gateway.refusals import NoSuchPath

router = APIRouter(prefix="/api")

_MINUTES = 5 * 60


class Language(BaseModel):
    """A language that the operator has words for; ``name`` is its own, absent where it is built in."""

    code: str
    name: str | None


class About(BaseModel):
    """The installation as a visitor may know it; nothing of any organisation.

    ``accessibility`` and ``privacy`` are an e-mail address, a telephone number or a web address. ``keeps_content``:
    whether questions and answers are kept, sealed, beside the log.
    """

    version: str
    accessibility: str | None
    privacy: str | None
    keeps_content: bool
    languages: list[Language]


@router.get("/about")
async def about(lab: TheLab) -> About:
    """The version, the contacts and the operator's languages."""
    contact = lab.settings.contact
    return About(
        version=VERSION,
        accessibility=contact.accessibility,
        privacy=contact.privacy,
        keeps_content=lab.settings.audit.capture == "strict",
        languages=[Language(code=each.code, name=each.name) for each in lab.catalogues],
    )


@router.get("/about/words/{language}")
async def words(language: str, lab: TheLab, response: Response) -> dict[str, Any]:
    """The operator's words in a language, to be laid over those that are built in."""
    found = lab.catalogues.find(language)
    if found is None:
        raise NoSuchPath
    response.headers["cache-control"] = f"public, max-age={_MINUTES}"
    return dict(found.words)
