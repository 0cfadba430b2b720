"""Checks the plan against the data: source, splits, batches, precision."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.catalog.source_hints import CHOOSE_SOURCE
from dlstudio.catalog.source_queries import samples_of
from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import SetData
from dlstudio.document.plan import Split
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.values import Spec
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.model_head import find_head
from dlstudio.engine.problems.node_queries import is_kind
from dlstudio.i18n import _
from dlstudio.percent_text import percent

NO_HALF = ("RandomElasticTransform", "RandomErasing", "RandomGaussianBlur")
"""Layers for which Keras creates a range in the dtype of what enters them; TensorFlow's
`range` does not support float16.
"""


def source(context: CheckContext) -> Iterator[Problem]:
    """No data, or a source that does not exist."""
    chosen = context.project.data.source
    samples = [
        Fix.set_data(_(each.source.sample), "source", Spec(each.kind))
        for each in samples_of(context.catalog.family("sources"))
    ]
    if not chosen.kind:
        yield context.problem(
            "error",
            "no-data",
            _(CHOOSE_SOURCE),
            fixes=samples,
        )
        return
    described = context.catalog.get(chosen.kind)
    if described is None or described.family != "sources":
        yield context.problem(
            "error",
            "unknown-source",
            _("There is no data source called “{name}”.").format(name=chosen.kind),
            fixes=samples,
        )


def splits(context: CheckContext) -> Iterator[Problem]:
    """Split fractions that leave no training data."""
    split, usual = context.project.data.split, Split()
    shares = (split.validation, split.test)
    fix = Fix(
        _("Set the shares to {validation} and {test}").format(
            validation=percent(usual.validation, 0), test=percent(usual.test, 0)
        ),
        (
            SetData("split.validation", usual.validation),
            SetData("split.test", usual.test),
        ),
    )
    if min(shares) < 0 or sum(shares) >= 1:
        yield context.problem(
            "error",
            "split",
            _(
                "{validation} of the samples are for validation and "
                "{test} for testing, but each must be at least 0 % and "
                "their sum less than 100 %."
            ).format(
                validation=percent(split.validation, 0), test=percent(split.test, 0)
            ),
            fixes=[fix],
        )
    elif split.mode not in ("random", "folders"):
        yield context.problem(
            "error",
            "split",
            _("The split mode is “{mode}”, but must be random or folders.").format(
                mode=split.mode
            ),
            fixes=[Fix.set_data(_("Split randomly"), "split.mode", "random")],
        )


def batches(context: CheckContext) -> Iterator[Problem]:
    """Batches too large for the data, or too small for BatchNormalization."""
    size = context.project.plan.batch_size
    training = context.dataset.training if context.dataset else None
    if training is not None and 0 < training < size:
        smaller = 1 << max((training // 4).bit_length() - 1, 0)
        smaller = max(min(smaller, 32), min(2, training))
        yield context.problem(
            "warning",
            "batch-too-large",
            _(
                "The batch size is {size}, but there are only {count} training "
                "samples, so each epoch would be a single step. Use a smaller "
                "batch size."
            ).format(size=size, count=training),
            fixes=[_batch(smaller)],
        )
    norms = [
        node
        for node in context.graph.nodes.values()
        if is_kind(node, "BatchNormalization")
    ]
    if norms and size == 1:
        yield context.problem(
            "warning",
            "batch-of-one",
            _(
                "{node} computes statistics over a batch, which needs more "
                "than one sample. Use a batch size of at least 8."
            ).format(node=norms[0].name),
            norms[0].id,
            [_batch(8 if training is None else max(min(8, training), 2))],
        )


def _batch(size: int) -> Fix:
    label = _("Set the batch size to {size}").format(size=size)
    return Fix.set_plan(label, "batch_size", size)


def precision(context: CheckContext) -> Iterator[Problem]:
    """Half precision in the last layer, where small scores underflow."""
    head = find_head(context)
    half = ("float16", "bfloat16")
    policy = context.project.plan.precision
    if head is None or head.form.dtype not in half or not policy.startswith("mixed_"):
        return
    nodes = dict.fromkeys(
        node.id
        for node in (head.output, head.activated)
        if node is not None and context.has(node, "dtype")
    )
    edits = tuple(SetParam(id, "dtype", "float32", context.name) for id in nodes)
    label = _("Set the output of {node} to float32").format(node=head.output.name)
    yield context.problem(
        "warning",
        "half-precision-head",
        _(
            "With {policy}, the last layer {node} outputs {dtype}, which "
            "rounds small scores and can make the loss NaN. Use float32 for "
            "this layer."
        ).format(policy=policy, node=head.output.name, dtype=head.form.dtype),
        head.output.id,
        [Fix(label, edits)],
    )


def half_augmentation(context: CheckContext) -> Iterator[Problem]:
    """Augmentation layers that fail in float16 at the first step."""
    policy = context.project.plan.precision
    if not policy.endswith("float16") or policy.endswith("bfloat16"):
        return
    for node in context.graph.nodes.values():
        if not is_kind(node, *NO_HALF) or context.param(node, "dtype") is not None:
            continue
        yield context.problem(
            "error",
            "half-precision-augmentation",
            _(
                "{node} does not support float16, which {policy} uses. Use "
                "float32 for this layer."
            ).format(node=node.name, policy=policy),
            node.id,
            [
                Fix.set_param(
                    _("Use float32 for {node}").format(node=node.name),
                    node,
                    "dtype",
                    "float32",
                    context.name,
                )
            ],
        )


DATASET = (source, splits, batches, precision, half_augmentation)
