"""`new`: create a project from a template, adapted to the user's data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.archives import unpacked_data
from dlstudio.cli.command_text import command_text
from dlstudio.cli.opened_project import source_of
from dlstudio.cli.options import JsonOption
from dlstudio.cli.output import Output
from dlstudio.cli.source_options import apply_options, with_source_options
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.catalog.schema import Description
    from dlstudio.catalog.store import Catalog
    from dlstudio.data.samples import Samples
    from dlstudio.document.project import Project
    from dlstudio.document.values import Spec
    from dlstudio.engine.templates.context import TemplateContext


@with_source_options
def new(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help=mark("A new or empty folder."))
    ],
    template: Annotated[
        str,
        typer.Option(
            metavar="NAME", help=mark("One of the templates listed by “templates”.")
        ),
    ],
    data: Annotated[
        str,
        typer.Option(
            metavar="PATH",
            help=mark(
                "Your images: {sources}, also in a zip archive; or the name of a "
                "dataset: {datasets}."
            ),
        ),
    ] = "",
    as_json: JsonOption = False,
    *,
    source_options: Mapping[str, str],
) -> None:
    """Create a project from a template and the user's images."""
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.storage import save_project
    from dlstudio.engine.templates import make_project

    output = Output(as_json)
    catalog = Catalog.load()
    description = catalog.find("templates", template)
    _check_free(folder)
    _check_data(description, data)
    with unpacked_data(folder, data, catalog, output) as place:
        source = _source(folder, place, source_options, catalog)
        context, samples = _context(folder, source, catalog, output)
        project = make_project(description, context)
        save_project(project, folder)
    if as_json:
        made = {"project": str(folder), "template": description.name}
        output.json({**made, "nodes": len(project.model.nodes)})
        return
    layers, classes = project.model.layer_count, context.classes
    output.text(
        _("{folder} is ready: {layers}, {classes}.").format(
            folder=folder,
            layers=ngettext("{count} layer", "{count} layers", layers).format(
                count=layers
            ),
            classes=ngettext("{count} class", "{count} classes", classes).format(
                count=classes
            ),
        )
    )
    if samples is not None:
        _show_splits(output, project, samples)
    output.text(_("Next: {command}").format(command=command_text("train", folder)))


def _show_splits(output: Output, project: Project, samples: Samples) -> None:
    """Print the sizes of the splits, and which are held out of the training split."""
    from dlstudio.cli.splits import split_counts

    counts, notes = split_counts(samples, project.data)
    text = _(
        "Samples: {train} for training, {validation} for validation, {test} "
        "for testing."
    )
    output.text(text.format(**{name: f"{count:,}" for name, count in counts.items()}))
    for note in notes:
        output.text(note)


def _check_free(folder: Path) -> None:
    from dlstudio.document.storage import is_free

    if folder.is_dir() and not is_free(folder):
        raise UserError(
            _("{folder} is not empty. Nothing was overwritten.").format(folder=folder),
            _("Choose a new folder."),
        )
    if folder.exists() and not folder.is_dir():
        raise UserError(
            _("{folder} is a file.").format(folder=folder),
            _("Choose a new folder."),
        )


def _check_data(description: Description, data: str) -> None:
    needs = bool(description.extra.get("needs_data"))
    if needs and not data:
        raise UserError(
            _(
                "The template {name} needs images to determine its size, but no "
                "images were given."
            ).format(name=description.name),
            _("Give their folder: --data FOLDER."),
        )
    if data and not needs:
        raise UserError(
            _("The template {name} comes with its own images.").format(
                name=description.name
            ),
            _("Omit --data, or choose another template, such as image-cnn."),
        )


def _source(
    folder: Path, data: str, options: Mapping[str, str], catalog: Catalog
) -> Spec | None:
    """The source with paths relative to the project; None to keep the template's."""
    from dlstudio.data.relative_paths import relative_source

    if data:
        source = apply_options(source_of(data, catalog), options, catalog)
        return relative_source(source, folder, catalog)
    if options:
        raise UserError(
            _("Parameters of a data source were given, but no data."),
            _("Give the path of the data: --data PATH."),
        )
    return None


def _context(
    folder: Path, source: Spec | None, catalog: Catalog, output: Output
) -> tuple[TemplateContext, Samples | None]:
    from dlstudio.engine.templates.context import TemplateContext, context_of

    name = folder.absolute().name
    if source is None:
        return TemplateContext(name), None
    from dlstudio.data.open_source import open_source

    with output.waiting(_("Reading images…")):
        samples = open_source(source, catalog, folder)
        return context_of(name, source, samples), samples
