"""Generates the catalog's data files from the installed Keras.

``python -m dlstudio.engine.introspection.describe`` writes
``resources/catalog/keras_*.json``; with ``--check`` it only compares. Information that
is not in signatures and docstrings is in ``overlay.json`` beside them, for operations
in ``overlay_ops.json``: it is merged here, so that the catalog reads one plain JSON
file per family. Exclusions, with reasons, are in ``exclusions.json``.
"""

from __future__ import annotations

import argparse
import inspect
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras

from dlstudio.catalog.categories import CATEGORIES
from dlstudio.engine.introspection.call_signature import CallSignature, call_of
from dlstudio.engine.introspection.docstrings import summary_of, without_params
from dlstudio.engine.introspection.keras_api import (
    FAMILIES,
    Family,
    doc_of,
    docs_of,
    members,
    signature_of,
)
from dlstudio.engine.introspection.metric_direction import direction_of
from dlstudio.engine.introspection.operations import arguments_of, constant_param
from dlstudio.engine.introspection.params import DIMENSIONS, ParamRules, ParamSource
from dlstudio.errors import UserError
from dlstudio.json_values import JsonObject
from dlstudio.paths import resource, write_text

if TYPE_CHECKING:
    from dlstudio.engine.introspection.keras_api import KerasMember
    from dlstudio.engine.introspection.overlay import KindOverlay, Overlay


OPS = "ops"


def describe_all() -> dict[str, str]:
    """File name → text of every generated file, from the installed Keras.

    Raises:
        UserError: The overlay is incomplete, or names something that does not exist.
    """
    overlay = _overlay()
    excluded = _read("exclusions.json")
    texts = {}
    for family in FAMILIES:
        described = _describe_family(
            family, overlay, set(excluded.get(family.section, {}))
        )
        content = {"keras": keras.__version__, "descriptions": described}
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        texts[f"keras_{family.section}.json"] = text
    return texts


def _overlay() -> Overlay:
    """The curated overlay; that of the operations is in a separate file."""
    whole: Overlay = _read("overlay.json")
    ops: Overlay = _read("overlay_ops.json")
    whole["params"] |= ops["params"]
    whole["kinds"] |= ops["kinds"]
    whole["tensors"] = ops["tensors"]
    return whole


def _describe_family(
    family: Family, overlay: Overlay, excluded: set[str]
) -> list[JsonObject]:
    found = members(family)
    kinds = overlay["kinds"].get(family.section, {})
    _refuse(family, "exclusions.json", excluded - set(found))
    _refuse(family, "overlay.json", set(kinds) - (set(found) - excluded))
    rules = ParamRules(
        overlay["params"], OPS if family.family == OPS else family.section
    )
    return [
        _describe(family, name, thing, aliases, kinds.get(name, {}), overlay, rules)
        | _params(family, name, thing, kinds.get(name, {}), overlay, rules)
        for name, (thing, aliases) in found.items()
        if name not in excluded
    ]


def _describe(
    family: Family,
    name: str,
    thing: KerasMember,
    aliases: tuple[str, ...],
    own: KindOverlay,
    overlay: Overlay,
    rules: ParamRules,
) -> JsonObject:
    category = "operations" if family.family == OPS else own.get("category", "")
    look = CATEGORIES.get(category)
    extra = dict(own.get("extra", {}))
    aliases = (*aliases, *own.get("aliases", ()))
    if aliases:
        extra["aliases"] = list(aliases)
    example = _example(family, thing, own, overlay, rules)
    if family.family == "metrics":
        extra["direction"] = direction_of(name, thing, example, own)
    inputs = own.get("inputs") or overlay["ports"].get(category, {})
    if family.family == OPS and "inputs" not in own:
        inputs = arguments_of(thing, overlay["tensors"], own).ports
    called = (
        call_of(thing, overlay["call"])
        if family.family == "layers"
        else CallSignature()
    )
    if called.keywords:
        inputs = {**inputs, "keywords": list(called.keywords)}
    shapes = own.get("example_inputs") or _usual_shapes(name, category, overlay)
    given: JsonObject = {
        "kind": f"{family.module}.{name}",
        "family": family.family,
        "implementation": f"{family.module}:{name}",
        "category": category,
        "summary": own.get("summary") or summary_of(doc_of(thing)),
        "doc": list(without_params(doc_of(thing))),
        "inputs": inputs,
        "call": called.values,
        "color": look.color if look else "",
        "icon": own.get("icon") or (look.icon if look else ""),
        "example": example,
        "example_inputs": shapes if family.nodes else [],
        "example_dtypes": own.get("example_dtypes", []),
        "extra": extra,
    }
    return {key: value for key, value in given.items() if value not in ("", [], {})}


def _params(
    family: Family,
    kind: str,
    thing: KerasMember,
    own: KindOverlay,
    overlay: Overlay,
    rules: ParamRules,
) -> JsonObject:
    docs = docs_of(thing)
    wanted = [
        ParamSource(kind, name, parameter.default, docs.get(name, ""))
        for name, parameter in _signature(family, thing, own, overlay).items()
    ]
    overrides = own.get("params", {})
    _refuse_params(kind, set(overrides) - {each.name for each in wanted})
    described = [rules.describe(each, overrides.get(each.name, {})) for each in wanted]
    if family.family == OPS:
        constants = arguments_of(thing, overlay["tensors"], own).constants
        described += map(constant_param, constants)
        described.append(rules.describe(ParamSource(kind, "name", None, ""), {}))
    return {"params": [param for param in described if param is not None]}


def _signature(
    family: Family, thing: KerasMember, own: KindOverlay, overlay: Overlay
) -> dict[str, inspect.Parameter]:
    if family.family == OPS:
        return arguments_of(thing, overlay["tensors"], own).params
    return signature_of(thing)


def _example(
    family: Family,
    thing: KerasMember,
    own: KindOverlay,
    overlay: Overlay,
    rules: ParamRules,
) -> JsonObject:
    """The overlay's example values, and the rules' for required parameters."""
    usual = {
        name: rules.example(name)
        for name, parameter in _signature(family, thing, own, overlay).items()
        if parameter.default is parameter.empty and rules.example(name) is not None
    }
    return {**usual, **own.get("example", {})}


def _usual_shapes(name: str, category: str, overlay: Overlay) -> list[list[int | None]]:
    shapes = overlay["example_inputs"]
    digits = DIMENSIONS.search(name)
    rank = digits.group() if digits else ""
    keys = (f"{category} {rank}", category, rank, "")
    return list(next(shapes[key] for key in keys if key in shapes))


def _read(name: str) -> Any:
    return json.loads(resource("catalog", name).read_text("utf-8"))


def _refuse(family: Family, file: str, unknown: set[str]) -> None:
    if unknown:
        names = ", ".join(sorted(unknown))
        raise UserError(f"{file} speaks of {names}, which {family.module} lacks.")


def _refuse_params(kind: str, unknown: set[str]) -> None:
    if unknown:
        names = ", ".join(sorted(unknown))
        raise UserError(f"overlay.json sets {names}, which {kind} does not take.")


def main(arguments: list[str] | None = None) -> int:
    """Write the files, or compare them with --check; returns 0 on success, else 1."""
    parser = argparse.ArgumentParser(description="Describe the installed Keras.")
    parser.add_argument("--check", action="store_true", help="only compare")
    options = parser.parse_args(arguments)
    try:
        texts = describe_all()
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    folder = resource("catalog")
    drifted = [name for name, text in texts.items() if _differs(folder / name, text)]
    if options.check and drifted:
        sys.stderr.write(
            f"Keras {keras.__version__} differs from {', '.join(drifted)}: "
            "run “python -m dlstudio.engine.introspection.describe” and look at the "
            "changes.\n"
        )
        return 1
    for name in drifted:
        write_text(folder / name, texts[name])
    return 0


def _differs(path: Path, text: str) -> bool:
    return not path.exists() or path.read_text("utf-8") != text


if __name__ == "__main__":
    sys.exit(main())
