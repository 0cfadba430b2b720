"""Names use the field's terms; class names are unique."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import dlstudio

ROOT = Path(dlstudio.__file__).parent
# Retired names, which users of Keras and Qt would not search for.
RETIRED = """
asked asking assembled bench board bottom brief commanded cure cured deed deeds desk
doors dividing drifting face facts figures folding ground grounds habits hits keeper
kept lane link looking look midway mending newest offers pace part parts peek
peeking picture pictures placing plain portion sentences sitting sketch teller
telling told trouble tabbing walking waybar wire wires wish wishes wording
"""
# Terms of the field that contain a retired word.
FIELD_TERMS = {"ModelFacts"}
# Nouns of the field that look like gerunds, and plain words.
NOUNS = """
building drawing editing encoding finding learning listing numbering preprocessing
routing steering string tagging training typing
"""


def modules() -> Iterator[Path]:
    return (path.relative_to(ROOT) for path in sorted(ROOT.rglob("*.py")))


def classes() -> Iterator[tuple[str, Path]]:
    for path in modules():
        for each in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
            if isinstance(each, ast.ClassDef):
                yield each.name, path


def words(name: str) -> set[str]:
    """`NodeCardModel` and `node_card_model` both give node, card and model."""
    found = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)
    return {word.lower() for word in found}


def test_a_name_is_split_into_words() -> None:
    assert (
        words("NodeCardModel") == words("node_card_model") == {"node", "card", "model"}
    )
    assert words("_URLList2") == {"url", "list", "2"}


def test_a_class_name_stands_once_in_the_package() -> None:
    places = defaultdict(list)
    for name, path in classes():
        places[name].append(path.as_posix())
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_modules_have_no_retired_names() -> None:
    parts = {part for path in modules() for part in path.with_suffix("").parts}
    assert [part for part in sorted(parts) if words(part) & set(RETIRED.split())] == []


def test_public_classes_have_no_retired_names() -> None:
    assert [
        f"{path}: {name}"
        for name, path in classes()
        if not name.startswith("_")
        and name not in FIELD_TERMS
        and words(name) & set(RETIRED.split())
    ] == []


def test_no_module_is_called_what_it_is_doing() -> None:
    """Modules are named by nouns: `connection_rules`, not `connecting`."""
    parts = {part for path in modules() for part in path.with_suffix("").parts}
    gerunds = [
        part
        for part in sorted(parts)
        for word in words(part)
        if re.fullmatch(r"[a-z]{2,}ing", word) and word not in NOUNS.split()
    ]
    assert gerunds == []
