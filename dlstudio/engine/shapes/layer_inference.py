"""Infers shapes and weights of one Keras layer without creating the weights.

Inside a `keras.StatelessScope` that initializes nothing, a variable has a shape but no
value, so a layer of a million units is as fast as one of ten. Keras keeps a list of
such variables, its dtype policy and its name counters per thread: inference runs on a
separate thread, and that state ends with it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import keras

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Graph, Node
from dlstudio.document.values import Params
from dlstudio.engine.cost.layer_cost import FREE, Cost, memory, multiply_adds
from dlstudio.engine.model.build import build_nested, flat
from dlstudio.engine.model.call_arguments import (
    arguments,
    constants,
    ports_of,
    with_constants,
)
from dlstudio.engine.model.dtype_policies import DTYPE_POLICIES, dtype_policy
from dlstudio.engine.model.instantiate import call_values, make_layer, nested_models
from dlstudio.engine.model.opaque import OpaqueLayer
from dlstudio.engine.model.operations import constant
from dlstudio.engine.runtime.code_place import code_place
from dlstudio.engine.runtime.error_text import dims, plain
from dlstudio.engine.runtime.seeds import building
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasLayer, KerasTensor

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """A tensor without its values: shape with the batch first, and dtype."""

    shape: tuple[int | None, ...]
    dtype: str = "float32"
    sparse: bool = False

    def __str__(self) -> str:
        return dims(self.shape)


@dataclass(frozen=True, slots=True)
class InferredLayer:
    """The result for one layer; see `NodeShape`."""

    outputs: tuple[TensorSpec, ...] = ()
    cost: Cost = FREE
    cause: Literal["", "make", "ports", "call"] = ""
    error: str = ""


@dataclass(slots=True)
class _ThreadResult:
    value: list[Any] = field(default_factory=list)
    error: BaseException | None = None


def isolated(work: Callable[[], T], policy: str = "float32") -> T:
    """Run `work` on a fresh thread where no weight is initialized."""
    answer = _ThreadResult()
    known = policy if policy in DTYPE_POLICIES else "float32"

    def run() -> None:
        try:
            with dtype_policy(known), keras.StatelessScope(initialize_variables=False):
                answer.value.append(work())
        except BaseException as error:  # re-raised in the caller below
            answer.error = error

    thread = threading.Thread(
        target=copy_context().run, args=(run,), name="dlstudio-shapes", daemon=True
    )
    with building():
        thread.start()
        thread.join()
    if answer.error is not None:
        raise answer.error
    found: T = answer.value[0]
    return found


def infer_layer(
    node: Node,
    catalog: Catalog,
    ports: Sequence[int],
    inputs: tuple[tuple[TensorSpec, ...], tuple[TensorSpec, ...]],
    call: Params,
    graphs: Mapping[str, Graph],
) -> InferredLayer:
    """Infer a layer's outputs and weights; call it inside `isolated`.

    Args:
        node: The node, with kind and parameters.
        catalog: Where the kind is looked up.
        ports: Port numbers of the inputs.
        inputs: Inputs the layer is built with, and inputs it is called on; they differ
            only if weights are shared.
        call: Plain values passed to the call.
        graphs: Those that are used inside the layer, by name.
    """
    try:
        params = node.params.without(["name"])
        with nested_models(lambda name, own: build_nested(name, catalog, graphs, own)):
            layer = make_layer(node.kind, params, catalog)
    except Exception as error:
        return InferredLayer(cause="make", error=plain(error))
    try:
        values = call_values(catalog[node.kind], call, catalog)
    except UserError as error:
        return InferredLayer(cause="ports", error=error.message)
    if node.kind == INPUT:
        return _outcome(layer, (), [layer.output])
    built, called = inputs
    takes = ports_of(node, catalog[node.kind].inputs, {})
    fixed = [(port, constant(value)) for port, value in constants(node, takes)]
    try:
        for forms in dict.fromkeys((built, called)):
            tensors = [(p, _tensor(f)) for p, f in zip(ports, forms, strict=False)]
            args, named = arguments(takes, with_constants(tensors, fixed))
            outputs = flat(layer(*args, **named, **values))
        return _outcome(layer, called, outputs)
    except Exception as error:
        return InferredLayer(cause="call", error=_reason(error))


def _reason(error: Exception) -> str:
    """Keras' message; a general one for internal errors of Keras' code."""
    internal = (IndexError, KeyError, TypeError, AttributeError)
    if isinstance(error, internal) and code_place(error) is None:
        return _("its parameters do not match this shape.")
    text = plain(error)
    return text.partition(" Received")[0] or text


def _tensor(form: TensorSpec) -> KerasTensor:
    tensor: KerasTensor = keras.KerasTensor(form.shape, form.dtype, sparse=form.sparse)
    return tensor


def _outcome(
    layer: KerasLayer, inputs: Sequence[TensorSpec], tensors: Sequence[KerasTensor]
) -> InferredLayer:
    outputs = tuple(
        TensorSpec(
            tuple(t.shape), keras.backend.standardize_dtype(t.dtype), bool(t.sparse)
        )
        for t in tensors
        if isinstance(t, keras.KerasTensor)
    )
    if any(size is not None and size <= 0 for f in outputs for size in f.shape[1:]):
        raise UserError(
            _("Its output would have the shape {shape}, which is empty.").format(
                shape=outputs[0]
            )
        )
    trained = {id(weight) for weight in layer.trainable_weights}
    sizes = [(id(w) in trained, int(prod(w.shape))) for w in layer.weights]
    kept = layer.kept_parameters if isinstance(layer, OpaqueLayer) else 0
    cost = Cost(
        params=sum(size for trainable, size in sizes) + kept,
        trainable=sum(size for trainable, size in sizes if trainable),
        multiply_adds=multiply_adds(
            layer, [f.shape for f in inputs], [f.shape for f in outputs]
        ),
        memory=memory([(f.shape, f.dtype) for f in outputs]),
    )
    return InferredLayer(outputs, cost)
