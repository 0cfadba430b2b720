"""Chinese texts whose words are found beforehand, where a column's settings say so."""

from __future__ import annotations

import builtins
from typing import Any

import polars as pl
import pytest

from dlstudio.data.columns import Cells, Texts
from dlstudio.data.features.chinese_words import with_words
from dlstudio.data.features.text import TEXT
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap
from dlstudio.engine.features.input_branch import BranchInput
from dlstudio.engine.features.text import TEXT as TENSOR
from dlstudio.errors import UserError

pytest.importorskip("rjieba")
WORDS = Feature("dlstudio.features.text", "", FrozenMap({"segmentation": "words"}))
TEXTS = pl.Series(["我来到北京清华大学！", "naïve 🙂 film", None, "好吃very good"])


def test_words_stand_between_blanks_and_all_else_stays() -> None:
    found = with_words(TEXTS).to_list()
    assert found == [
        "我 来到 北京 清华大学 ！",
        "naïve 🙂 film",
        None,
        "好吃 very good",
    ]
    assert with_words(with_words(TEXTS)).to_list() == found
    plain = pl.Series(["no  Chinese "])
    assert with_words(plain) is plain


def test_a_column_is_read_the_same_in_training_and_from_outside() -> None:
    column = TEXT.parse(Cells(TEXTS), WORDS).column
    assert isinstance(column, Texts) and column.values[0].startswith("我 来到")
    raw = TENSOR.raw(Cells(TEXTS), {}, WORDS)
    assert raw.tolist() == column.values.fill_null("").to_list()
    again = TEXT.decode(TEXT.encode(column, {}, WORDS), {}, WORDS)
    assert TEXT.parse(again, WORDS).column.values.to_list() == column.values.to_list()
    characters = TEXT.parse(Cells(TEXTS), Feature(WORDS.kind)).column
    assert isinstance(characters, Texts) and characters.values[0] == TEXTS[0]


def test_templates_split_at_blanks_and_the_card_states_the_contract() -> None:
    texts = pl.Series(["我来到北京清华大学", "味道很好吃，送餐很快"] * 9)

    def split(feature: Feature) -> object:
        column = TEXT.parse(Cells(texts), feature).column
        branch = TENSOR.branch(BranchInput(feature, lambda: 2, column))
        return branch.layers[0].params["split"]

    assert split(WORDS) == "whitespace"
    assert split(Feature(WORDS.kind)) == "character"
    assert "blanks between Chinese words" in TENSOR.meaning({}, WORDS)
    assert "blanks between" not in TENSOR.meaning({}, Feature(WORDS.kind))


def test_without_the_library_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any, **named: Any) -> Any:
        if name == "rjieba":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(UserError) as caught:
        with_words(TEXTS)
    assert "dlstudio[text]" in (caught.value.hint or "")
