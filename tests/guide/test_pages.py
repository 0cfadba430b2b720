"""Both languages of the guide have the same pages, anchors and code; no dead links."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from guide_text import LANGUAGES, anchors, blocks, links, tokens

from dlstudio.catalog.guide import (
    GLOSSARY,
    HOME,
    PAGES,
    folder,
    headings,
    page_text,
    title,
)
from dlstudio.paths import resource

ROOT = Path(__file__).resolve().parent.parent.parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CODE = re.compile(r"```.*?```", re.DOTALL)
EACH = pytest.mark.parametrize("page", PAGES)
BOTH = pytest.mark.parametrize("language", LANGUAGES)


def pictures():
    """The script that draws the glossary's images."""
    path = ROOT / "packaging" / "guide_images.py"
    spec = importlib.util.spec_from_file_location("guide_images", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@BOTH
def test_the_pages_are_those_of_the_guide(language: str) -> None:
    there = {path.stem for path in folder(language).glob("*")}
    assert there == set(PAGES)


def test_a_language_without_a_guide_has_the_english_one() -> None:
    for page in PAGES:
        assert page_text(page, "xx") == page_text(page, "en")


@EACH
def test_both_languages_have_the_same_places(page: str) -> None:
    english, chinese = (
        [heading[:2] for heading in headings(page_text(page, language))]
        for language in LANGUAGES
    )
    assert english == chinese
    assert anchors(page, "en") == anchors(page, "zh_CN")
    assert len(set(anchors(page, "en"))) == len(anchors(page, "en"))


@EACH
def test_both_languages_have_the_same_code(page: str) -> None:
    english, chinese = (blocks(page, language) for language in LANGUAGES)
    assert [each.language for each in english] == [each.language for each in chinese]
    for one, other in zip(english, chinese, strict=True):
        if one.language != "text":  # output depends on the language
            assert one.code == other.code


@EACH
def test_both_languages_link_to_the_same_places(page: str) -> None:
    assert set(links(page, "en")) == set(links(page, "zh_CN"))


@EACH
@BOTH
def test_every_link_has_a_target(page: str, language: str) -> None:
    for link in links(page, language):
        if link.startswith("https://"):
            continue
        path, _, place = link.partition("#")
        target = folder(language) / (path or f"{page}.md")
        assert target.is_file(), link
        if place:
            assert place in anchors(target.stem, language), link


@BOTH
def test_the_first_page_links_to_all_others(language: str) -> None:
    assert [link.removesuffix(".md") for link in links(HOME, language)] == list(
        PAGES[1:]
    )


@EACH
@BOTH
def test_headings_are_in_the_page_s_language(page: str, language: str) -> None:
    text = page_text(page, language)
    assert bool(CHINESE.search(title(text))) == (language == "zh_CN")
    assert headings(text)[0][0] == 1
    assert all(anchor for _level, anchor, _words in headings(text)[1:])
    if language == "en":
        assert not CHINESE.search(CODE.sub("", text))


@EACH
def test_emphasis_is_read_as_such(page: str) -> None:
    for language in LANGUAGES:
        for token in tokens(page_text(page, language)):
            assert token.type != "text" or "*" not in token.content, token.content


@BOTH
def test_every_entry_of_the_glossary_has_its_image(language: str) -> None:
    terms = [
        each for level, each, _ in headings(page_text(GLOSSARY, language)) if level == 3
    ]
    shown = [link for link in links(GLOSSARY, language) if link.endswith(".svg")]
    assert shown == [f"../images/{term}.svg" for term in terms]
    assert len(terms) > 60


def test_the_images_are_those_that_the_script_draws() -> None:
    script = pictures()
    wanted = script.images()
    assert script.outdated(wanted) == []
    terms = {
        each for level, each, _ in headings(page_text(GLOSSARY, "en")) if level == 3
    }
    assert {name.removesuffix(".svg") for name in wanted} == terms


def test_the_images_are_small_and_load_nothing() -> None:
    for path in resource("guide", "images").iterdir():
        text = path.read_text("utf-8")
        assert len(text) < 16_000, path.name
        assert "href" not in text and "url(" not in text
        assert text.count("http") == 1  # the SVG namespace
