"""The plan against the data: batches, parts, classes, precision."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.edits import SetData, SetParam, SetPlan
from dlstudio.document.plan import Split
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.problems.heads import find_head
from dlstudio.engine.problems.scene import Scene, is_kind
from dlstudio.i18n import _

FEW = 5
UNEVEN = 10


def source(scene: Scene) -> Iterator[Problem]:
    """No data, or a source that does not exist."""
    chosen = scene.project.data.source
    sample = Fix(
        _("Take the handwritten digits"),
        (SetData("source", Spec("dlstudio.sources.digits")),),
    )
    if not chosen.kind:
        yield scene.problem(
            "error",
            "no-data",
            _("The project has no data yet. Choose a folder of pictures or a sample."),
            fixes=[sample],
        )
        return
    described = scene.catalog.get(chosen.kind)
    if described is None or described.family != "sources":
        yield scene.problem(
            "error",
            "unknown-source",
            _("There is no source of data called “{name}”.").format(name=chosen.kind),
            fixes=[sample],
        )


def parts(scene: Scene) -> Iterator[Problem]:
    """Shares that leave nothing to learn from."""
    split, usual = scene.project.data.split, Split()
    shares = (split.validation, split.test)
    fix = Fix(
        _("Set them to {validation:.0%} and {test:.0%}").format(
            validation=usual.validation, test=usual.test
        ),
        (
            SetData("split.validation", usual.validation),
            SetData("split.test", usual.test),
        ),
    )
    if min(shares) < 0 or sum(shares) >= 1:
        yield scene.problem(
            "error",
            "split",
            _(
                "{validation:.0%} of the samples are for validation and {test:.0%} for"
                " testing; both must be at least 0 %, and together less than 100 %."
            ).format(validation=split.validation, test=split.test),
            fixes=[fix],
        )
    elif split.mode not in ("random", "folders"):
        yield scene.problem(
            "error",
            "split",
            _("The split is “{mode}”; random or folders was expected.").format(
                mode=split.mode
            ),
            fixes=[Fix(_("Split at random"), (SetData("split.mode", "random"),))],
        )


def batches(scene: Scene) -> Iterator[Problem]:
    """Batches too large for the data, or too small for BatchNormalization."""
    size = scene.project.plan.batch_size
    training = scene.facts.training if scene.facts else None
    if training is not None and 0 < training < size:
        smaller = 1 << max((training // 4).bit_length() - 1, 0)
        smaller = max(min(smaller, 32), min(2, training))
        yield scene.problem(
            "warning",
            "batch-too-large",
            _(
                "A batch has {size} samples, but only {count} are for training; each"
                " epoch would be one step. Use smaller batches."
            ).format(size=size, count=training),
            fixes=[_batch(smaller)],
        )
    norms = [
        node
        for node in scene.graph.nodes.values()
        if is_kind(node, "BatchNormalization")
    ]
    if norms and size == 1:
        yield scene.problem(
            "warning",
            "batch-of-one",
            _(
                "{node} takes averages over a batch, and a batch of one sample has no"
                " spread. Use batches of at least 8."
            ).format(node=norms[0].name),
            norms[0].id,
            [_batch(8 if training is None else max(min(8, training), 2))],
        )


def _batch(size: int) -> Fix:
    label = _("Set the batch size to {size}").format(size=size)
    return Fix(label, (SetPlan("batch_size", size),))


def classes(scene: Scene) -> Iterator[Problem]:
    """Too few classes or samples, and classes of very different size."""
    facts = scene.facts
    if facts is None:
        return
    if facts.classes == 1 and not facts.multi_label:
        yield scene.problem(
            "error",
            "one-class",
            _(
                "The data has a single class, so there is nothing to tell apart."
                " Add another."
            ),
        )
    if facts.samples and facts.training == 0:
        yield scene.problem(
            "error",
            "no-training-samples",
            _("No samples are left for training. Keep fewer for the other parts."),
        )
    counts = facts.counts
    if not counts:
        return
    names = facts.class_names or tuple(str(number) for number in range(len(counts)))
    few = [name for name, count in zip(names, counts, strict=False) if 0 < count < FEW]
    if few:
        yield scene.problem(
            "warning",
            "few-samples",
            _(
                "Fewer than {least} samples for {names}: too few to learn from and to"
                " test with. Add more."
            ).format(least=FEW, names=", ".join(few[:5])),
        )
    least = min((count for count in counts if count), default=0)
    even = scene.project.plan.class_weights != "none"
    if least and max(counts) >= UNEVEN * least and not even:
        balance = Fix(_("Balance the classes"), (SetPlan("class_weights", "balanced"),))
        yield scene.problem(
            "hint",
            "uneven-classes",
            _(
                "The largest class has {most} samples, the smallest {least}; rare"
                " classes would hardly be learned. Weights can balance them."
            ).format(most=max(counts), least=least),
            fixes=[balance],
        )


def weights(scene: Scene) -> Iterator[Problem]:
    """Class weights for classes that do not exist, or negative ones."""
    plan = scene.project.plan
    if plan.class_weights != "custom":
        return
    known = scene.facts.class_names if scene.facts else ()
    unknown = [name for name in plan.class_weight if known and name not in known]
    bad = [name for name, weight in plan.class_weight.items() if not weight >= 0]
    wrong = list(dict.fromkeys([*unknown, *bad]))
    if wrong:
        message = (
            _("There is a weight for “{name}”, which is no class.")
            if unknown
            else _("The weight of “{name}” is negative; 0 or more was expected.")
        )
        kept = plan.class_weight.without(wrong)
        label = _("Remove the weights of {names}").format(names=", ".join(wrong[:5]))
        yield scene.problem(
            "error",
            "class-weights",
            message.format(name=wrong[0]),
            fixes=[Fix(label, _weights(kept))],
        )
    elif plan.class_weight and not any(plan.class_weight.values()):
        covers = not known or set(known) <= set(plan.class_weight)
        if covers:
            yield scene.problem(
                "error",
                "class-weights",
                _("All class weights are 0, so nothing would be learned."),
                fixes=[Fix(_("Use none"), (SetPlan("class_weights", "none"),))],
            )


def _weights(kept: FrozenMap[str, float]) -> tuple[SetPlan, ...]:
    if not kept:
        return (SetPlan("class_weight", kept), SetPlan("class_weights", "none"))
    return (SetPlan("class_weight", kept),)


def precision(scene: Scene) -> Iterator[Problem]:
    """Half precision up to the very end, where small scores vanish."""
    head = find_head(scene)
    half = ("float16", "bfloat16")
    policy = scene.project.plan.precision
    if head is None or head.form.dtype not in half or not policy.startswith("mixed_"):
        return
    nodes = dict.fromkeys(
        node.id
        for node in (head.output, head.activated)
        if node is not None and scene.has(node, "dtype")
    )
    edits = tuple(SetParam(id, "dtype", "float32", scene.name) for id in nodes)
    label = _("Let {node} answer in float32").format(node=head.output.name)
    yield scene.problem(
        "warning",
        "half-precision-head",
        _(
            "With {policy} the last layer, {node}, answers in {dtype}, which rounds"
            " small scores and can make the loss NaN. It should answer in float32."
        ).format(policy=policy, node=head.output.name, dtype=head.form.dtype),
        head.output.id,
        [Fix(label, edits)],
    )


SAMPLES = (source, parts, batches, classes, weights, precision)
