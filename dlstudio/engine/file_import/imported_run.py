"""The run of an imported model: its weights, without any training."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.document.several_labels import SEVERAL_LABELS
from dlstudio.document.storage import project_to_json
from dlstudio.engine.file_import.imported_project import ImportedProject
from dlstudio.engine.model.saved_model_layer import parameter_count
from dlstudio.engine.runs.run import MODEL, Run
from dlstudio.engine.runs.store import RunStore
from dlstudio.engine.runtime.versions import platform_now, versions_now
from dlstudio.engine.training.session import save_model
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel

IMPORTED = "imported"
"""Why the run of an imported model ended: it never began."""


def create_run(
    made: ImportedProject, model: KerasModel, folder: Path, file: str
) -> Run:
    """Create a run that holds a model as it was imported.

    Args:
        made: The project.
        model: Built from it, with its weights.
        folder: Of the project.
        file: Name of the file that the weights come from.

    Raises:
        UserError: The folder cannot be written.
    """
    project = made.project
    fitted = {name: dict(each) for name, each in made.fitted.items()}
    names = fitted.get(project.output.feature, {}).get("names")
    classes = list(names) if isinstance(names, list) else []
    if classes:
        del fitted[project.output.feature]
    head = project.head
    run = RunStore(folder).create(
        project_to_json(project),
        seed=project.plan.seed,
        data={
            "fingerprint": "",
            "classes": classes,
            SEVERAL_LABELS: head.endswith("multi_label"),
            "splits": {},
            "fitted": {name: each for name, each in fitted.items() if each},
        },
        name=_("Imported"),
        note=_("Weights of {file}.").format(file=file),
        reason=IMPORTED,
        versions=versions_now(),
        platform=platform_now(),
        parameters=parameter_count(model),
    )
    save_model(model, run.folder / MODEL)
    run.set_outcome("succeeded")
    return run
