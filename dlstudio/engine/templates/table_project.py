"""The project that a template for tables makes of its graph, with a plan that fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.plan import (
    DataRecipe,
    EarlyStopping,
    Split,
    TrainingPlan,
)
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.templates import building_blocks, table_epochs
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.table_blocks import is_rescaled, wanted_by
from dlstudio.engine.templates.table_features import TableFeatures, TargetFeature

SMALLEST = 0.01
"""Deviation of a target below which its squared errors are too small for Adam."""


def table_project(
    context: TemplateContext,
    features: TableFeatures,
    builder: GraphBuilder,
    layers: Mapping[str, str],
    outputs: Sequence[str],
) -> Project:
    """Create the project with a plan that fits the table.

    Args:
        context: Name, source and number of rows.
        features: The columns.
        builder: Has the finished graph.
        layers: Feature → id of its input layer.
        outputs: Id of the output layer of each target.
    """
    targets = features.targets
    several = len(targets) > 1
    bindings = tuple(
        _binding(target, id, several)
        for target, id in zip(targets, outputs, strict=True)
    )
    used = {each.name: each.feature for each in features.inputs}
    used |= {each.name: each.feature for each in targets}
    deep = any(each.branch.deep for each in features.inputs)
    durations = building_blocks if deep else table_epochs
    total = durations.epochs(context.samples)
    adam = Spec("keras.optimizers.Adam").with_param("learning_rate", 0.002)
    plan = TrainingPlan(
        loss=_loss(targets[0]),
        optimizer=adam,
        schedule=Spec("dlstudio.schedules.Cosine", FrozenMap({"warmup_epochs": 1.0})),
        metrics=_metrics(targets[0]),
        epochs=total,
        batch_size=durations.batch_size(context.samples),
        early_stopping=EarlyStopping(patience=max(8, total // 5)),
    )
    return Project(
        name=context.name,
        graphs=FrozenMap({MODEL: builder.graph()}),
        data=DataRecipe(
            source=context.source,
            features=FrozenMap(used),
            split=Split(mode="folders" if context.has_splits else "random"),
        ),
        inputs=tuple(
            InputBinding(each.name, MODEL, layers[each.name])
            for each in features.inputs
        ),
        outputs=bindings,
        plan=plan,
    )


def _binding(target: TargetFeature, id: str, several: bool) -> OutputBinding:
    """The output of a target; each has its own loss where there are several.

    Squared errors are weighted so that a number counts as much as a class, whatever its
    unit is.
    """
    scale = target.deviation if target.outliers else target.deviation**2
    weigh = is_rescaled(target) and (several or target.deviation < SMALLEST)
    return OutputBinding(
        feature=target.name,
        head=Spec(target.head.kind),
        output=id,
        loss=_loss(target) if several else None,
        weight=1 / scale if weigh else 1.0,
        metrics=_metrics(target) if several else None,
    )


def _loss(target: TargetFeature) -> Spec:
    if is_rescaled(target) and target.outliers:
        return Spec("keras.losses.Huber", FrozenMap({"delta": target.deviation}))
    return Spec(wanted_by(target)[0])


def _metrics(target: TargetFeature) -> tuple[Spec, ...]:
    if is_rescaled(target):
        return (Spec("dlstudio.metrics.mae"), Spec("dlstudio.metrics.r2"))
    return tuple(Spec(kind) for kind in target.head.metrics[:1])
