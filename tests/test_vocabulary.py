"""Messages use the field's terms: one word per concept, in one style."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import dlstudio

ROOT = Path(__file__).resolve().parent.parent
FIELD = re.compile(r"\{[^{}]*\}")
RETIRED = {
    r"pictures?": "image",
    r"wir(e|es|ed|ing)": "connection",
    r"links?": "connection",
    r"(cure|mend)(s|ed)?": "fix",
    r"parts?": "split",
    r"(take|takes|taken) (in|up|back)": "include, resume, unarchive",
    r"go(es)? on|cut off": "resume, interrupted",
    r"(leave|leaves|left) out": "exclude",
    r"measur(e|es|ed|ing)": "evaluate",
    r"rounds?|sittings?|pieces?": "epoch, run, sample",
    r"each class alike": "stratify by class",
    r"all defaults|as the system": "restore defaults, match system",
    r"archived too": "show archived",
    r"time for one": "latency per image",
    r"hangs? on|belongs? into": "depends on, belongs in",
    r"tell|tells|told": "report, message",
    r"wish(es|ed)?": "request",
    r"is (called|named) so": "no results",
    r"once more": "again",
}
"""Retired words, and their replacements."""
EXCEPTIONS = {
    "{path} is a link, and files are not written through links.": "of the file system",
    "Delete the link, or replace it with a regular file or folder.": "of the same",
    "The link points to a file that does not exist.": "of the same",
    "With {policy}, the last layer {node} outputs {dtype}, which rounds small scores "
    "and can make the loss NaN. Use float32 for this layer.": "of numbers",
    "Rounds each value down.": "of numbers",
    "Rounds each value up.": "of numbers",
    "Rounds each value.": "of numbers",
    "Use Python syntax, such as “:, 0”, “:, 1:3” or “..., -1”.": "Python's ellipsis",
    "Choose auto, cpu, gpu:0, gpu:1, … or all.": "stands for further items",
}
"""Messages that use such a word or sign in another sense, and which sense."""
MARKING = {"_", "ngettext", "marked", "mark"}


@pytest.fixture(scope="module")
def every_message() -> list[str]:
    """Every English message of the program, with both plural forms."""
    found = _translations().extracted()
    every = (each for each in found if each.id and not _is_keras(each.locations))
    texts = (each.id if isinstance(each.id, tuple) else (each.id,) for each in every)
    return [text for forms in texts for text in forms]


@pytest.fixture
def messages(every_message: list[str]) -> list[str]:
    """Messages that must not have retired words."""
    return [text for text in every_message if text not in EXCEPTIONS]


def _is_keras(places: list[tuple[str, int]]) -> bool:
    """Whether it is only in the generated catalog, whose wording is Keras'."""
    return all(file.startswith("keras_") for file, _line in places)


def _translations() -> ModuleType:
    path = ROOT / "packaging" / "translations.py"
    spec = importlib.util.spec_from_file_location("translations", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("retired", "instead"), RETIRED.items())
def test_no_message_has_a_retired_word(
    messages: list[str], retired: str, instead: str
) -> None:
    pattern = re.compile(rf"\b({retired})\b", re.IGNORECASE)
    found = [text for text in messages if pattern.search(FIELD.sub("", text))]
    assert found == [], f"say: {instead}"


def test_an_ellipsis_is_one_character_without_a_space_before_it(
    messages: list[str],
) -> None:
    assert len(messages) > 2000
    lists = (", …", "… and ")  # stands for further items
    found = [text for text in messages if "..." in text or " …" in text]
    assert [text for text in found if not any(each in text for each in lists)] == []


def test_exceptions_are_messages(every_message: list[str]) -> None:
    assert EXCEPTIONS.keys() <= set(every_message)


def test_no_message_stands_in_an_f_string() -> None:
    """Extraction does not find it there, so it would never be translated."""
    assert list(_in_f_strings()) == []


def _in_f_strings() -> Iterator[str]:
    for path in sorted(Path(dlstudio.__file__).parent.rglob("*.py")):
        for text in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(text, ast.JoinedStr):
                for call in ast.walk(text):
                    if _marks(call):
                        yield f"{path.name}:{text.lineno}"


def _marks(call: ast.AST) -> bool:
    """Whether it is a call with a message to extract."""
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in MARKING
        and bool(call.args)
        and isinstance(call.args[0], ast.Constant)
    )
