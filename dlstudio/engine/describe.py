"""Describes what the installed Keras has, as the data files the catalog reads.

``python -m dlstudio.engine.describe`` writes ``resources/catalog/keras_*.json`` again;
with ``--check`` it only compares. What signatures and docstrings do not tell lies in
``overlay.json`` beside them: it is merged in here, so that reading the catalog needs
one plain JSON file per family and no merging. What is left out, and why, lies in
``exclusions.json``.
"""

from __future__ import annotations

import argparse
import inspect
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import keras

from dlstudio.catalog.categories import CATEGORIES
from dlstudio.engine.describe_params import DIMENSIONS, ParamRules, Wanted
from dlstudio.engine.docstrings import params_of, summary_of, without_params
from dlstudio.errors import UserError
from dlstudio.paths import resource, write_text


@dataclass(frozen=True, slots=True)
class Family:
    """Where the things of one family live in Keras.

    Attributes:
        section: Key of the family in the overlay and the exclusions, and the stem
            of its file: "layers" → keras_layers.json.
        family: The catalog's name of it.
        module: Public module, "keras.layers".
        functions: The members are functions (activations), not classes.
    """

    section: str
    family: str
    module: str
    functions: bool = False


FAMILIES = (
    Family("layers", "layers", "keras.layers"),
    Family("optimizers", "optimizers", "keras.optimizers"),
    Family("schedules", "keras_schedules", "keras.optimizers.schedules"),
    Family("losses", "losses", "keras.losses"),
    Family("metrics", "metrics", "keras.metrics"),
    Family("callbacks", "callbacks", "keras.callbacks"),
    Family("initializers", "initializers", "keras.initializers"),
    Family("regularizers", "regularizers", "keras.regularizers"),
    Family("constraints", "constraints", "keras.constraints"),
    Family("activations", "activations", "keras.activations", functions=True),
)
_HELPERS = ("get", "serialize", "deserialize")


def members(family: Family) -> dict[str, tuple[Any, tuple[str, ...]]]:
    """Canonical name → the object and its other public names, sorted by name."""
    module = _module(family.module)
    names: dict[Any, list[str]] = {}
    wanted = inspect.isfunction if family.functions else inspect.isclass
    for name, thing in inspect.getmembers(module, wanted):
        if not name.startswith("_") and name not in _HELPERS:
            names.setdefault(thing, []).append(name)
    found = {}
    for thing, given in names.items():
        own = thing.__name__
        canonical = own if own in given else max(given, key=lambda n: (len(n), n))
        others = tuple(sorted(name for name in given if name != canonical))
        found[canonical] = (thing, others)
    return dict(sorted(found.items()))


def describe_all() -> dict[str, str]:
    """File name → text of every generated file, from the installed Keras.

    Raises:
        UserError: The overlay is missing something, or speaks of what is not there.
    """
    overlay = _read("overlay.json")
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


def _describe_family(
    family: Family, overlay: Mapping[str, Any], excluded: set[str]
) -> list[dict[str, Any]]:
    found = members(family)
    kinds = overlay["kinds"].get(family.section, {})
    _refuse(family, "exclusions.json", excluded - set(found))
    _refuse(family, "overlay.json", set(kinds) - (set(found) - excluded))
    rules = ParamRules(overlay["params"], family.section)
    return [
        _describe(family, name, thing, aliases, kinds.get(name, {}), overlay, rules)
        | _params(name, thing, kinds.get(name, {}), rules)
        for name, (thing, aliases) in found.items()
        if name not in excluded
    ]


def _describe(
    family: Family,
    name: str,
    thing: Any,
    aliases: tuple[str, ...],
    own: Mapping[str, Any],
    overlay: Mapping[str, Any],
    rules: ParamRules,
) -> dict[str, Any]:
    category = own.get("category", "")
    look = CATEGORIES.get(category)
    extra = dict(own.get("extra", {}))
    aliases = (*aliases, *own.get("aliases", ()))
    if aliases:
        extra["aliases"] = list(aliases)
    inputs = own.get("inputs") or overlay["ports"].get(category, {})
    shapes = own.get("example_inputs") or _usual_shapes(name, category, overlay)
    given = {
        "kind": f"{family.module}.{name}",
        "family": family.family,
        "implementation": f"{family.module}:{name}",
        "category": category,
        "summary": own.get("summary") or summary_of(_doc(thing)),
        "doc": list(without_params(_doc(thing))),
        "inputs": inputs,
        "color": look.color if look else "",
        "icon": own.get("icon") or (look.icon if look else ""),
        "example": _example(thing, own, rules),
        "example_inputs": shapes if family.section == "layers" else [],
        "example_dtypes": own.get("example_dtypes", []),
        "extra": extra,
    }
    return {key: value for key, value in given.items() if value not in ("", [], {})}


def _params(
    kind: str,
    thing: Any,
    own: Mapping[str, Any],
    rules: ParamRules,
) -> dict[str, Any]:
    docs = _docs(thing)
    wanted = [
        Wanted(kind, name, parameter.default, docs.get(name, ""))
        for name, parameter in _signature(thing).items()
    ]
    overrides = own.get("params", {})
    _refuse_params(kind, set(overrides) - {each.name for each in wanted})
    described = [rules.describe(each, overrides.get(each.name, {})) for each in wanted]
    return {"params": [param for param in described if param is not None]}


def _signature(thing: Any) -> dict[str, inspect.Parameter]:
    """Parameters a user sets, with those that every layer takes through **kwargs."""
    is_class = inspect.isclass(thing)
    found = dict(inspect.signature(thing.__init__ if is_class else thing).parameters)
    found.pop("self" if is_class else "x")
    varying = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    open_ended = any(each.kind in varying for each in found.values())
    found = {name: each for name, each in found.items() if each.kind not in varying}
    if open_ended and _is_layer(thing):
        base = inspect.signature(keras.layers.Layer.__init__).parameters
        for name in ("activity_regularizer", "name", "trainable", "dtype"):
            found.setdefault(name, base[name])
    return found


def _example(thing: Any, own: Mapping[str, Any], rules: ParamRules) -> dict[str, Any]:
    """The overlay's example values, for required parameters also the rules'."""
    usual = {
        name: rules.example(name)
        for name, parameter in _signature(thing).items()
        if parameter.default is parameter.empty and rules.example(name) is not None
    }
    return {**usual, **own.get("example", {})}


def _usual_shapes(name: str, category: str, overlay: Mapping[str, Any]) -> list[Any]:
    shapes = overlay["example_inputs"]
    digits = DIMENSIONS.search(name)
    rank = digits.group() if digits else ""
    keys = (f"{category} {rank}", category, rank, "")
    return list(next(shapes[key] for key in keys if key in shapes))


def _docs(thing: Any) -> dict[str, str]:
    texts = [_doc(thing)]
    if inspect.isclass(thing):
        texts += [inspect.getdoc(base) or "" for base in thing.__mro__[1:]]
    found: dict[str, str] = {}
    for text in texts:
        for name, about in params_of(text).items():
            found.setdefault(name, about)
    return found


def _doc(thing: Any) -> str:
    return inspect.cleandoc(vars(thing).get("__doc__") or thing.__doc__ or "")


def _is_layer(thing: Any) -> bool:
    return inspect.isclass(thing) and issubclass(thing, keras.layers.Layer)


def _module(name: str) -> ModuleType:
    module: Any = keras
    for part in name.split(".")[1:]:
        module = getattr(module, part)
    assert isinstance(module, ModuleType)
    return module


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(resource("catalog", name).read_text("utf-8"))
    return content


def _refuse(family: Family, file: str, unknown: set[str]) -> None:
    if unknown:
        names = ", ".join(sorted(unknown))
        raise UserError(f"{file} speaks of {names}, which {family.module} lacks.")


def _refuse_params(kind: str, unknown: set[str]) -> None:
    if unknown:
        names = ", ".join(sorted(unknown))
        raise UserError(f"overlay.json sets {names}, which {kind} does not take.")


def main(arguments: list[str] | None = None) -> int:
    """Write the files, or with --check compare them; 0 when all is well, else 1."""
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
            "run “python -m dlstudio.engine.describe” and look at the changes.\n"
        )
        return 1
    for name in drifted:
        write_text(folder / name, texts[name])
    return 0


def _differs(path: Path, text: str) -> bool:
    return not path.exists() or path.read_text("utf-8") != text


if __name__ == "__main__":
    sys.exit(main())
