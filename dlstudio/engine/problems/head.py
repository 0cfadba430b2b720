"""The head against the classes: rank and units."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.heads import Head, find_head, is_scoring, wrong_units
from dlstudio.engine.problems.rehead import appended, resized, with_scores
from dlstudio.engine.problems.scene import Scene
from dlstudio.engine.sentences import dims
from dlstudio.engine.tasks.base import Task
from dlstudio.i18n import _, ngettext


def heads(scene: Scene) -> Iterator[Problem]:
    """What the head gives, against what the task needs."""
    head, task = find_head(scene), scene.task
    if head is None or task is None or head.output.kind.endswith("InputLayer"):
        return
    if len(head.form.shape) != 2:
        yield _rank(scene, head)
        return
    yield from _units(scene, head, task)


def _rank(scene: Scene, head: Head) -> Problem:
    message = _(
        "{node} gives {shape} for each sample; a row of scores, one per class, was"
        " expected. Pool or flatten before the last layer."
    ).format(node=head.output.name, shape=dims(head.form.shape))
    fixes = [fix for fix in _to_row(scene, head) if _gives_row(scene, fix)]
    return scene.problem("error", "head-rank", message, head.output.id, fixes[:3])


def _to_row(scene: Scene, head: Head) -> Iterator[Fix]:
    """Pool or flatten before the layer that scores, or behind the last one."""
    rank = len(head.form.shape) - 2
    pool = f"GlobalAveragePooling{min(max(rank, 1), 3)}D"
    both = [(pool, "pool"), ("Flatten", "flatten")]
    if not _many_channels(scene, head):
        both.reverse()
    for kind, stem in both:
        before = scene.into(head.scorer.id) if head.scorer else ()
        if len(before) == 1:
            edit = scene.insert(kind, stem, before[0])
            source = scene.called(before[0].source)
            label = _("Insert {kind} after {source}")
            yield Fix(label.format(kind=kind, source=source), (edit,))
    for kind, stem in ((pool, "pool"), ("Flatten", "flatten")):
        label = _("Append {kind}").format(kind=kind)
        yield Fix(label, appended(scene, head, kind, stem))


def _many_channels(scene: Scene, head: Head) -> bool:
    """Whether pooling would leave about as many numbers as there are scores."""
    inputs = scene.shapes[head.scorer.id].inputs if head.scorer else ()
    width = inputs[0].shape[-1] if inputs else None
    return width is not None and 2 * width >= head.units


def _gives_row(scene: Scene, fix: Fix) -> bool:
    shapes = scene.shapes_after(fix.edits)
    project = scene.apply(fix.edits)
    if shapes is None or project is None:
        return False
    ends = project.graphs[scene.name].output_ids()
    outputs = [form for id in ends for form in shapes[id].outputs]
    wrong = any(shape.cause for shape in shapes.values())
    return not wrong and len(outputs) == 1 and len(outputs[0].shape) == 2


def _units(scene: Scene, head: Head, task: Task) -> Iterator[Problem]:
    if not wrong_units(scene, head):
        return
    classes = scene.facts.classes if scene.facts else 0
    units, activation = task.head(scene.project.plan.loss.kind, classes, head.units)
    fixes = [
        resized(scene, head, task, units, activation),
        with_scores(scene, head, task, units, activation),
    ]
    if not is_scoring(head):
        fixes.reverse()
    yield scene.problem(
        "error", "head-units", _count(head, classes), head.output.id, fixes
    )


def _count(head: Head, classes: int) -> str:
    gives = ngettext(
        "{node} gives {units} score for each sample",
        "{node} gives {units} scores for each sample",
        head.units,
    ).format(node=head.output.name, units=head.units)
    has = ngettext(
        "the data has {classes} class", "the data has {classes} classes", classes
    ).format(classes=classes)
    return _("{gives}, but {has}; one score per class was expected.").format(
        gives=gives, has=has
    )


HEAD = (heads,)
