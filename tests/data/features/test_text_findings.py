"""Findings about texts: copies, contradictions, damaged characters, languages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from small_images import CATALOG

from dlstudio.data.columns import Cells
from dlstudio.data.features.column_findings import column_findings
from dlstudio.data.features.column_json import column_json
from dlstudio.data.features.inference import infer_columns
from dlstudio.data.features.inferred_table import InferredTable
from dlstudio.data.features.text_languages import language_name, text_languages
from dlstudio.data.features.text_overlap import texts_across_splits
from dlstudio.data.findings import Finding, RecipeFix

N = 60
ENGLISH = [
    f"The {word} on the hill was painted again in the summer of nineteen {n}"
    for n, word in enumerate(("house", "church", "school", "bridge", "mill") * 12)
]
CHINESE = [f"第{n}家店的外卖很好吃，送得也快，下次我们还会再点的。" for n in range(N)]
STARS = ["good", "bad"] * (N // 2)
PRICE = np.random.default_rng(2).normal(size=N).round(3).tolist()


def table(texts: Sequence[str | None], **others: Sequence[object]) -> InferredTable:
    columns = {
        "text": pl.Series(texts, dtype=pl.String),
        **{
            name: pl.Series([str(each) for each in values])
            for name, values in others.items()
        },
    }
    cells = {name: Cells(values) for name, values in columns.items()}
    return InferredTable(cells, infer_columns(cells, CATALOG), "y", CATALOG)


def found(
    texts: Sequence[str | None], kind: str, **others: Sequence[object]
) -> list[Finding]:
    others.setdefault("y", STARS)
    every = column_findings(table(texts, **others))
    return [each for each in every if each.kind == kind]


def excluded(finding: Finding) -> tuple[int, ...]:
    (fix,) = finding.fixes
    assert isinstance(fix, RecipeFix)
    return fix.exclude


def test_sound_texts_have_no_findings() -> None:
    assert column_findings(table(ENGLISH, y=STARS, price=PRICE)) == ()
    assert column_findings(table(CHINESE, y=STARS, price=PRICE)) == ()


@pytest.mark.parametrize(
    "damaged",
    [
        "It\ufffds broken",
        "Donâ€™t go there",
        "CafÃ© at the corner",
        "锟斤拷锟斤拷",
        "A bell \x07 rings",
        "In the mid\ufeffdle",
    ],
)
def test_damaged_characters_are_found(damaged: str) -> None:
    texts = [*ENGLISH[:3], damaged, *ENGLISH[4:]]
    (one,) = found(texts, "damaged-texts")
    assert one.rows == excluded(one) == (3,)
    assert "in row 4" in one.message


@pytest.mark.parametrize(
    "sound",
    ["Ünïcode çafé", "“quoted” – and…", "emoji 😀", "línea\nnueva\ttab", "ÃO", "€ 5"],
)
def test_unusual_characters_are_sound(sound: str) -> None:
    assert found([sound, *ENGLISH[1:]], "damaged-texts") == []


def test_copies_beside_other_columns() -> None:
    texts = [*ENGLISH[:58], ENGLISH[0], ENGLISH[0]]
    # Row 58 has the class of row 0, row 59 the other one; 0, 58 and 59 contradict.
    (other,) = found(texts, "conflicting-texts", price=PRICE)
    assert other.rows == (0, 58, 59)
    assert found(texts, "duplicate-texts", price=PRICE) == []
    texts = [*ENGLISH[:58], ENGLISH[0], None]
    (copy,) = found(texts, "duplicate-texts", price=PRICE)
    assert excluded(copy) == (58,)
    assert copy.message == "1 text occurs in an earlier row with the same target."
    # Where the text is the only input, whole rows are copies.
    assert found(texts, "duplicate-texts") == []
    assert len(found(texts, "duplicate-rows")) == 1


def test_several_languages_are_named() -> None:
    (one,) = found([*ENGLISH[:40], *CHINESE[:20]], "mixed-languages")
    assert "English" in one.message and "Chinese" in one.message
    assert found(ENGLISH, "mixed-languages") == []


def test_languages_and_scripts() -> None:
    both = text_languages(pl.Series([*ENGLISH, *CHINESE, None]))
    assert {code for code, _share in both.languages} == {"en", "zh"}
    assert {name for name, _share in both.scripts} == {
        "Latin script",
        "Chinese characters",
    }
    assert sum(share for _code, share in both.languages) == pytest.approx(1)
    empty = text_languages(pl.Series([None, "", "42"], dtype=pl.String))
    assert (empty.scripts, empty.languages) == ((), ())
    assert (language_name("zh"), language_name("xx")) == ("Chinese", "xx")
    known = table(CHINESE, y=STARS)
    shown = column_json(known.columns["text"], known.cells["text"], CATALOG)
    assert shown["languages"] == {"zh": 1.0}


def test_without_the_library_scripts_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    told = text_languages(pl.Series([*ENGLISH, *CHINESE]))
    assert told.languages == () and len(told.scripts) == 2
    (one,) = found([*ENGLISH[:40], *CHINESE[:20]], "mixed-languages")
    assert "Latin script" in one.message and "Chinese characters" in one.message


def test_texts_of_the_training_split_in_others() -> None:
    texts = [*ENGLISH[:58], ENGLISH[0], None]
    known = table(texts, y=STARS, price=PRICE)
    splits = {
        "train": np.arange(50),
        "validation": np.arange(50, 55),
        "test": np.arange(55, N),
    }
    (one,) = texts_across_splits(known, splits)
    assert one.kind == "duplicate-across-splits" and one.path == "text"
    assert one.rows == excluded(one) == (58,)
    sound = {**splits, "test": np.array([55, 56, 59])}
    assert list(texts_across_splits(known, sound)) == []
    assert list(texts_across_splits(known, {})) == []
