"""`predict`: classify images."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.archives import unpacked_inputs
from dlstudio.cli.opened_project import open_project
from dlstudio.cli.options import JsonOption, ProjectArgument, RunOption
from dlstudio.cli.output import Output
from dlstudio.cli.patterns import matching_paths
from dlstudio.cli.run_choice import choose_run
from dlstudio.data.heic import KIND as HEIC
from dlstudio.data.heic import files_without_extra
from dlstudio.errors import about
from dlstudio.i18n import _, ngettext
from dlstudio.i18n import marked as mark
from dlstudio.percent_text import percent

if TYPE_CHECKING:
    from dlstudio.document.prediction import Prediction


def predict(
    project: ProjectArgument,
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help=mark(
                "Images, folders or zip archives of images, or file name patterns."
            ),
        ),
    ],
    run: RunOption = "",
    as_json: JsonOption = False,
) -> None:
    """Classify images; the exit status is 1 if one could not be read."""
    output = Output(as_json)
    opened = open_project(project)
    paths = [path for text in inputs for path in matching_paths(text)]
    chosen = choose_run(opened, run, output)
    with output.waiting(_("Loading the model…")):
        from dlstudio.engine.runtime.startup import start_tensorflow

        start_tensorflow()
        from dlstudio.engine.prediction.predict import predictions
        from dlstudio.engine.prediction.trained_model import load_trained

        trained = load_trained(chosen, opened.catalog)
    found = []
    with unpacked_inputs(paths, output) as (places, named):
        for each in predictions(trained, places):
            found.append(replace(each, input=named(each.input)))
            if not as_json and each.kind != HEIC:
                _show(output, found[-1])
    if as_json:
        output.json({"run": chosen.id, "predictions": [p.to_json() for p in found]})
    wrong = sum(bool(each.error) for each in found)
    heic = sum(each.kind == HEIC for each in found)
    if heic and not as_json:
        output.note(files_without_extra(heic))
    if wrong:
        if not as_json and wrong < len(found):
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
    output.text(f"{prediction.input}: {label} ({percent(prediction.score)})")
