"""Keeping decision thresholds with a run; for `evaluate --threshold`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.number_text import read_number

if TYPE_CHECKING:
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.bindings import OutputBinding
    from dlstudio.document.project import Project
    from dlstudio.engine.runs.store import Run

DEFAULT = "default"
PROBABILITIES = 1.0


def keep_thresholds(run: Run, texts: Sequence[str], catalog: Catalog) -> None:
    """Keep thresholds with a run, each given as "0.3", "output=0.3" or "default".

    Args:
        run: The run.
        texts: As typed.
        catalog: Describes the heads.

    Raises:
        UserError: There is no such output, it has no threshold, or the number does not
            fit; then nothing is kept.
    """
    from dlstudio.engine.runs.thresholds import keep_threshold

    project = run.project()
    found = [_threshold(run, project, text, catalog) for text in texts]
    for output, value in found:
        keep_threshold(run.folder, output, value)


def _threshold(
    run: Run, project: Project, text: str, catalog: Catalog
) -> tuple[str, float | None]:
    """The output that a text is about, and its threshold."""
    name, equals, typed = text.rpartition("=")
    outputs = {each.feature: each for each in project.outputs}
    if not equals and len(outputs) > 1:
        fitting = [n for n, each in outputs.items() if _limit(run, each, catalog)]
        raise UserError(
            _("The model has several outputs: {names}.").format(
                names=", ".join(outputs)
            ),
            _("Write it like --threshold {name}=0.3.").format(
                name=next(iter([*fitting, *outputs]))
            ),
        )
    output = outputs.get(name) if equals else project.output
    if output is None:
        raise UserError(
            _("The model has no output “{name}”.").format(name=name),
            _("Choose one of: {names}.").format(names=", ".join(outputs)),
        )
    limit = _limit(run, output, catalog)
    if not limit:
        raise UserError(
            _("“{name}” is predicted without a threshold.").format(name=output.feature),
            _("Two classes, several labels and reconstructed images have one."),
        )
    if typed.strip() == DEFAULT:
        return output.feature, None
    value = read_number(typed)
    if not 0 <= value < limit or (value == 0 and limit == PROBABILITIES):
        raise UserError(
            _("{value} is no threshold for “{name}”.").format(
                value=typed.strip(), name=output.feature
            ),
            _("Give a probability between 0 and 1.")
            if limit == PROBABILITIES
            else _("Give an error of at least 0."),
        )
    return output.feature, value


def _limit(run: Run, output: OutputBinding, catalog: Catalog) -> float:
    """What every threshold of an output is below; 0 where it has none."""
    from dlstudio.engine.heads.decisions import takes_threshold
    from dlstudio.engine.runs.learned_features import learned_by

    labels = catalog.find("heads", output.head.kind).extra["labels"]
    if labels == "image":
        return math.inf
    if labels not in ("single", "multi"):
        return 0.0
    names = learned_by(run, run.project()).get(output.feature, {}).get("names", ())
    return PROBABILITIES if takes_threshold(len(names), labels == "multi") else 0.0
