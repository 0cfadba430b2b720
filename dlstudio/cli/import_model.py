"""`import`: make a project of a file of a Keras model."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.command_text import command_text
from dlstudio.cli.options import JsonOption
from dlstudio.cli.output import Output
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.document.import_report import ImportReport

SHOWN = 8


def import_model(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help=mark(
                "A .keras or .h5 file, a JSON configuration, a zip archive with one of "
                "them, or the folder of a SavedModel that Keras 2 wrote. Or weights "
                "alone, for the project in DIR."
            ),
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="DIR",
            help=mark("A new or empty folder; for weights alone, the project."),
        ),
    ],
    weights: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=mark("Weights to use in place of those in the model's file."),
        ),
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=mark(
                "Names of the classes, one on each line, or JSON. Default: a file like "
                "labels.txt beside the model."
            ),
        ),
    ] = None,
    pixels: Annotated[
        str,
        typer.Option(
            metavar="RANGE",
            help=mark(
                "Pixel values that a model of images expects: 0..255, 0..1 or -1..1. "
                "Default: 0..255."
            ),
        ),
    ] = "",
    size: Annotated[
        str,
        typer.Option(
            metavar="HEIGHTxWIDTH",
            help=mark(
                "Size that images are resized to, such as 224x224, for a model that "
                "accepts any size."
            ),
        ),
    ] = "",
    columns: Annotated[
        str,
        typer.Option(
            metavar="NAME[,NAME…]",
            help=mark(
                "Columns of a table, in the order in which the model takes them."
            ),
        ),
    ] = "",
    code: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help=mark(
                "Python file that defines the custom layers of the model; it is copied "
                "into the project, and not run unless it is trusted. Can be repeated."
            ),
        ),
    ] = None,
    trust_code: Annotated[
        bool,
        typer.Option(
            "--trust-code",
            help=mark(
                "Trust the code in these files from now on, and run it: that of --code "
                "and of Lambda layers. It can do all that you can do."
            ),
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a project of a Keras model; no code in its file is run, unless trusted."""
    from dlstudio.catalog.store import Catalog
    from dlstudio.cli.new import check_free

    output = Output(as_json)
    if _is_project(out) and _has_weights_alone(file):
        if weights or labels or pixels or size or columns or code or trust_code:
            raise UserError(
                _("{file} has only weights, so no other option applies.").format(
                    file=file.name
                ),
                _("Give only the file and --out."),
            )
        _give_weights(output, file, out)
        return
    check_free(out)
    sides = _sides(size)
    with output.waiting(_("Reading the model…")):
        from dlstudio.engine.runtime.startup import start_tensorflow

        start_tensorflow()
        from dlstudio.engine.file_import.import_file import import_file
        from dlstudio.engine.file_import.import_request import ImportRequest
        from dlstudio.engine.file_import.pixel_range import ImageEntry

        names = tuple(name.strip() for name in columns.split(",") if name.strip())
        entry = ImageEntry(_pixels(pixels), sides)
        request = ImportRequest(
            file,
            out,
            weights,
            labels,
            columns=names,
            image=entry,
            code=tuple(code or ()),
        )
        if trust_code:
            from dlstudio.engine.file_import.model_code import (
                code_of_model,
                trust_items,
            )

            trust_items(code_of_model(file, request.code))
        report = import_file(request, Catalog.load())
    if as_json:
        output.json(report.to_json())
    else:
        _show(output, report, out)


def _is_project(folder: Path) -> bool:
    from dlstudio.document.storage import project_file

    return project_file(folder).is_file()


def _has_weights_alone(path: Path) -> bool:
    """Whether a file has weights and does not say of which layers."""
    from dlstudio.engine.runtime.startup import start_tensorflow

    start_tensorflow()
    from dlstudio.engine.model_files.model_file import WeightsAlone, read_model_file

    try:
        read_model_file(path)
    except WeightsAlone:
        return True
    return False


def _give_weights(output: Output, file: Path, folder: Path) -> None:
    """Let the model of a project begin with the weights of a file."""
    from dlstudio.catalog.store import Catalog

    with output.waiting(_("Reading the weights…")):
        from dlstudio.engine.runtime.startup import start_tensorflow

        start_tensorflow()
        from dlstudio.engine.file_import.given_weights import give_to_project
        from dlstudio.engine.model.weights_match import match_text

        found = give_to_project(file, folder, Catalog.load())
    if output.as_json:
        named = {"matched": found.matched, "missing": found.missing}
        output.json(
            {name: list(each) for name, each in named.items()}
            | {"unused": list(found.unused)}
        )
        return
    output.text(match_text(found, file))
    output.text(_("Trainings of this project begin with these weights."))
    output.text(_("Next: {command}").format(command=command_text("train", folder)))


def _pixels(text: str) -> str:
    from dlstudio.engine.file_import.pixel_range import RANGES

    if text and text not in RANGES:
        raise UserError(
            _("“{text}” is not a range of pixel values.").format(text=text),
            _("Use one of: {names}.").format(names=", ".join(RANGES)),
        )
    return text


def _sides(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    found = re.fullmatch(r"(\d{1,4})(?:[x×](\d{1,4}))?", text.strip().lower())
    if found is None or "0" in (found[1], found[2]):
        raise UserError(
            _("“{text}” is not an image size.").format(text=text),
            _("Give height and width in pixels: --size 224x224."),
        )
    return int(found[1]), int(found[2] or found[1])


def _show(output: Output, report: ImportReport, out: Path) -> None:
    output.text(_counts(report), "bold")
    if report.difference is not None:
        output.text(
            _(
                "Its outputs equal those of the original (difference {value:.2g})."
            ).format(value=report.difference)
        )
    if report.classes:
        output.text(_classes(report))
    for block in report.blocks:
        output.note(
            _("{name} ({kind}) is kept as one block: {reason}").format(
                name=block.name, kind=block.class_name, reason=block.reason
            )
        )
    for note in report.notes:
        output.note(note)
    _show_code(output, report)
    command = "predict" if report.predicts else "summary"
    output.text(_("Next: {command}").format(command=command_text(command, out)))


def _show_code(output: Output, report: ImportReport) -> None:
    """Say which code the layers need, and what became of it."""
    from dlstudio.document.name_lists import list_names

    if report.missing:
        text = _("No code was given for {names}. Give it with --code FILE.")
        output.note(text.format(names=list_names(report.missing)))
    untrusted = [each for each in report.code if not each.trusted]
    if untrusted:
        text = _(
            "The Python code of {names} was not run. If you trust where it comes from, "
            "import the file again with --trust-code."
        )
        output.note(text.format(names=list_names([each.name for each in untrusted])))
    trusted = [each.name for each in report.code if each.trusted]
    if trusted:
        output.note(_("Trusted code: {names}.").format(names=list_names(trusted)))


def _counts(report: ImportReport) -> str:
    """The number of layers, and of parameters unless a block hides some."""
    if not report.parameters:
        text = ngettext(
            "{file}: {count} layer.", "{file}: {count} layers.", report.layers
        )
        return text.format(file=report.file, count=report.layers)
    text = ngettext(
        "{file}: {count} layer, {parameters} parameters.",
        "{file}: {count} layers, {parameters} parameters.",
        report.layers,
    )
    return text.format(
        file=report.file, count=report.layers, parameters=f"{report.parameters:,}"
    )


def _classes(report: ImportReport) -> str:
    names = ", ".join(report.classes[:SHOWN])
    if len(report.classes) > SHOWN:
        names += ", …"
    count = len(report.classes)
    if not report.labels:
        text = ngettext("{count} class: {names}", "{count} classes: {names}", count)
        return text.format(count=count, names=names)
    text = ngettext(
        "{count} class, from {file}: {names}",
        "{count} classes, from {file}: {names}",
        count,
    )
    return text.format(count=count, names=names, file=Path(report.labels).name)
