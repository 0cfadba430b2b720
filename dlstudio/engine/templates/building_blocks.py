"""Shared parts of the image templates: input, head and plan."""

from __future__ import annotations

from dlstudio.data.images.checks.opposite_classes import (
    ACROSS,
    are_signs,
    named_opposites,
)
from dlstudio.document.bindings import OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.plan import (
    ACCURACY,
    IMAGE_AND_CLASS,
    LABEL,
    DataRecipe,
    EarlyStopping,
    Split,
    TrainingPlan,
)
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.features.image_branch import MOMENTUM
from dlstudio.engine.features.image_size import fit
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder


def begin(
    builder: GraphBuilder, context: TemplateContext, longest: int
) -> tuple[int, int]:
    """Add input, resizing if needed, scaling to 0..1, and augmentation.

    Args:
        longest: Maximum length of the longer side in pixels.

    Returns:
        Height and width of the images for the following layers.
    """
    height, width = fit(context.height, context.width, longest)
    if context.varying or (height, width) != (context.height, context.width):
        builder.add("image", "InputLayer", shape=(None, None, context.channels))
        builder.add("resize", "Resizing", height=height, width=width, antialias=True)
    else:
        builder.add("image", "InputLayer", shape=(height, width, context.channels))
    builder.add("scale", "Rescaling", scale=1 / 255)
    return height, width


def mirror(builder: GraphBuilder, context: TemplateContext) -> None:
    """Add a horizontal flip, unless flipped images would change their meaning.

    Grey images are often letters, digits or scans, so they are not flipped. Neither are
    classes whose names are mirror images of each other, such as left and right.
    """
    names = context.class_names
    signs = are_signs(names) or ACROSS in named_opposites(names)
    if context.channels == 3 and not signs:
        builder.add("mirror", "RandomFlip", mode="horizontal")


def normed(
    builder: GraphBuilder,
    stem: str,
    filters: int,
    size: int = 3,
    after: str | None = None,
    column: float = 0.0,
    **params: object,
) -> str:
    """Add a convolution without bias, followed by a normalization.

    Args:
        builder: The graph to add to.
        stem: Prefix of the convolution's id.
        filters: Number of filters.
        size: Height and width of the kernel, in pixels.
        after: Id of the preceding node; None for the one added last.
        column: Column on the canvas; 0 is the main one.
        **params: Further parameters of the convolution.

    Returns:
        Id of the normalization.
    """
    builder.add(
        stem,
        "Conv2D",
        after,
        column,
        filters=filters,
        kernel_size=(size, size),
        padding="same",
        use_bias=False,
        **params,
    )
    return builder.add("norm", "BatchNormalization", None, column, momentum=MOMENTUM)


def end(builder: GraphBuilder, context: TemplateContext) -> None:
    """Add the head: one unit per class, at least two for a softmax."""
    builder.add(
        "head",
        "Dense",
        units=context.classes
        if context.has_several_labels
        else max(context.classes, 2),
        activation="sigmoid" if context.has_several_labels else "softmax",
    )


def batch_size(samples: int) -> int:
    """A batch size with enough steps per epoch for small data sets."""
    limits = ((400, 8), (1000, 16), (20_000, 32))
    return next((size for most, size in limits if samples < most), 64)


def epochs(samples: int) -> int:
    """Epochs for about the same number of steps for each data set."""
    return 40 if samples < 1000 else 20 if samples < 20_000 else 12


def project(
    context: TemplateContext,
    builder: GraphBuilder,
    learning_rate: float,
    rounds: int | None = None,
) -> Project:
    """Create the project with a plan that fits the data.

    Args:
        context: Name, source, and the number of samples and classes.
        builder: Has the finished graph.
        learning_rate: Learning rate of Adam, after the warm-up.
        rounds: Number of epochs; None chooses it by the number of samples.
    """
    loss = (
        "BinaryCrossentropy"
        if context.has_several_labels
        else "SparseCategoricalCrossentropy"
    )
    head = "multi_label" if context.has_several_labels else "classification"
    label = "categories" if context.has_several_labels else "category"
    plan = TrainingPlan(
        loss=Spec(f"keras.losses.{loss}"),
        optimizer=Spec(
            "keras.optimizers.Adam", FrozenMap({"learning_rate": learning_rate})
        ),
        schedule=Spec("dlstudio.schedules.Cosine", FrozenMap({"warmup_epochs": 1.0})),
        metrics=(ACCURACY,),
        epochs=rounds or epochs(context.samples),
        batch_size=batch_size(context.samples),
        early_stopping=EarlyStopping(patience=8),
    )
    return Project(
        name=context.name,
        graphs=FrozenMap({MODEL: builder.graph()}),
        data=DataRecipe(
            source=context.source,
            features=IMAGE_AND_CLASS.set(LABEL, Feature(f"dlstudio.features.{label}")),
            split=Split(mode="folders" if context.has_splits else "random"),
        ),
        outputs=(OutputBinding(LABEL, Spec(f"dlstudio.heads.{head}")),),
        plan=plan,
    )
