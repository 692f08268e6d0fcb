"""Files are read page by page, in a child that can reach nothing, and what can't be read says why."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.errors import NotReadable, Unreadable
from rag.extraction import Bounds
from rag.formats import FORMATS
from rag.sandbox import Sandbox
from tests.rag import files

pytestmark = pytest.mark.anyio

DOCX = FORMATS[".docx"].media_type
PDF = FORMATS[".pdf"].media_type
ROOT = Path(__file__).resolve().parents[2]


def written(folder: Path, content: bytes) -> Path:
    path = folder / "upload"
    path.write_bytes(content)
    return path


async def test_a_pdf_is_read_page_by_page(tmp_path: Path) -> None:
    path = written(
        tmp_path, files.pdf([["1 Syfte", "Policyn gäller alla."], ["2 Ansvar", "Chefen ansvarar."]])
    )

    extract = await Sandbox().read(path, PDF)

    assert extract.paged
    assert [page.split("\n")[:2] for page in extract.pages] == [
        ["1 Syfte", "Policyn gäller alla."],
        ["2 Ansvar", "Chefen ansvarar."],
    ]


@pytest.mark.parametrize("rendered_twice", [False, True])
async def test_a_docx_has_the_pages_that_its_breaks_make(tmp_path: Path, rendered_twice: bool) -> None:
    path = written(tmp_path, files.docx_with_breaks(rendered_twice=rendered_twice))

    extract = await Sandbox().read(path, DOCX)

    assert extract.paged
    assert extract.pages == (
        "Resepolicy\n\nTåg går före flyg.",
        "Undantag\n\nFörvaltningschefen beslutar om undantag.",
    )
    assert [(heading.page, heading.level, heading.title) for heading in extract.headings] == [
        (1, 1, "Resepolicy"),
        (2, 2, "Undantag"),
    ]


async def test_a_docx_without_breaks_has_no_pages(tmp_path: Path) -> None:
    extract = await Sandbox().read(written(tmp_path, files.docx_without_breaks()), DOCX)

    assert not extract.paged
    assert extract.pages == ("Resepolicy\n\nTåg går före flyg.",)


@pytest.mark.parametrize(
    ("content", "media_type", "reason"),
    [
        (files.locked_pdf(), PDF, Unreadable.ENCRYPTED),
        (b"%PDF-1.7\nnothing", PDF, Unreadable.PARSER_FAILED),
        (files.pdf([[], []]), PDF, Unreadable.NO_TEXT),
        (files.pdf([["x"]] * 4), PDF, Unreadable.TOO_MANY_PAGES),
        (files.zip_bomb(), DOCX, Unreadable.TOO_LARGE),
        (b"PK\x03\x04 and nothing", DOCX, Unreadable.PARSER_FAILED),
        (b"   \n ", "text/plain", Unreadable.NO_TEXT),
    ],
    ids=["locked", "broken", "no text", "too many pages", "bomb", "no zip", "blank"],
)
async def test_what_can_not_be_read_says_why(
    tmp_path: Path, content: bytes, media_type: str, reason: Unreadable
) -> None:
    with pytest.raises(NotReadable) as refused:
        await Sandbox(bounds=Bounds(pages=3)).read(written(tmp_path, content), media_type)

    assert refused.value.reason is reason


async def test_a_parser_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = written(tmp_path, files.pdf([["x"]]))
    began = time.monotonic()

    with pytest.raises(NotReadable) as refused:
        await Sandbox(seconds=0.01).read(path, PDF)

    assert refused.value.reason is Unreadable.TIMED_OUT
    assert time.monotonic() - began < 10


async def test_what_the_sandbox_says_holds_is_what_the_child_finds(tmp_path: Path) -> None:
    held = await Sandbox().confinement()
    bare = await Sandbox(unshare=None).confinement()

    assert held.network is (shutil.which("unshare") is not None and _namespaces_allowed())
    assert bare.network is False


async def test_a_confined_parser_can_open_no_file_of_ours(tmp_path: Path) -> None:
    if not (await Sandbox().confinement()).files:
        pytest.skip("this kernel has no Landlock")
    secret = written(tmp_path, b"another organisation's document")
    attempt = (
        "import json, sys\n"
        "from rag.confinement import close_files\n"
        "closed = close_files()\n"
        "try:\n    open(sys.argv[1]).read(); opened = True\n"
        "except PermissionError:\n    opened = False\n"
        "print(json.dumps([closed, opened]))\n"
    )

    run = subprocess.run(
        [sys.executable, "-c", attempt, str(secret)], cwd=ROOT, capture_output=True, check=True, timeout=60
    )

    assert json.loads(run.stdout) == [True, False]


async def test_no_child_is_left_when_the_caller_gives_up(tmp_path: Path) -> None:
    path = written(tmp_path, files.pdf([["Stycke " * 20] * 40] * 200))
    before = _children(str(os.getpid()))
    reading = asyncio.create_task(Sandbox(unshare=None).read(path, PDF))
    while _children(str(os.getpid())) <= before and not reading.done():
        await asyncio.sleep(0.001)

    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading

    assert _children(str(os.getpid())) <= before


@pytest.mark.parametrize(
    ("name", "paged", "words"),
    [
        (
            "sv-SFS-1999_175.pdf",
            True,
            "Rättsinformationssystemet skall föras med hjälp av informationsteknik",
        ),
        ("sv-dir-2009_71.pdf", True, "Utredaren ska lämna förslag på hur målgruppen kan avgränsas."),
        ("headers_numbered.docx", True, "Section 2.1.1"),
        ("comments.docx", False, "This is the first paragraph that has a comment attached to it."),
        ("table.ods", False, "Freshwater Ducks"),
        ("table.pptx", False, "A Slide with a Table"),
        ("text_03.odt", False, "Table with rich cells"),
        ("with-image.eml", False, "The unstructured logo is attached to this email."),
    ],
)
async def test_files_that_others_made_are_read(
    shared_documents: Path, name: str, paged: bool, words: str
) -> None:
    path = shared_documents / name

    extract = await Sandbox().read(path, FORMATS[path.suffix].media_type)

    assert extract.paged is paged
    assert any(words in page for page in extract.pages)


async def test_a_word_that_a_line_end_broke_is_whole(shared_documents: Path) -> None:
    extract = await Sandbox().read(shared_documents / "sv-SFS-1999_175.pdf", PDF)

    assert "skall det finnas ett offentligt\nrättsinformationssystem." in extract.pages[0]


def _namespaces_allowed() -> bool:
    return subprocess.run(["unshare", "-r", "-n", "true"], check=False, capture_output=True).returncode == 0


def _children(parent: str) -> set[str]:
    running = set()
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
        except (FileNotFoundError, ProcessLookupError):
            continue
        if lines.get("PPid") == parent and not lines["State"].startswith("Z"):
            running.add(f"{lines['Name']} {lines['Pid']}")
    return running
