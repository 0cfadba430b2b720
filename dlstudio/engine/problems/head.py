"""The head against the classes: rank and units."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.heads import Head, find_head
from dlstudio.engine.problems.rehead import appended, resized
from dlstudio.engine.problems.scene import Scene
from dlstudio.engine.sentences import dims
from dlstudio.engine.tasks.base import Task
from dlstudio.i18n import _


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
    classes = scene.facts.classes if scene.facts else 0
    if classes < 1 or not head.units:
        return
    if classes == 1 and task.labels == "single":
        return  # no head tells one class from nothing; that it is one is told
    units, activation = task.head(scene.project.plan.loss.kind, classes, head.units)
    fits = {units} | ({1} if task.labels == "single" and classes == 2 else set())
    fits |= {classes} if task.labels == "multi" or classes > 1 else set()
    if head.units in fits:
        return
    few = head.units < units
    if few:
        message = _(
            "{node} gives {units} score(s), but the data has {classes} classes; one"
            " score per class was expected."
        )
    else:
        message = _(
            "{node} gives {units} scores, but the data has only {classes} classes; the"
            " others would never be right."
        )
    yield scene.problem(
        "error" if few else "warning",
        "head-units",
        message.format(node=head.output.name, units=head.units, classes=classes),
        head.output.id,
        [resized(scene, head, task, units, activation)],
    )


HEAD = (heads,)
