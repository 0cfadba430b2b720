"""Look-ups in the descriptions of data sources."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dlstudio.catalog.source_queries import drop_hints
from dlstudio.catalog.store import Catalog
from dlstudio.i18n import translator


@pytest.fixture
def _in_chinese() -> Iterator[None]:
    translator.use("zh_CN")
    yield
    translator.use("en")


def test_what_may_be_dropped_is_a_phrase() -> None:
    text = drop_hints(Catalog.load().family("sources"))
    assert text.endswith("IDX files or NumPy files")


@pytest.mark.usefixtures("_in_chinese")
def test_chinese_and_other_letters_are_apart() -> None:
    text = drop_hints(Catalog.load().family("sources"))
    assert text.endswith("IDX 文件或 NumPy 文件")
