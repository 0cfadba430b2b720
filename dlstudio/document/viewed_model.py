"""What is shown of a converted model: its layers, and statistics of their weights."""

from __future__ import annotations

from dataclasses import dataclass

BINS = 12


@dataclass(frozen=True, slots=True)
class WeightStatistics:
    """How the weights of a layer are distributed.

    Attributes:
        least, most, mean: Of all values.
        histogram: Number of values in each of `BINS` ranges of the same width.
    """

    least: float
    most: float
    mean: float
    histogram: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ViewedLayer:
    """A layer, or operation, of a converted model.

    Attributes:
        name: Of the layer, or of what it gives.
        kind: Such as "CONV_2D" or "Conv".
        shapes: Of its outputs; None for sides that vary.
        parameters: Number of its weights.
        size: Of them in the file, in bytes.
        weights: Their statistics; None if it has none that are floating-point numbers
            or integers.
    """

    name: str
    kind: str
    shapes: tuple[tuple[int | None, ...], ...]
    parameters: int = 0
    size: int = 0
    weights: WeightStatistics | None = None


@dataclass(frozen=True, slots=True)
class ViewedModel:
    """A converted model.

    Attributes:
        format: "TensorFlow Lite" or "ONNX".
        layers: In the order in which they run.
        inputs, outputs: Names with shapes.
    """

    format: str
    layers: tuple[ViewedLayer, ...]
    inputs: tuple[tuple[str, tuple[int | None, ...]], ...] = ()
    outputs: tuple[tuple[str, tuple[int | None, ...]], ...] = ()

    @property
    def parameters(self) -> int:
        """Number of all weights."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def size(self) -> int:
        """Of all weights, in bytes."""
        return sum(layer.size for layer in self.layers)


def shape_text(shape: tuple[int | None, ...]) -> str:
    """A shape as it is shown: "?×8×8×3"."""
    return "×".join("?" if side is None else str(side) for side in shape) or "1"
