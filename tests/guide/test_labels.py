"""Words in bold in the guide are texts of the user interface."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from guide_text import LANGUAGES, strong

from dlstudio.catalog.guide import PAGES

ROOT = Path(__file__).resolve().parent.parent.parent
PO = ROOT / "resources" / "locale" / "zh_CN" / "LC_MESSAGES" / "dlstudio.po"
MNEMONIC = re.compile(r"\s*\(&.\)|&")


@pytest.fixture(scope="module")
def texts() -> dict[str, set[str]]:
    """Every text of the program, in each language, without mnemonics."""
    with PO.open("rb") as stream:
        messages = list(read_po(stream, locale="zh_CN"))
    found: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    for message in messages:
        if isinstance(message.id, str) and isinstance(message.string, str):
            found["en"].add(MNEMONIC.sub("", message.id))
            found["zh_CN"].add(MNEMONIC.sub("", message.string))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_words_in_bold_are_on_the_screen(
    texts: dict[str, set[str]], page: str, language: str
) -> None:
    assert [
        each for each in strong(page, language) if each not in texts[language]
    ] == []
