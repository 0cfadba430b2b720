"""Lists of tokens and tags in JSON Lines and Parquet files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.data.features.token_texts import token_counts
from dlstudio.data.tables.read import read_table
from dlstudio.data.tables.token_lists import joined_tokens

Row = dict[str, Sequence[object] | None]
ROWS: list[Row] = [
    {"tokens": ["Bob", "is", "in", "New York"], "ner": ["B-PER", "O", "O", "B-LOC"]},
    {"tokens": [], "ner": []},
    {"tokens": ["", "so"], "ner": ["O", "O"]},
    {"tokens": None, "ner": None},
]
GENRES: list[Row] = [{**each, "genres": ["drama", "art"]} for each in ROWS]


def write(folder: Path, rows: Sequence[Row], kind: str) -> Path:
    path = folder / f"sentences.{kind}"
    if kind == "parquet":
        pl.DataFrame(rows).write_parquet(path)
    else:
        path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
@pytest.mark.parametrize("chunk", [10, 10_000])
def test_lists_of_tokens_and_tags_are_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, chunk: int
) -> None:
    chunks = "dlstudio.data.tables.text_chunks.FileText.chunks.__defaults__"
    monkeypatch.setattr(chunks, (chunk,))
    table = read_table(write(tmp_path, GENRES, kind))
    cells = {name: each.values.to_list() for name, each in table.columns.items()}
    assert cells == {
        "tokens": ["Bob is in New␣York", "", "␣ so", None],
        "ner": ["B-PER O O B-LOC", "", "O O", None],
    }
    (note,) = table.notes
    assert note.kind == "nested-columns" and note.path == "genres"
    assert "called tokens" in note.message


@given(st.lists(st.lists(st.text(" a\tb\u00a0\n", max_size=3), min_size=1), min_size=1))
def test_a_sentence_has_as_many_tokens_as_its_list(lists: list[list[str]]) -> None:
    sentences = joined_tokens(pl.Series(lists, dtype=pl.List(pl.String)))
    assert token_counts(sentences).to_list() == [len(each) for each in lists]
