"""What holds for the engine part of every feature type: rows and raw values agree."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from feature_contract import COLUMNS, DESCRIBED, NAMES, cells_of, fits, learned

from dlstudio.catalog.features.categories import CATEGORIES
from dlstudio.catalog.features.date import DATE
from dlstudio.catalog.features.number import NUMBER
from dlstudio.catalog.features.tags import TAGS
from dlstudio.catalog.schema import Description
from dlstudio.data.features.base import dropped_rows, load_feature_type
from dlstudio.document.feature import Feature
from dlstudio.document.values import freeze_map
from dlstudio.engine.features.base import TensorFeature, load_tensor_feature
from dlstudio.engine.features.categories import _CategoriesTensor
from dlstudio.engine.features.date import _DateTensor
from dlstudio.engine.features.number import _NumberTensor
from dlstudio.errors import UserError

TARGETS = (TAGS,)
"""Types of what is predicted alone: they enter no model."""
GRAPHS: dict[str, Any] = {}


def served(tensor: TensorFeature, fitted: Any, feature: Feature, rank: int) -> Any:
    """The graph of an export's argument; the same again is not traced again.

    That of files, which decodes images, takes seconds.
    """
    key = f"{id(tensor)} {json.dumps(fitted, sort_keys=True)} {feature} {rank}"
    if key not in GRAPHS:
        dtype = tf.string if tensor.dtype == "str" else tf.float32
        GRAPHS[key] = tf.function(
            lambda x: tensor.from_raw(x, fitted, feature),
            input_signature=[tf.TensorSpec([None] * rank, dtype)],
        )
    return GRAPHS[key]


def check_serving(tensor: TensorFeature, description: Description, name: str) -> None:
    """What enters a model is the same from rows and from what an export is given."""
    type_, feature = load_feature_type(description), Feature(description.kind)
    cells = cells_of(name)
    column = type_.parse(cells, feature).column
    used = np.flatnonzero(~dropped_rows(column, feature, description))
    cells, column = cells.take(used), column.take(used)
    fitted = learned(type_, feature, column)
    values = tensor.values(type_.encode(column, fitted, feature), fitted)
    raw = tensor.raw(cells, fitted, feature)
    assert len(values) == len(raw) == len(cells)
    assert not tensor.scalar or raw.ndim == 1
    given_text, text = tensor.dtype == "str", values.dtype == object
    form = type_.input_form(feature, type_.statistics(column).distinct)
    assert (form.dtype == "string") == text
    if 0 not in values.shape[1:]:  # no name at all
        assert fits(values.shape[1:], form)
    if description in TARGETS:
        with pytest.raises(UserError):
            tensor.from_raw(raw, fitted, feature)
        return
    dtype = tf.string if given_text else tf.float32
    given = tf.reshape(tf.constant(raw.ravel().tolist(), dtype), raw.shape)
    entered = served(tensor, fitted, feature, raw.ndim)(given).numpy()
    assert entered.shape == values.shape
    if text:
        assert [each.decode() for each in entered.ravel()] == values.ravel().tolist()
    else:
        np.testing.assert_allclose(entered, values, rtol=1e-6, atol=2e-5)
    assert isinstance(tensor.meaning(fitted, feature), str)


def check_written(tensor: TensorFeature, description: Description, name: str) -> None:
    """Texts as they stand in a table enter an export as they are; others fail."""
    type_, cells = load_feature_type(description), cells_of(name)
    settings = freeze_map(type_.infer_params(cells))
    feature = Feature(description.kind, "", settings)
    parsed = type_.parse(cells, feature)
    fitted = learned(type_, feature, parsed.column)
    values = tensor.values(type_.encode(parsed.column, fitted, feature), fitted)
    texts = [text or "" for text in cells.values]
    read = np.flatnonzero(~parsed.unreadable)
    given = tf.constant([texts[n] for n in read], tf.string)
    entered = tensor.from_raw(given, fitted, feature).numpy()
    if values.dtype == object:
        entered = np.vectorize(bytes.decode, otypes=[object])(entered)
        np.testing.assert_array_equal(entered, values[read])
    else:
        np.testing.assert_allclose(entered, values[read], rtol=1e-6, atol=2e-5)
    for place in np.flatnonzero(parsed.unreadable):
        with pytest.raises(tf.errors.InvalidArgumentError):
            tensor.from_raw(tf.constant([texts[place]]), fitted, feature)


@pytest.mark.parametrize("description", DESCRIBED, ids=lambda each: each.name)
@pytest.mark.parametrize("name", NAMES)
def test_an_export_is_given_what_the_rows_are_made_of(
    description: Description, name: str
) -> None:
    check_serving(load_tensor_feature(description), description, name)


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize("kind", ["category", "categories", "date"])
def test_an_export_reads_texts_as_they_are_written(kind: str, name: str) -> None:
    (description,) = (each for each in DESCRIBED if each.name == kind)
    check_written(load_tensor_feature(description), description, name)


def test_dates_of_which_none_may_be_missing() -> None:
    tensor, feature = load_tensor_feature(DATE), Feature(DATE.kind)
    fitted = {"fill": 19_000.0}
    given = tf.constant(["2024-01-05", " NaT "])
    assert tensor.from_raw(given, fitted, feature).numpy()[:, 0].tolist() == [
        19_727, 19_000,
    ]  # fmt: skip
    dropped = replace(feature, params=freeze_map({"missing": "drop"}))
    with pytest.raises(tf.errors.InvalidArgumentError, match="NaT"):
        tensor.from_raw(given, fitted, dropped)


class ReadsMonthsFirst(_DateTensor):
    def from_raw(self, values: Any, fitted: Any, feature: Feature) -> Any:
        wrong = replace(feature, params=freeze_map({"order": "month_first"}))
        return super().from_raw(values, fitted, wrong)


class KeepsBlanks(_CategoriesTensor):
    def from_raw(self, values: Any, fitted: Any, feature: Feature) -> Any:
        return super().from_raw(tf.strings.join([values, "x"]), fitted, feature)


def test_a_type_that_reads_texts_otherwise_is_caught() -> None:
    for wrong, name in ((ReadsMonthsFirst(), "dates"), (KeepsBlanks(), "sets")):
        description = DATE if name == "dates" else CATEGORIES
        with pytest.raises(AssertionError):
            check_written(wrong, description, name)


class FillsNothing(_NumberTensor):
    def from_raw(self, values: Any, fitted: Any, feature: Feature) -> Any:
        return tf.reshape(tf.cast(values, tf.float32), (-1, 1))


class GivesRows(_NumberTensor):
    def values(self, rows: Any, fitted: Any) -> Any:
        return np.asarray(rows, np.float32)


class KeepsOrderOnly(_NumberTensor):
    def raw(self, cells: Any, fitted: Any, feature: Feature) -> Any:
        return super().raw(cells, fitted, feature)[::-1]


@pytest.mark.parametrize("wrong", [FillsNothing, GivesRows, KeepsOrderOnly])
def test_a_type_that_serves_something_else_is_caught(
    wrong: type[_NumberTensor],
) -> None:
    check_serving(_NumberTensor(), NUMBER, "numbers")
    with pytest.raises(AssertionError):
        check_serving(wrong(), NUMBER, "numbers")
