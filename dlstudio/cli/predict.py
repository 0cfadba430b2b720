"""`predict`: predict images, rows of tables, values, or texts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.archives import unpacked_inputs
from dlstudio.cli.opened_project import open_project
from dlstudio.cli.options import JsonOption, ProjectArgument, RunOption
from dlstudio.cli.output import Output
from dlstudio.cli.patterns import matching_paths
from dlstudio.cli.predict_images import predict_images
from dlstudio.cli.predict_rows import GivenValues, predict_features
from dlstudio.cli.run_choice import choose_run
from dlstudio.data.images.heic import KIND as HEIC
from dlstudio.data.images.heic import files_without_extra
from dlstudio.document.search_settings import HIGHEST, WIDEST, SearchSettings, search_of
from dlstudio.errors import UserError, about
from dlstudio.i18n import _, ngettext
from dlstudio.i18n import marked as mark
from dlstudio.labelled_text import labelled
from dlstudio.percent_text import percent

if TYPE_CHECKING:
    from dlstudio.document.prediction import Prediction
    from dlstudio.engine.runs.store import Run


def predict(
    project: ProjectArgument,
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INPUT...",
            help=mark(
                "Images, folders or zip archives of images, tables, files of texts, or "
                "file name patterns."
            ),
        ),
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Option(
            "--value",
            metavar="COLUMN=VALUE",
            help=mark(
                "Value of one input, for a model of tables; can be repeated. Inputs "
                "without one are missing."
            ),
        ),
    ] = None,
    text: Annotated[
        list[str] | None,
        typer.Option(
            "--text",
            metavar="TEXT",
            help=mark(
                "A text to predict, for a model with one input of texts; can be "
                "repeated."
            ),
        ),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help=mark(
                "Say what each word of a text contributes to its prediction "
                "(integrated gradients)."
            ),
        ),
    ] = False,
    beam: Annotated[
        int | None,
        typer.Option(
            "--beam",
            metavar="N",
            min=1,
            max=WIDEST,
            help=mark(
                "Texts that are continued at the same time, for a model that writes "
                "texts; 1 for greedy search. Default: as in its head."
            ),
        ),
    ] = None,
    length_penalty: Annotated[
        float | None,
        typer.Option(
            "--length-penalty",
            metavar="X",
            min=0.0,
            max=HIGHEST,
            help=mark(
                "How much beam search makes up for the lower probability of longer "
                "texts. Default: as in the head of the model."
            ),
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help=mark(
                "New folder for the images that a model reconstructs, as PNG files."
            ),
        ),
    ] = None,
    run: RunOption = "",
    as_json: JsonOption = False,
) -> None:
    """Predict images, rows of tables, values, or texts.

    The exit status is 1 if one of them could not be read.
    """
    from dlstudio.document.project import is_image_model, reconstructs_images

    output = Output(as_json)
    opened = open_project(project)
    paths = [path for each in inputs or () for path in matching_paths(each)]
    chosen = choose_run(opened, run, output)
    if explain and is_image_model(chosen.project()):
        raise UserError(
            _("This model predicts images; only predictions of texts are explained."),
            _("Omit --explain."),
        )
    search = _search(chosen, beam, length_penalty)
    if reconstructs_images(chosen.project()):
        _check_images(paths, [*(value or ()), *(text or ())])
        images = predict_images(opened, chosen, paths, out, output)
        _finish(images, chosen, output)
        return
    if out is not None:
        raise UserError(_("This model does not reconstruct images."), _("Omit --out."))
    if not is_image_model(chosen.project()):
        given = GivenValues(tuple(value or ()), tuple(text or ()), explain, search)
        rows = predict_features(opened, chosen, paths, given, output)
        _finish(rows, chosen, output)
        return
    _check_images(paths, [*(value or ()), *(text or ())])
    with output.waiting(_("Loading the model…")):
        from dlstudio.engine.runtime.startup import start_tensorflow

        start_tensorflow()
        from dlstudio.engine.prediction.image_classifier import load_trained
        from dlstudio.engine.prediction.image_files import predictions

        trained = load_trained(chosen, opened.catalog)
    found = []
    with unpacked_inputs(paths, output) as (places, named):
        for each in predictions(trained, places):
            found.append(replace(each, input=named(each.input)))
            if not as_json and each.kind != HEIC:
                _show(output, found[-1])
    heic = sum(each.kind == HEIC for each in found)
    if heic and not as_json:
        output.note(files_without_extra(heic))
    _finish(found, chosen, output)


def _search(
    run: Run, beam: int | None, length_penalty: float | None
) -> SearchSettings | None:
    """How texts are searched; None as the run's project says.

    Raises:
        UserError: The run's model writes no texts.
    """
    if beam is None and length_penalty is None:
        return None
    if search_of(run.project()) is None:
        raise UserError(
            _("This model does not write texts."),
            _("Omit --beam and --length-penalty."),
        )
    return SearchSettings(beam, length_penalty)


def _check_images(paths: list[Path], values: list[str] | None) -> None:
    if values:
        raise UserError(
            _("This model predicts images; it has no columns with values."),
            _("Give images or folders instead of --value or --text."),
        )
    if not paths:
        raise UserError(
            _("There is nothing to predict."), _("Give images, or a folder of them.")
        )


def _finish(found: list[Prediction], run: Run, output: Output) -> None:
    """Print the predictions as JSON if wanted; exit with 1 if one has an error."""
    if output.as_json:
        output.json({"run": run.id, "predictions": [p.to_json() for p in found]})
    wrong = sum(bool(each.error) for each in found)
    if wrong:
        if not output.as_json and wrong < len(found):
            output.note(_unread(wrong, len(found)))
        raise typer.Exit(1)


def _unread(wrong: int, total: int) -> str:
    text = ngettext(
        "{count} of {total} inputs could not be read.",
        "{count} of {total} inputs could not be read.",
        wrong,
    )
    return text.format(count=f"{wrong:,}", total=f"{total:,}")


def _show(output: Output, prediction: Prediction) -> None:
    if prediction.error:
        output.note(about(prediction.input, prediction.error))
        return
    labels = prediction.labels
    label = prediction.label if labels is None else ", ".join(labels) or _("no label")
    answer = f"{label} ({percent(prediction.score)})"
    output.text(labelled(prediction.input, answer))
