"""Columns without names are called the same in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.data.tables.header import numbered_columns
from dlstudio.data.tables.read import read_table
from dlstudio.i18n import LANGUAGES, translator


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_changes_what_projects_refer_to(
    language: str, tmp_path: Path
) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("1,2\n3,4\n5,6\n", "utf-8")
    before = translator.language
    translator.use(language)
    try:
        assert list(read_table(path).columns) == ["column 1", "column 2"]
        assert numbered_columns(1) == ("column 1",)
    finally:
        translator.use(before)
