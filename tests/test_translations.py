"""Every message is translated with the same fields, and compiled files are current."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from dlstudio.i18n import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
TRANSLATED = [each for each in LANGUAGES if each != "en"]


@pytest.fixture(scope="module")
def translations() -> ModuleType:
    path = ROOT / "packaging" / "translations.py"
    spec = importlib.util.spec_from_file_location("translations", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_with_its_fields(
    translations: ModuleType, language: str
) -> None:
    catalog = translations.merged(language, translations.extracted())
    assert len(catalog) > 500
    assert translations.problems(catalog) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_shipped_is_what_was_translated(
    translations: ModuleType, language: str
) -> None:
    path = translations.po_file(language)
    shipped = path.with_suffix(".mo").read_bytes()
    assert shipped == translations.compiled(translations.read(language))


def test_problems_are_found(translations: ModuleType) -> None:
    catalog = translations.Catalog(locale="zh_CN")
    catalog.add("{count} images", "{number} 张图片")
    catalog.add("A sentence", "")
    catalog.add("Fine {a} {b}", "{b} 很好 {a}")
    found = translations.problems(catalog)
    assert len(found) == 2


NOUNS = (
    *("class", "epoch", "file", "finding", "image", "input", "label", "layer", "map"),
    *("metric", "output", "parameter", "problem", "run", "sample", "score"),
    *("size", "unit", "value", "weight", "connection", "column", "row", "number"),
)
NOT_COUNTS = "node|decoded"
"""Fields after which "outputs" is a verb, or which list names of formats."""
COUNTED = re.compile(
    rf"\{{(?!(?:{NOT_COUNTS})\}})\w+(?::[,gd]+)?\}} "
    rf"(?:{'|'.join(NOUNS)})(?:e?s|\(s\))\b"
)
NEVER_ONE = frozenset(
    (
        # Always several: found, compared or offered.
        "There are fewer than {least} samples of {names}, too few for training "
        "and testing. Add more.",
        "The model has {count} outputs: {names}; expected a single output with "
        "one score per class. Connect the dangling outputs, or remove them.",
        "The model has {count} inputs: {names}; expected one, because each "
        "sample is a single image. Use one input for all branches.",
        "A batch size of {batch} cannot be divided evenly among {count} devices.",
        "Change {count} layers: {parameter}",
        "Comparing {count} runs",
        "Keep only the first {most} connections",
        "it contains {count} files",
        "{count} problems: {title}",
        # Totals, and numbers such as "1.2 M".
        "Search {count} layers…",
        "{count} of {total} images",
        "{size} weights",
    )
)
LARGE = (
    # Beginnings of messages that are only used with large numbers.
    "Takes images of {height}×{width}×{channels} (height, width, channe",
    "The labels in “{column}” look like numbers, not classes: there are",
    "The largest class has {most} samples, the smallest only {least};",
    "The loss {loss} handles each of the {units} scores independently,",
    "The output has {count} values, too many to display.",
    "Training needs at least {needed} of memory for {count:,} parameter",
    "{images} contains {many} images, but {labels} contains {few} labels.",
    "{node} has {params:,} of the {total:,} parameters of the model, be",
)


def test_counted_nouns_have_plural_forms(translations: ModuleType) -> None:
    bare = [
        message.id
        for message in translations.extracted()
        if isinstance(message.id, str) and COUNTED.search(message.id)
    ]
    assert [
        each for each in sorted(set(bare) - NEVER_ONE) if not each.startswith(LARGE)
    ] == []


def test_no_exception_is_left_over(translations: ModuleType) -> None:
    ids = {each.id for each in translations.extracted()}
    assert ids >= NEVER_ONE
    assert [each for each in LARGE if not _begins(each, ids)] == []


def _begins(start: str, ids: set[str | tuple[str, ...]]) -> bool:
    return any(isinstance(each, str) and each.startswith(start) for each in ids)
