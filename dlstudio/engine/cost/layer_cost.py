"""Cost of a layer for one sample: multiply-adds and the memory of its outputs.

One multiply-add is a product added to a sum (two floating-point operations). Biases and
a layer's built-in activation are not counted; they are far below 1%. Where nothing is
multiplied but every value is read (pooling, adding), one operation per value read is
counted. Training-only work (augmentation, dropout, a norm's moving averages) costs
nothing, because the cost is that of inference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from dlstudio.engine.cost.formulas import FORMULAS, Shape
from dlstudio.engine.cost.operations import operation_cost
from dlstudio.engine.model.backbone import Backbone
from dlstudio.engine.model.opaque import OpaqueLayer
from dlstudio.engine.model.operations import Operation

BYTES = {
    "bool": 1,
    "int8": 1,
    "uint8": 1,
    "float8_e4m3fn": 1,
    "float8_e5m2": 1,
    "int16": 2,
    "uint16": 2,
    "float16": 2,
    "bfloat16": 2,
    "int32": 4,
    "uint32": 4,
    "float32": 4,
    "int64": 8,
    "uint64": 8,
    "float64": 8,
    "complex64": 8,
    "complex128": 16,
}

ITS_OWN = "keras.src.applications."
"""Package of the layers that only networks of Keras have."""
OURS = ("keras", "dlstudio.")
"""Packages whose layers the formulas are about; others may use the same names."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of one layer or of a whole model.

    Attributes:
        params: Number of parameters.
        trainable: Number of trainable parameters.
        multiply_adds: Per sample; None if a size or the layer is unknown.
        memory: Bytes of its outputs per sample; None if a size is unknown.
    """

    params: int = 0
    trainable: int = 0
    multiply_adds: int | None = 0
    memory: int | None = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.params + other.params,
            self.trainable + other.trainable,
            _sum(self.multiply_adds, other.multiply_adds),
            _sum(self.memory, other.memory),
        )

    def repeated(self, count: int, copies: int) -> Cost:
        """The cost of several calls, of which some have weights of their own."""
        work, memory = self.multiply_adds, self.memory
        return Cost(
            self.params * copies,
            self.trainable * copies,
            None if work is None else work * count,
            None if memory is None else memory * count,
        )


FREE = Cost()


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def multiply_adds(
    layer: object, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int | None:
    """Multiply-adds of one call of `layer` on one sample.

    Args:
        layer: A built `keras.Layer`, whose weights may be uninitialized, or an
            operation.
        inputs, outputs: Shapes with the batch first.

    Returns:
        None if a size is unknown or there is no formula for such a layer.
    """
    if isinstance(layer, Operation):
        return operation_cost(layer.kind.rpartition(".")[2], inputs, outputs)
    if isinstance(layer, Backbone):
        return _inside(layer)
    if isinstance(layer, OpaqueLayer):
        layer = layer.layer
    for cls in type(layer).__mro__:
        formula = FORMULAS.get(cls.__name__)
        if formula is not None and cls.__module__.startswith(OURS):
            try:
                return formula(layer, inputs, outputs)
            except (TypeError, IndexError):  # a size is unknown (None), or missing
                return None
    return None


def _inside(backbone: Backbone) -> int | None:
    """Multiply-adds of all layers of a backbone for one sample."""
    total = 0
    for layer, inputs, outputs in backbone.layer_calls():
        found = multiply_adds(layer, inputs, outputs)
        if type(layer).__module__.startswith(ITS_OWN):
            found = 0  # they scale what passes
        if found is None:
            return None
        total += found
    return total


def memory(outputs: Sequence[tuple[Shape, str]]) -> int | None:
    """Bytes of a layer's outputs for one sample.

    Returns:
        None if a size is unknown or the values are strings.
    """
    total = 0
    for shape, dtype in outputs:
        sizes = [size for size in shape[1:] if size is not None]
        if len(sizes) < len(shape) - 1 or dtype not in BYTES:
            return None
        total += prod(sizes) * BYTES[dtype]
    return total
