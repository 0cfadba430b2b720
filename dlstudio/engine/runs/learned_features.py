"""What the features of a run have learned; needs no TensorFlow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlstudio.document.project import Project
from dlstudio.engine.runs.store import Run
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.features.base import Fitted


def learned_by(run: Run, project: Project) -> dict[str, Fitted]:
    """What the features of a run have learned, by name.

    Args:
        run: Its record lists the classes of the first output apart.
        project: The run's.

    Raises:
        UserError: The record does not say it.
    """
    known = run.record.data.get("fitted") or {}
    classes = run.record.data.get("classes")
    if not isinstance(known, dict) or not isinstance(classes, list):
        raise UserError(
            _("The record of run {id} does not list its features.").format(
                id=run.label
            ),
            _("The record is damaged. Train the project again."),
        )
    # Of a feature that learns nothing the record says nothing.
    found: dict[str, Fitted] = {each.feature: {} for each in project.inputs}
    if classes:
        found[project.output.feature] = {"names": classes}
    return {**found, **known}
