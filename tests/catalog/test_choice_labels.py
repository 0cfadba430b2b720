"""Choices have translatable labels; identifiers of code keep their names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dlstudio.catalog.choice_labels import LABELS, choice_text
from dlstudio.catalog.schema import Param
from dlstudio.catalog.store import Catalog
from dlstudio.catalog.value_checks import PLAIN_CHECKS
from dlstudio.i18n import translator

CATALOG = Catalog.load()
SHOWN = (
    "layers",
    "losses",
    "optimizers",
    "initializers",
    "sources",
    "plan",
    "features",
)
CODE = {
    *("dtype", "reverse_dtype", "vocabulary_dtype", "precision", "encoding", "name"),
    *("architecture", "padding", "window", "oov_method", "side", "score_mode"),
}
"""Parameters whose values are dtypes, codecs, or terms of Keras."""
TERMS = {
    *("one_hot", "multi_hot", "tf_idf", "lanczos3", "lanczos5", "mitchellcubic"),
    *("log", "magnitude", "psd", "real", "imag", "angle", "stft", "gpu:0"),
    *("|", ";", ","),
    *("fan_in", "fan_out", "fan_avg", "sum_over_batch_size", "mean_with_sample_weight"),
}


@pytest.fixture
def chinese() -> Iterator[None]:
    before = translator.language
    translator.use("zh_CN")
    yield
    translator.use(before)


def enums() -> dict[str, set[object]]:
    """Every choice that a form offers, by parameter name."""
    found: dict[str, set[object]] = {}
    for description in CATALOG:
        for param in description.params:
            if param.type == "enum":
                found.setdefault(param.name, set()).update(param.choices)
    return found


def test_every_label_is_that_of_a_choice() -> None:
    known = enums()
    stray = [
        (n, v) for n, values in LABELS.items() for v in values if v not in known[n]
    ]
    assert not stray


def test_every_choice_of_a_form_has_a_label_or_is_code() -> None:
    bare = {
        (param.name, value)
        for description in CATALOG
        if description.family in SHOWN
        for param in description.params
        if param.type == "enum" and param.name not in CODE
        for value in param.choices
        if isinstance(value, str) and value not in TERMS
        if value not in LABELS.get(param.name, {})
    }
    assert not bare


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("process", "thread", "线程"),
        ("class_weights", "none", "无"),
        ("device", "auto", "自动"),
        ("mode", "horizontal", "水平"),
        ("interpolation", "bilinear", "双线性"),
        ("fill_mode", "constant", "常数"),
        ("padding", "same", "same"),
        ("dtype", "mixed_float16", "mixed float16"),
        ("use_cudnn", True, "是"),
    ],
)
def test_choices_are_translated(
    chinese: None, name: str, value: object, text: str
) -> None:
    assert choice_text(name, value) == text


def test_a_mistake_names_the_code_and_its_translation(chinese: None) -> None:
    param = Param("mode", "enum", choices=("horizontal", "vertical"))
    sentence = PLAIN_CHECKS["enum"](param, "odd")
    assert "“horizontal”（水平）" in sentence
