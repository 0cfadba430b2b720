"""Multiply-adds of each kind of layer, with the source of each formula.

Each formula counts one sample. An unknown size (None) raises a TypeError, which
`layer_cost` treats as "unknown".

Args:
    layer: The built Keras layer.
    inputs: The shape of each input, batch first.
    outputs: The shape of each output, batch first.

Returns:
    Multiply-adds for one sample; None where an inner layer has no formula.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

from dlstudio.engine.cost.attention import ATTENTION
from dlstudio.engine.cost.recurrent import RECURRENT
from dlstudio.engine.cost.spectrograms import SPECTROGRAMS

if TYPE_CHECKING:
    from dlstudio.engine.cost.layer_protocols import (
        Bidirectional,
        Chain,
        Convolution,
        Dot,
        EinsumDense,
        HasKernel,
        Pooling,
        SeparableConvolution,
        Wrapper,
    )


Shape = Sequence[Any]
Formula = Callable[[Any, Sequence[Shape], Sequence[Shape]], "int | None"]


def values(shape: Shape) -> int:
    """Number of values in one sample of `shape`."""
    return int(prod(shape[1:]))


def split(layer: object, shape: Shape) -> tuple[int, int]:
    """(number of positions, channels) of a shape of positions and channels."""
    if getattr(layer, "data_format", "channels_last") == "channels_first":
        return int(prod(shape[2:])), shape[1]
    return int(prod(shape[1:-1])), shape[-1]


def kernel(layer: HasKernel) -> int:
    """Number of positions a kernel covers."""
    return int(prod(layer.kernel_size))


def dense(layer: object, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """A matrix product: every output value sums over all inputs of its position."""
    return values(outputs[0]) * int(inputs[0][-1])


def einsum_dense(
    layer: EinsumDense, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int:
    """The product of the sizes of all distinct indices, without the batch.

    An einsum visits every combination of its indices once (Keras' EinsumDense).
    """
    given, made = _indices(layer.equation, inputs[0], outputs[0])
    return int(prod({**made, **given}.values()))  # input sizes are always known


def _indices(
    equation: str, shape: Shape, result: Shape
) -> tuple[dict[str, int], dict[str, int]]:
    left, _arrow, right = equation.replace(" ", "").partition("->")
    first = left.split(",")[0]
    return _sizes(first, shape), _sizes(right, result)


def _sizes(labels: str, shape: Shape) -> dict[str, int]:
    """Size per index; indices covered by an ellipsis are numbered."""
    head, dots, tail = labels.partition("...")
    hidden = len(shape) - len(head) - len(tail) if dots else 0
    names = [*head, *map(str, range(hidden)), *tail]
    return dict(zip(names[1:], shape[1:], strict=True))


def convolution(
    layer: Convolution, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int:
    """positions · filters · kernel · channels / groups.

    Dumoulin & Visin, "A guide to convolution arithmetic for deep learning" (2016).
    """
    places, filters = split(layer, outputs[0])
    channels = split(layer, inputs[0])[1]
    return places * filters * kernel(layer) * (channels // int(layer.groups))


def transposed(
    layer: Convolution, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int:
    """Each position of the *input* is multiplied by a kernel of every filter.

    Dumoulin & Visin (2016), chapter 4.
    """
    places, channels = split(layer, inputs[0])
    return places * channels * kernel(layer) * int(layer.filters)


def depthwise(
    layer: HasKernel, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int:
    """positions · kernel · channels · multiplier (Howard et al., MobileNets, 2017)."""
    places, made = split(layer, outputs[0])
    return places * made * kernel(layer)


def separable(
    layer: SeparableConvolution, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int:
    """A depthwise and then a 1×1 convolution: Howard et al., "MobileNets" (2017)."""
    places, filters = split(layer, outputs[0])
    middle = split(layer, inputs[0])[1] * int(layer.depth_multiplier)
    return places * middle * (kernel(layer) + filters)


def pooling(layer: Pooling, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """One comparison or addition for each value of each window."""
    return values(outputs[0]) * int(prod(layer.pool_size))


def reading(layer: object, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """Every input value is added, compared, scaled or looked up once."""
    return values(inputs[0])


def twice(layer: object, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """Once for the sum of squares and once to scale and shift.

    Ba et al., "Layer Normalization" (2016); Wu & He, "Group Normalization" (2018);
    Zhang & Sennrich, "Root Mean Square Layer Normalization" (2019).
    """
    return 2 * values(inputs[0])


def merging(layer: object, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """Merging n tensors takes n - 1 operations per value."""
    return values(outputs[0]) * (len(inputs) - 1)


def dot(layer: Dot, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """Every output value sums over the contracted axis."""
    axes = layer.axes
    axis = axes if isinstance(axes, int) else axes[0]
    return values(outputs[0]) * int(inputs[0][axis])


def interpolating(
    layer: object, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int:
    """Each output value is a weighted sum of the values around it.

    4 for bilinear, 16 for bicubic, 36 and 100 for Lanczos of radius 3 and 5
    (Keys, "Cubic convolution interpolation", 1981; Duchon, "Lanczos filtering", 1979).
    """
    near = {"bilinear": 4, "bicubic": 16, "lanczos3": 36, "lanczos5": 100}
    weighed = near.get(getattr(layer, "interpolation", "nearest"), 0)
    return values(outputs[0]) * weighed


def local_histograms(
    layer: object, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int:
    """Interpolates the tables of four adjacent tiles: Zuiderveld, "CLAHE" (1994)."""
    return 4 * values(inputs[0])


def per_step(
    layer: Wrapper, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int | None:
    """The inner layer once for each step of the sequence."""
    steps = inputs[0][1]
    inside = (inputs[0][0], *inputs[0][2:])
    made = (outputs[0][0], *outputs[0][2:])
    return _times(steps, _inner(layer.layer, [inside], [made]))


def both_ways(
    layer: Bidirectional, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int | None:
    """The inner layer forwards and backwards, and merging both.

    Schuster & Paliwal, "Bidirectional recurrent neural networks" (1997).
    """
    one_way = [tuple(layer.forward_layer.compute_output_shape(tuple(inputs[0])))]
    forward = _inner(layer.forward_layer, inputs, one_way)
    backward = _inner(layer.backward_layer, inputs, one_way)
    if forward is None or backward is None:
        return None
    joined = layer.merge_mode in ("sum", "mul", "ave")
    return forward + backward + (values(outputs[0]) if joined else 0)


def wrapped(
    layer: Wrapper, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int | None:
    """The cost of the inner layer."""
    return _inner(layer.layer, inputs, outputs)


def chained(
    layer: Chain, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int | None:
    """One layer after the other."""
    total, shape = 0, tuple(inputs[0])
    for each in layer.layers:
        made = tuple(each.compute_output_shape(shape))
        cost = _inner(each, [shape], [made])
        if cost is None:
            return None
        total, shape = total + cost, made
    return total


def _inner(
    layer: object, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int | None:
    formula = FORMULAS.get(type(layer).__name__)
    return None if formula is None else formula(layer, inputs, outputs)


def _times(count: int, cost: int | None) -> int | None:
    return None if cost is None else count * cost


def nothing(layer: object, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """Zero: values are only moved, looked up, dropped in training or activated."""
    return 0


def _each(formula: Formula, *names: str) -> dict[str, Formula]:
    return {
        name.format(rank): formula
        for name in names
        for rank in (1, 2, 3)
        if "{}" in name or rank == 1
    }


_FREE = """
ELU LeakyReLU PReLU ReLU Softmax Activation ActivityRegularization AlphaDropout AugMix
BytePair CategoryEncoding CenterCrop Concatenate Cropping{} CutMix Discretization
Dropout Embedding Flatten GaussianDropout GaussianNoise HashedCrossing Hashing Identity
InputLayer IntegerLookup Masking MaxNumBoundingBoxes MixUp Permute RandAugment
RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop
RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale
RandomHue RandomInvert RandomPerspective RandomPosterization RandomRotation
RandomSaturation RandomSharpness RandomShear RandomTokens RandomTranslation RandomZoom
RepeatVector Reshape ReversibleEmbedding Sampling SpatialDropout{} StringLookup
TextVectorization WordPiece ZeroPadding{}
""".replace("{}", "{}D").split()

FORMULAS: dict[str, Formula] = {
    **_each(nothing, *_FREE),
    **_each(dense, "Dense"),
    **_each(einsum_dense, "EinsumDense"),
    **_each(convolution, "Conv{}D"),
    **_each(transposed, "Conv{}DTranspose"),
    **_each(depthwise, "DepthwiseConv{}D"),
    **_each(separable, "SeparableConv{}D"),
    **_each(pooling, "MaxPooling{}D", "AveragePooling{}D"),
    **_each(reading, "GlobalMaxPooling{}D", "GlobalAveragePooling{}D"),
    **_each(reading, "AdaptiveMaxPooling{}D", "AdaptiveAveragePooling{}D"),
    **_each(reading, "BatchNormalization", "Normalization", "Rescaling"),
    **_each(reading, "AutoContrast", "Solarization", "Equalization"),
    **_each(local_histograms, "ContrastLimitedAdaptiveHistogramEqualization"),
    **_each(twice, "LayerNormalization", "GroupNormalization", "RMSNormalization"),
    **_each(twice, "UnitNormalization"),
    **_each(merging, "Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"),
    **_each(dot, "Dot"),
    **_each(interpolating, "Resizing", "UpSampling{}D"),
    **_each(per_step, "TimeDistributed"),
    **_each(both_ways, "Bidirectional"),
    **_each(wrapped, "SpectralNormalization"),
    **_each(chained, "Pipeline", "Sequential"),
    **RECURRENT,
    **ATTENTION,
    **SPECTROGRAMS,
}
