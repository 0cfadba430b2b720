"""Creates Keras objects from descriptions and parameters.

Only implementations named in the catalog are imported: a project file cannot reach any
other code.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeAlias

from dlstudio.catalog.families import family_title
from dlstudio.catalog.schema import Description, Param
from dlstudio.catalog.store import Catalog
from dlstudio.catalog.validation import check_call, check_params, fits_family
from dlstudio.document.graph import NESTED, OPAQUE
from dlstudio.document.nested_graphs import graph_inside
from dlstudio.document.values import Array, Json, Spec, Value
from dlstudio.engine.runtime.error_text import plain
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    import keras
    import numpy as np
    import numpy.typing as npt

    from dlstudio.engine.model.operations import Operation
    from dlstudio.engine.typing import KerasModel


NestedModels: TypeAlias = "Callable[[str, str], KerasModel]"
"""Builds the model of a graph, by its name and that of the layer."""
_nested_models: ContextVar[NestedModels | None] = ContextVar("models", default=None)


@contextmanager
def nested_models(build: NestedModels) -> Iterator[None]:
    """Let layers inside of layers be graphs, such as that of TimeDistributed.

    Args:
        build: Builds their models.
    """
    before = _nested_models.set(build)
    try:
        yield
    finally:
        _nested_models.reset(before)


def make(spec: Spec, catalog: Catalog, family: str = "") -> Any:
    """Create the Keras object of `spec`: a layer, optimizer, loss, initializer, ...

    Args:
        spec: Kind, or a short name when `family` is given, and parameters.
        catalog: Describes the kind.
        family: Required family, such as "optimizers"; "" for any.

    Raises:
        UserError: Unknown kind, wrong family, an invalid parameter, or an error from
            Keras; the message names the parameter.
    """
    description = catalog.get(spec.kind)
    if description is None:
        description = catalog.find(family, spec.kind) if family else catalog[spec.kind]
    if family and not fits_family(description, family):
        raise UserError(
            _("{name} is not one of the {family}.").format(
                name=description.name, family=family_title(family)
            )
        )
    return _make(description, spec.params, catalog)


def make_layer(
    kind: str,
    params: Mapping[str, Value],
    catalog: Catalog,
    name: str | None = None,
) -> keras.Layer:
    """An instance of a layer, an operation or an opaque layer.

    Args:
        kind: The description's kind in the catalog.
        params: The parameters that differ from their defaults.
        catalog: Describes the kind, and the kinds inside its parameters.
        name: Name of the Keras layer; None lets Keras choose one.

    Raises:
        UserError: The kind is not a layer, a parameter is invalid, or Keras rejects it.
    """
    given = dict(params)
    if name is not None:
        given["name"] = name
    description = catalog[kind]
    if description.family not in ("layers", "ops") and kind != OPAQUE:
        raise UserError(_("{name} is not a layer.").format(name=description.name))
    return _make(description, given, catalog)


def implementation(description: Description) -> Any:
    """Import the implementation that a description names.

    Raises:
        UserError: The installed Keras (or dlstudio) lacks it.
    """
    module, _colon, name = description.implementation.partition(":")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise UserError(
            _("{name} is not in the installed version.").format(name=description.name),
            _("Install the Keras version that this project was created with."),
        ) from error


def _make(
    description: Description, params: Mapping[str, Value], catalog: Catalog
) -> Any:
    problems = check_params(description, params, catalog)
    if problems:
        raise UserError(
            _("{kind}: {problem}").format(kind=description.name, problem=problems[0][1])
        )
    if description.family == "activations":
        return _activation(description, params, catalog)
    if description.kind == OPAQUE:
        from dlstudio.engine.model.opaque import open_opaque

        return open_opaque(params, str(params["name"]) if params.get("name") else None)
    if description.family == "ops":
        return _operation(description, params, catalog)
    arguments = {
        param.name: _argument(param, params[param.name], catalog)
        for param in description.params
        if param.name in params
    }
    if arguments.get("name") == "":
        del arguments["name"]
    thing = implementation(description)
    try:
        return thing(**arguments)
    except Exception as error:
        raise complaint(description, arguments, error) from error


def _operation(
    description: Description, params: Mapping[str, Value], catalog: Catalog
) -> Operation:
    """A function of `keras.ops`; constants for tensors are passed when called."""
    from dlstudio.engine.model.operations import Operation

    arguments = {
        param.name: _argument(param, params[param.name], catalog)
        for param in description.params
        if param.name in params and param.name not in description.inputs.names
    }
    name = str(arguments.pop("name", None) or "")
    before = description.extra.get("leading", ())
    leading = tuple(arguments.pop(each) for each in before)
    function = implementation(description)
    return Operation(description.kind, function, leading, arguments, name)


def call_values(
    description: Description, call: Mapping[str, Value], catalog: Catalog
) -> dict[str, object]:
    """The plain values of a node's call, in the form Keras takes.

    Args:
        description: Description of the layer or operation.
        call: Arguments of its call, by name, as stored in the project.
        catalog: Describes the kinds inside the values.

    Returns:
        Arguments for the Keras layer's `__call__`.

    Raises:
        UserError: An argument is unknown or has an invalid value.
    """
    for problem in check_call(description, call, catalog):
        raise UserError(
            _("{kind}: {problem}").format(kind=description.name, problem=problem[1])
        )
    known = {param.name: param for param in description.call}
    return {name: _argument(known[name], v, catalog) for name, v in call.items()}


def _activation(
    description: Description, params: Mapping[str, Value], catalog: Catalog
) -> Any:
    """A function; with parameters, the layer that takes them."""
    changed = {
        name: value
        for name, value in params.items()
        if (param := description.param(name)) and value != param.default
    }
    if not changed:
        return implementation(description)
    # The layer's own defaults may differ from the function's.
    full = {**description.defaults(), **changed}
    return _make(catalog[description.extra["layer"]], full, catalog)


def _argument(param: Param, value: Value, catalog: Catalog) -> object:
    """A checked value in the form Keras takes."""
    if value is None:
        return None
    if param.type in ("layers", "objects"):
        assert isinstance(value, tuple)
        return [_one(param, each, catalog) for each in value]
    if isinstance(value, Spec) or param.type in ("layer", "object"):
        return _one(param, value, catalog)
    if param.type == "array":
        return _array(value)
    if isinstance(value, Json):
        return value.value
    if param.type == "shape":
        return value if isinstance(value, tuple) else (value,)
    return list(value) if isinstance(value, tuple) and param.type == "list" else value


def _one(param: Param, value: Value, catalog: Catalog) -> object:
    if isinstance(value, Spec) and value.kind == NESTED:
        build, graph = _nested_models.get(), graph_inside(value)
        if build is None:
            raise UserError(
                _("The project has no model called “{name}”.").format(name=graph)
            )
        return build(graph, str(value.params.get("name") or graph))
    if isinstance(value, Spec):
        return make(
            value, catalog, "" if param.type.startswith("layer") else param.family
        )
    assert isinstance(value, str)
    return make(Spec(value), catalog, param.family)


def _array(value: Value) -> npt.NDArray[np.generic]:
    import numpy as np

    if isinstance(value, Array):
        return np.array(value.data, dtype=value.dtype)
    return np.array(value, dtype="float32")


def complaint(
    description: Description, given: Mapping[str, object], error: Exception
) -> UserError:
    """Convert an error from Keras to a `UserError` that names the parameter.

    It is the one mentioned first; parameters that were set take precedence.

    Args:
        description: Description of the object that could not be created.
        given: The arguments passed to Keras.
        error: The exception that Keras raised.
    """
    text = plain(error)
    reason = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]
    places = {
        param.name: found.start()
        for param in description.params
        if (found := re.search(rf"\b{re.escape(param.name)}\b", text))
    }
    if not places:
        return UserError(
            _("{kind} could not be created. {reason}").format(
                kind=description.name, reason=reason
            ),
            _("Check its parameters."),
        )
    name = min(places, key=lambda each: (each not in given, places[each]))
    return UserError(
        _("{kind}: the value of {name} is invalid. {reason}").format(
            kind=description.name, name=name, reason=reason
        ),
        _("Change {name}.").format(name=name),
    )
