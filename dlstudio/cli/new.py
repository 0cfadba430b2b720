"""`new`: create a project from a template, adapted to the user's data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.archives import unpacked_data
from dlstudio.cli.command_text import command_text
from dlstudio.cli.initial_vectors import begin_with_file
from dlstudio.cli.opened_project import source_of
from dlstudio.cli.options import JsonOption
from dlstudio.cli.output import Output
from dlstudio.cli.source_options import apply_options, with_source_options
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.catalog.schema import Description
    from dlstudio.catalog.store import Catalog
    from dlstudio.data.samples import Samples
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
            metavar="NAME",
            help=mark(
                "One of the templates listed by “templates”; chosen to fit the data "
                "if omitted."
            ),
        ),
    ] = "",
    data: Annotated[
        str,
        typer.Option(
            metavar="PATH",
            help=mark(
                "Your data: {sources}, also in a zip archive; or the name of a "
                "dataset: {datasets}."
            ),
        ),
    ] = "",
    target: Annotated[
        str,
        typer.Option(
            metavar="COLUMN[,COLUMN…]",
            help=mark("Columns of a table to predict; one is chosen if omitted."),
        ),
    ] = "",
    feature: Annotated[
        list[str] | None,
        typer.Option(
            "--feature",
            metavar="COLUMN=TYPE",
            help=mark(
                "Type of a table's column, such as age=number, or “ignore”; can be "
                "repeated."
            ),
        ),
    ] = None,
    latent: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            help=mark(
                "Size of the latent vector of an autoencoder; 0 for one that fits."
            ),
        ),
    ] = 0,
    embedding: Annotated[
        str,
        typer.Option(
            metavar="FILE",
            help=mark(
                "Word vectors (word2vec, GloVe) the Embedding layer begins with."
            ),
        ),
    ] = "",
    backbone: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help=mark(
                "Pretrained network of the template image-transfer, such as "
                "MobileNetV3Small, EfficientNetV2B0, ResNet50V2 or ConvNeXtTiny, or a "
                "preset of KerasHub."
            ),
        ),
    ] = "",
    weights: Annotated[
        str,
        typer.Option(
            metavar="imagenet|none|FILE|FOLDER",
            help=mark(
                "Weights that the pretrained network begins with, or the folder of a "
                "preset of KerasHub."
            ),
        ),
    ] = "",
    as_json: JsonOption = False,
    *,
    source_options: Mapping[str, str],
    project_settings: Sequence[str],
) -> None:
    """Create a project from a template and the user's data."""
    from dlstudio.catalog.store import Catalog
    from dlstudio.cli.new_backbone import (
        note_pretrained,
        note_weights,
        with_backbone,
        with_first_settings,
    )
    from dlstudio.cli.new_images import show_images, show_splits_of
    from dlstudio.cli.new_table import is_table, show_table
    from dlstudio.document.storage import save_project
    from dlstudio.engine.templates import make_project
    from dlstudio.engine.templates.default_template import (
        check_fitting,
        default_template,
    )
    from dlstudio.engine.templates.image_default import lacks_classes, reason_text

    output = Output(as_json)
    catalog = Catalog.load()
    named = catalog.find("templates", template) if template else None
    check_free(folder)
    _check_data(named, data)
    with unpacked_data(folder, data, catalog, output) as place:
        columns = bool(target or feature)
        source = _source(folder, place, source_options, catalog, columns=columns)
        samples = _samples(folder, source, catalog, output)
        if named is not None and samples is not None and source is not None:
            source, samples = _reconstructed(
                folder, named, source, samples, catalog, output
            )
        predicts = named is None or bool(named.extra.get("predicts", True))
        context = _context(
            *(folder, source, samples, catalog, target, feature, output),
            predicts=predicts,
        )
        if named is not None and samples is not None:
            check_fitting(named, context, catalog)
        description = named or catalog[default_template(context)]
        if latent:
            context = replace(context, latent=_latent(latent, description))
        project = make_project(description, context)
        if embedding:
            project = begin_with_file(project, Path(embedding).expanduser())
        project = with_backbone(project, backbone, weights)
        project = with_first_settings(project, project_settings, catalog, folder)
        save_project(project, folder)
        note_weights(project, folder, output)
        if named is None:
            note_pretrained(project, context, folder, output)
    if as_json:
        made = {"project": str(folder), "template": description.name}
        output.json({**made, "nodes": len(project.model.nodes)})
        return
    if samples is not None and is_table(samples):
        show_table(output, folder, project, samples, catalog)
    else:
        show_images(output, folder, project, context)
        if named is None and lacks_classes(context):
            output.text(reason_text(context))
        if samples is not None:
            show_splits_of(output, project, samples)
    output.text(_("Next: {command}").format(command=command_text("train", folder)))


def _reconstructed(
    folder: Path,
    named: Description,
    source: Spec,
    samples: Samples,
    catalog: Catalog,
    output: Output,
) -> tuple[Spec, Samples]:
    """The images of a table alone, for a template that gives images back."""
    from dlstudio.cli.new_images import images_of_table
    from dlstudio.cli.new_table import is_table
    from dlstudio.data.open_source import open_source

    if not named.extra.get("reconstructs") or not is_table(samples):
        return source, samples
    found = images_of_table(source, samples, catalog, output)
    if found is None:
        return source, samples
    return found, open_source(found, catalog, folder)


def _context(
    folder: Path,
    source: Spec | None,
    samples: Samples | None,
    catalog: Catalog,
    target: str,
    feature: list[str] | None,
    output: Output,
    *,
    predicts: bool,
) -> TemplateContext:
    """What a template needs to know of the data."""
    from dlstudio.cli.new_images import refuse_table_options
    from dlstudio.cli.new_table import context_of_table, is_table
    from dlstudio.engine.templates.context import TemplateContext, context_of

    name = folder.absolute().name
    if samples is None or source is None:
        return TemplateContext(name)
    if is_table(samples):
        return context_of_table(
            *(name, source, samples, catalog, target, feature or (), output),
            predicts=predicts,
        )
    refuse_table_options(target, feature)
    return context_of(name, source, samples)


def _latent(latent: int, description: Description) -> int:
    """The size of the latent vector, if the template has one.

    Raises:
        UserError: It has none.
    """
    if description.extra.get("latent"):
        return latent
    raise UserError(
        _("The template {name} has no latent vector.").format(name=description.name),
        _("Omit --latent, or choose image-autoencoder or image-vae."),
    )


def check_free(folder: Path) -> None:
    """Check that a project can be made in a folder.

    Raises:
        UserError: There is something else.
    """
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


def _check_data(description: Description | None, data: str) -> None:
    if description is None and data:
        return
    if description is None:
        raise UserError(
            _("Neither a template nor data is given."),
            _("Give one: --template digits-cnn, or --data PATH."),
        )
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
    folder: Path,
    data: str,
    options: Mapping[str, str],
    catalog: Catalog,
    *,
    columns: bool,
) -> Spec | None:
    """The source with paths relative to the project; None to keep the template's.

    Args:
        folder: Of the project.
        data: Path or name of the data; "" for none.
        options: Parameters of the source.
        catalog: With the sources.
        columns: Whether columns were named, so that a table is read as one.
    """
    from dlstudio.cli.new_table import as_table
    from dlstudio.data.relative_paths import relative_source

    if data:
        found = source_of(data, catalog, options)
        source = apply_options(as_table(found) if columns else found, options, catalog)
        return relative_source(source, folder, catalog)
    if options:
        raise UserError(
            _("Parameters of a data source were given, but no data."),
            _("Give the path of the data: --data PATH."),
        )
    return None


def _samples(
    folder: Path, source: Spec | None, catalog: Catalog, output: Output
) -> Samples | None:
    """The samples of a source; None where the template has its own."""
    if source is None:
        return None
    from dlstudio.data.open_source import open_source

    with output.waiting(_("Reading data…")):
        return open_source(source, catalog, folder)
