"""`predict` with a model that reconstructs images: errors and anomalies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.cli.archives import unpacked_inputs
from dlstudio.cli.command_text import command_text
from dlstudio.cli.opened_project import OpenedProject
from dlstudio.cli.output import Output
from dlstudio.errors import UserError, about
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.document.prediction import Prediction
    from dlstudio.engine.prediction.image_model import ImageModel
    from dlstudio.engine.runs.store import Run


def predict_images(
    opened: OpenedProject,
    run: Run,
    paths: Sequence[Path],
    out: Path | None,
    output: Output,
) -> list[Prediction]:
    """Reconstruct images, printed as they come unless JSON is wanted.

    Args:
        opened: The project.
        run: Of the project; has a trained model.
        paths: Images, and folders and archives of them.
        out: Folder to write the reconstructed images to; None for none.
        output: Output to print to.

    Raises:
        UserError: The model cannot be read, or the folder is not empty.
    """
    if out is not None:
        check_empty(out)
    model = loaded_image_model(opened, run, output)
    from dlstudio.engine.prediction.predict_images import image_predictions

    if model.threshold is None:
        command = command_text("evaluate", opened.folder, "--run", run.number or run.id)
        output.note(
            _(
                "There is no threshold for anomalies yet. “{command}” chooses one."
            ).format(command=command)
        )
    found: list[Prediction] = []
    with unpacked_inputs(paths, output) as (places, named):
        for each in image_predictions(model, places, out=out):
            found.append(replace(each, input=named(each.input)))
            if not output.as_json:
                _show(output, found[-1], model.target)
    return found


def loaded_image_model(opened: OpenedProject, run: Run, output: Output) -> ImageModel:
    """The model of a run that reconstructs images.

    Args:
        opened: The project.
        run: One of its runs.
        output: Shows that it is waited for.

    Raises:
        UserError: There is no model, or it cannot be read.
    """
    with output.waiting(_("Loading the model…")):
        from dlstudio.engine.runtime.startup import start_tensorflow

        start_tensorflow()
        from dlstudio.engine.prediction.image_model import load_image_model

        return load_image_model(run, opened.catalog)


def check_empty(folder: Path) -> None:
    """Check that images can be written to a folder without overwriting any file.

    Raises:
        UserError: It has files, or is one.
    """
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists():
        raise UserError(
            _("{folder} is not empty. Nothing was overwritten.").format(folder=folder),
            _("Choose a new folder."),
        )


def _show(output: Output, prediction: Prediction, target: str) -> None:
    if prediction.error:
        output.note(about(prediction.input, prediction.error))
        return
    answer = prediction.outputs[target]
    text = _("{input}: error {error}").format(
        input=prediction.input, error=f"{answer['error']:.4g}"
    )
    if answer["anomaly"]:
        output.text(_("{text}, anomaly").format(text=text), "red")
    else:
        output.text(text)
