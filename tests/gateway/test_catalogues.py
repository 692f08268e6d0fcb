"""The operator's own words: read at start, every fault told, served to whoever comes."""

import json
from dataclasses import replace

import pytest

from gateway import VERSION
from gateway.app import compose
from gateway.catalogues import read_catalogues
from gateway.settings import BadSettings
from tests.gateway.serving import client, served

SAMI = {"language": {"name": "Davvisámegiella"}, "shell": {"skip": "Sisdollui"}}


def put(folder, path, words):
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(words if isinstance(words, str) else json.dumps(words), encoding="utf-8")


def faults_of(folder):
    with pytest.raises(BadSettings) as raised:
        read_catalogues(folder)
    return raised.value.faults


def test_without_a_folder_there_are_no_words():
    assert list(read_catalogues(None)) == []


def test_a_language_is_a_file_or_a_folder_of_areas_or_both(tmp_path):
    put(tmp_path, "se.json", SAMI)
    put(tmp_path, "se/shell.json", {"shell": {"home": "Ruoktot"}})
    put(tmp_path, "sv/shell.json", {"login": {"title": "Stig in"}})
    se, sv = read_catalogues(tmp_path)
    assert (se.code, se.name) == ("se", "Davvisámegiella")
    assert se.words["shell"] == {"skip": "Sisdollui", "home": "Ruoktot"}
    assert (sv.name, sv.words) == (None, {"login": {"title": "Stig in"}})


def test_an_areas_file_is_the_later_word(tmp_path):
    put(tmp_path, "se.json", SAMI)
    put(tmp_path, "se/shell.json", {"shell": {"skip": "Njuike"}})
    (se,) = read_catalogues(tmp_path)
    assert se.words["shell"] == {"skip": "Njuike"}


def test_every_fault_is_told_at_once_with_its_file(tmp_path):
    put(tmp_path, "se.json", {"shell": {"skip": "Sisdollui"}})
    put(tmp_path, "Finska.json", SAMI)
    put(tmp_path, "fi/shell.json", "{")
    put(tmp_path, "sv/shell.json", {"shell": {"skip": ["a", "list"]}})
    put(tmp_path, "en/shell.json", "[]")
    put(tmp_path, "en/En Area.json", {})
    faults = faults_of(tmp_path)
    assert all(fault.startswith("VALV_LANGUAGES: ") for fault in faults)
    for said in (
        "se: the language has no name",
        "Finska: its name is no language code",
        "fi/shell.json: is no JSON (line 1)",
        "sv/shell.json: shell.skip is neither a text",
        "en/shell.json: the whole is neither",
        "en/En Area.json: its name is no area's",
    ):
        assert any(said in fault for fault in faults), (said, faults)


def test_a_folder_that_is_not_there_and_a_file_that_is_no_text_are_told(tmp_path):
    assert "there is no folder" in faults_of(tmp_path / "gone")[0]
    (tmp_path / "sv.json").write_bytes(b"\xff\xfe")
    assert "UTF-8" in faults_of(tmp_path)[0]


@pytest.mark.anyio
@pytest.mark.parametrize(("capture", "kept"), [("off", False), ("strict", True)])
async def test_visitors_are_told_whether_content_is_kept(house, capture, kept):
    settings = house.settings
    chosen = settings.model_copy(update={"audit": settings.audit.model_copy(update={"capture": capture})})
    async with served(compose(replace(house.lab, settings=chosen))) as url, client(url) as nobody:
        assert (await nobody.get("/api/about")).json()["keeps_content"] is kept


@pytest.mark.anyio
async def test_the_languages_and_their_words_are_told_to_whoever_comes(house, tmp_path):
    put(tmp_path, "se.json", SAMI)
    lab = replace(house.lab, catalogues=read_catalogues(tmp_path))
    async with served(compose(lab)) as url, client(url) as nobody:
        about = (await nobody.get("/api/about")).json()
        words = await nobody.get("/api/about/words/se")
        assert (await nobody.get("/api/about/words/fi")).status_code == 404
    del about["keeps_content"]  # as the tests are run: with strict capture too
    assert about == {
        "version": VERSION,
        "accessibility": "tillganglighet@ekdalen.example",
        "privacy": None,
        "languages": [{"code": "se", "name": "Davvisámegiella"}],
    }
    assert words.json() == SAMI
    assert words.headers["cache-control"] == "public, max-age=300"
