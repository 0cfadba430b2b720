"""The installed Keras' public names, signatures and docstrings."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any, TypeAlias

import keras

from dlstudio.engine.introspection.docstrings import params_of, unindented


@dataclass(frozen=True, slots=True)
class Family:
    """Where the members of one family are in Keras.

    Attributes:
        section: Key of the family in the overlay and the exclusions, and the stem of
            its file: "layers" → keras_layers.json.
        family: The family's name in the catalog.
        module: Public module, "keras.layers".
        functions: The members are functions (activations), not classes.
        nodes: They can be nodes of a graph, so they have example inputs.
    """

    section: str
    family: str
    module: str
    functions: bool = False
    nodes: bool = False


FAMILIES = (
    Family("layers", "layers", "keras.layers", nodes=True),
    Family("optimizers", "optimizers", "keras.optimizers"),
    Family("schedules", "keras_schedules", "keras.optimizers.schedules"),
    Family("losses", "losses", "keras.losses"),
    Family("metrics", "metrics", "keras.metrics"),
    Family("callbacks", "callbacks", "keras.callbacks"),
    Family("initializers", "initializers", "keras.initializers"),
    Family("regularizers", "regularizers", "keras.regularizers"),
    Family("constraints", "constraints", "keras.constraints"),
    Family("activations", "activations", "keras.activations", functions=True),
    Family("ops", "ops", "keras.ops", functions=True, nodes=True),
    Family("image_ops", "ops", "keras.ops.image", functions=True, nodes=True),
)
KerasMember: TypeAlias = "type | FunctionType"
_HELPERS = ("get", "serialize", "deserialize")


def members(family: Family) -> dict[str, tuple[KerasMember, tuple[str, ...]]]:
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


def signature_of(thing: Any) -> dict[str, inspect.Parameter]:
    """Parameters a user sets, including those every layer takes through **kwargs."""
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


def docs_of(thing: object) -> dict[str, str]:
    """Each parameter's description from the docstring, or that of a base class."""
    texts = [doc_of(thing)]
    if inspect.isclass(thing):
        texts += [doc_of(base) for base in thing.__mro__[1:]]
    found: dict[str, str] = {}
    for text in texts:
        for name, about in params_of(text).items():
            found.setdefault(name, about)
    return found


def doc_of(thing: object) -> str:
    """Its own docstring without indentation; "" if it has none."""
    return unindented(thing.__doc__ or "")


def _is_layer(thing: object) -> bool:
    return inspect.isclass(thing) and issubclass(thing, keras.layers.Layer)


def _module(name: str) -> ModuleType:
    module: Any = keras
    for part in name.split(".")[1:]:
        module = getattr(module, part)
    assert isinstance(module, ModuleType)
    return module
