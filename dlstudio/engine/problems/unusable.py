"""Samples that training would leave out because they cannot be used."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.edits import SetData
from dlstudio.document.left_out import examples_text
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.scene import Scene
from dlstudio.i18n import ngettext


def unusable(scene: Scene) -> Iterator[Problem]:
    """How many there are, and why; excluding them says that this is known."""
    facts, recipe = scene.facts, scene.project.data
    if facts is None or (facts.source is not None and facts.source != recipe.source):
        return
    out = frozenset(recipe.leave_out)
    found = tuple(each for each in facts.unusable if each[0] not in out)
    if not found:
        return
    count = len(found)
    message = ngettext(
        "{count} image of {total} cannot be used, so training leaves it out: {names}.",
        "{count} images of {total} cannot be used, so training leaves them out: "
        "{names}.",
        count,
    ).format(
        count=count, total=facts.samples + count, names=examples_text(found, count)
    )
    label = ngettext(
        "Exclude this image", "Exclude these {count} images", count
    ).format(count=count)
    names = (*recipe.leave_out, *(name for name, _reason in found))
    fix = Fix(label, (SetData("leave_out", names),))
    yield scene.problem("warning", "unusable-samples", message, fixes=[fix])


UNUSABLE = (unusable,)
