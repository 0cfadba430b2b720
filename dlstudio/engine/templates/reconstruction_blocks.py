"""Shared parts of the templates that reconstruct images: encoder, decoder and plan."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dlstudio.document.bindings import OutputBinding
from dlstudio.document.graph import Graph, Group
from dlstudio.document.plan import IMAGE, SUPERVISED, TrainingPlan
from dlstudio.document.project import MODEL, RECONSTRUCTION, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.templates.building_blocks import begin
from dlstudio.engine.templates.building_blocks import project as project_of
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder

LONGEST = 64
FIRST, MOST = 32, 128  # filters
SMALLEST = 8  # pixels: a shorter side is not halved again
RATE = 0.001
ENCODER, DECODER = "encoder", "decoder"


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """What the encoder has made of an image, before its latent vector.

    Attributes:
        height, width: Of the image that is reconstructed.
        sides: Height and width after each halving; the last are those of the vector.
        filters: Number of filters of each convolution.
    """

    height: int
    width: int
    sides: tuple[tuple[int, int], ...]
    filters: tuple[int, ...]


def add_encoder(builder: GraphBuilder, context: TemplateContext) -> EncodedImage:
    """Add input, scaling and convolutions that halve the image, then a flat vector.

    Sides may be odd: halves are rounded up, and the decoder cuts off what is too much.
    """
    height, width = begin(builder, context, LONGEST)
    sides = [(height, width)]
    filters: list[int] = []
    while min(sides[-1]) >= SMALLEST or not filters:
        filters.append(min(FIRST * 2 ** len(filters), MOST))
        _convolution(builder, "encoder_conv", "Conv2D", filters[-1])
        sides.append((-(-sides[-1][0] // 2), -(-sides[-1][1] // 2)))
    builder.add("encoder_flat", "Flatten")
    return EncodedImage(height, width, tuple(sides), tuple(filters))


def add_decoder(
    builder: GraphBuilder, context: TemplateContext, encoded: EncodedImage
) -> None:
    """Add what makes an image of the latent vector: the encoder backwards.

    Args:
        builder: Its last layer gives the latent vector.
        context: Says how many channels the image has.
        encoded: What the encoder has made of the image.
    """
    (height, width), last = encoded.sides[-1], encoded.filters[-1]
    units = height * width * last
    builder.add("decoder_dense", "Dense", units=units, activation="relu")
    builder.add("decoder_grid", "Reshape", target_shape=(height, width, last))
    for filters in reversed(encoded.filters):
        _convolution(builder, "decoder_conv", "Conv2DTranspose", filters)
        height, width = 2 * height, 2 * width
    more = height - encoded.height, width - encoded.width
    if any(more):
        builder.add("decoder_crop", "Cropping2D", cropping=((0, more[0]), (0, more[1])))
    builder.add(
        "reconstruction",
        "Conv2D",
        filters=context.channels,
        kernel_size=(3, 3),
        padding="same",
        activation="sigmoid",
    )


def latent_units(context: TemplateContext, encoded: EncodedImage, most: int) -> int:
    """The size of the latent vector: the wanted one, or one that fits the image.

    Args:
        context: Says which size is wanted, if one is.
        encoded: Says how large the image is.
        most: Largest size of those that fit.
    """
    if context.latent:
        return context.latent
    values = encoded.height * encoded.width * context.channels
    return max(2, min(most, values // 16))


def reconstruction_project(
    context: TemplateContext,
    builder: GraphBuilder,
    loss: str,
    metric: str,
    method: Spec = SUPERVISED,
) -> Project:
    """The project of a finished graph whose target is its input.

    Args:
        context: Name, source and number of samples.
        builder: Has the finished graph.
        loss: Class of `keras.losses` that compares the images.
        metric: Name of a plain metric beside it.
        method: How it learns.
    """
    made = project_of(context, builder, learning_rate=RATE)
    plan: TrainingPlan = replace(
        made.plan,
        loss=Spec(f"keras.losses.{loss}"),
        metrics=(Spec(f"dlstudio.metrics.{metric}"), Spec("dlstudio.metrics.psnr")),
        method=method,
    )
    graphs = FrozenMap({MODEL: _grouped(made.model)})
    outputs = (OutputBinding(IMAGE, Spec(RECONSTRUCTION)),)
    return replace(made, graphs=graphs, outputs=outputs, plan=plan)


def _convolution(builder: GraphBuilder, stem: str, kind: str, filters: int) -> None:
    """Add a convolution that halves or doubles both sides."""
    builder.add(
        stem,
        kind,
        filters=filters,
        kernel_size=(3, 3),
        strides=(2, 2),
        padding="same",
        activation="relu",
    )


def _grouped(graph: Graph) -> Graph:
    """The graph with encoder and decoder as groups; the latent vector is between."""
    groups = tuple(
        Group(name, name, tuple(id for id in graph.nodes if id.startswith(f"{name}_")))
        for name in (ENCODER, DECODER)
    )
    return replace(graph, groups=groups)
