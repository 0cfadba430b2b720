"""Long texts: recognized, cut into windows, split by position, in flat memory."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.data.features.feature_choice import choose_features
from dlstudio.data.features.inference import infer_columns
from dlstudio.data.guess_source import guess_source, guess_sources
from dlstudio.data.open_source import open_source
from dlstudio.data.samples import Samples
from dlstudio.data.sources import long_text
from dlstudio.data.text_windows import (
    PIECE,
    TextWindows,
    WindowCells,
    WindowRows,
    character_windows,
    word_windows,
)
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.errors import UserError

CATALOG = Catalog.load()
KIND = "dlstudio.sources.long_text"
LINES = [
    f"Line {number} says “{'la ' * (number % 5)}”.\r\n\r\n" for number in range(90)
]
STORY = "".join(LINES)


def opened(path: Path, **params: object) -> Samples:
    values = FrozenMap({"path": path.as_posix()} | params)
    return open_source(Spec(KIND, values), CATALOG, path.parent)  # type: ignore[arg-type]


def windows(samples: Samples, split: str) -> list[str]:
    cells = samples.columns["text"]
    assert isinstance(cells, WindowCells)
    return cells.take(np.flatnonzero(samples.splits == split)).values.to_list()


def story(folder: Path, text: str = STORY, name: str = "story.txt") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    "text", ["abcdefghij" * 7, "你好，世界！\n" * 9, "a é 👩‍🚀\n" * 9]
)
@pytest.mark.parametrize("size", [8, 9, 33])
def test_windows_overlap_by_a_character_and_lose_none(text: str, size: int) -> None:
    buffer = np.frombuffer(text.encode(), np.uint8)
    made = character_windows(buffer, 0, len(buffer), size)
    texts = made.texts()
    assert texts[0] + "".join(each[1:] for each in texts[1:]) == text
    assert all(len(each) == size for each in texts[:-1]) and len(texts[-1]) > 1
    assert made.lengths().tolist() == list(map(len, texts))
    assert all(a[-1] == b[0] for a, b in pairwise(texts))


def test_windows_of_words_keep_what_is_between_them() -> None:
    text = "one two\nthree  four five\tsix seven eight nine ten"
    buffer = np.frombuffer(text.encode(), np.uint8)
    texts = word_windows(buffer, 0, len(buffer), 8).texts()
    assert texts == [
        "one two\nthree  four five\tsix seven eight ",
        "eight nine ten",
    ]
    assert word_windows(buffer, 0, 3, 8).texts() == [], "one word predicts nothing"


def test_pieces_of_the_buffer_make_no_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    buffer = np.frombuffer(STORY.encode(), np.uint8)
    whole = [
        make(buffer, 0, len(buffer), 11) for make in (character_windows, word_windows)
    ]
    monkeypatch.setattr("dlstudio.data.text_windows.PIECE", 7)
    assert PIECE != 7
    for make, before in zip((character_windows, word_windows), whole, strict=True):
        assert make(buffer, 0, len(buffer), 11).texts() == before.texts()


def test_a_text_is_split_by_position_and_no_window_crosses(tmp_path: Path) -> None:
    samples = opened(story(tmp_path), window=16)
    plain = STORY.replace("\r\n", "\n")
    parts = [windows(samples, name) for name in ("train", "validation", "test")]
    joined = [part[0] + "".join(each[1:] for each in part[1:]) for part in parts]
    assert "".join(joined) == plain, "in this order, and nothing twice"
    assert 0.85 <= len(joined[0]) / len(plain) < 0.95
    assert all(each.endswith("\n") for each in joined), "whole lines"
    assert len(samples) == sum(map(len, parts))


def test_files_of_a_folder_and_their_names(tmp_path: Path) -> None:
    story(tmp_path, "training " * 60, "wiki.train.txt")
    story(tmp_path, "held out " * 60, "wiki.valid.txt")
    story(tmp_path, "for later " * 60, "wiki.test.txt")
    samples = opened(tmp_path, window=20)
    assert all(set(each) <= set("training ") for each in windows(samples, "train"))
    assert "held" in windows(samples, "validation")[0]
    assert "later" in windows(samples, "test")[0]
    assert guess_source(tmp_path, CATALOG).kind == KIND
    paths = sorted(tmp_path.iterdir())
    spec = guess_sources(paths[:2], CATALOG)
    assert spec.kind == KIND
    assert spec.params["files"] == ("wiki.test.txt", "wiki.train.txt")
    with pytest.raises(UserError, match="does not exist"):
        opened(tmp_path, files=("other.txt",))


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "utf-8-sig"])
def test_encodings_are_detected(tmp_path: Path, encoding: str) -> None:
    text = "汉语是汉族的共同语言。\n是世界上使用人数最多的语言之一。\n" * 20
    path = tmp_path / "text.txt"
    path.write_bytes(text.encode(encoding))
    assert guess_source(path, CATALOG).kind == KIND
    assert windows(opened(path, window=12), "train")[0] == text[:12]


def test_what_is_no_continuous_text_is_left_to_others(tmp_path: Path) -> None:
    table = "".join(f"ham\tmessage number {row}\n" for row in range(60))
    pictures = "".join(f"images/{row}.png cat\n" for row in range(60))
    for number, text in enumerate((table, pictures, "short", "a,b\n1,2\n" * 200)):
        path = story(tmp_path, text, f"{number}.txt")
        assert guess_source(path, CATALOG).kind != KIND, text[:20]
    classes = tmp_path / "classes"
    classes.mkdir()
    for name in ("good", "bad"):
        story(classes, f"a {name} film\n" * 80, f"{name}.txt")
    assert guess_source(classes, CATALOG).kind.endswith("text_folder")
    assert guess_source(story(tmp_path), CATALOG).kind == KIND


def test_it_says_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="too short"):
        opened(story(tmp_path, "short"))
    with pytest.raises(UserError, match="does not exist"):
        opened(tmp_path / "none.txt")
    with pytest.raises(UserError, match=r"no \.txt files"):
        (tmp_path / "empty").mkdir()
        opened(tmp_path / "empty")


def test_a_large_text_is_mapped_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = story(tmp_path)
    small = windows(opened(path, window=16), "train")
    monkeypatch.setattr(long_text, "IN_MEMORY", 100)
    samples = opened(path, window=16)
    path.write_text("overwritten")
    assert windows(samples, "train") == small, "a copy, so that files may change"


def test_rows_are_like_an_array() -> None:
    buffer = np.frombuffer(b"abcdefghij", np.uint8)
    rows = WindowRows(TextWindows(buffer, np.array([0, 3, 6]), np.array([3, 6, 10])))
    assert rows.shape == (3,) and rows.nbytes == 10 and rows.itemsize == 3
    assert rows[:].tolist() == ["abc", "def", "ghij"] == np.asarray(rows).tolist()
    assert rows[np.array([2, 0])].tolist() == ["ghij", "abc"]
    assert rows[np.array([True, False, True])].tolist() == ["abc", "ghij"]


def test_it_becomes_a_feature_that_is_predicted_from_itself(tmp_path: Path) -> None:
    samples = opened(story(tmp_path), window=16)
    cells = {"text": samples.columns["text"]}
    choice = choose_features(cells, infer_columns(cells, CATALOG), CATALOG)  # type: ignore[arg-type]
    assert choice.inputs == choice.targets == ("text",)
    feature = choice.features["text"]
    assert feature.kind.endswith("continuous_text")
    assert feature.params == FrozenMap({"unit": "characters", "window": 16})
