"""`new` from images: those that a table names, and what their project begins with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.cli.output import Output
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext

if TYPE_CHECKING:
    from dlstudio.catalog.store import Catalog
    from dlstudio.data.samples import Samples
    from dlstudio.document.project import Project
    from dlstudio.document.values import Spec
    from dlstudio.engine.templates.context import TemplateContext


def images_of_table(
    source: Spec, samples: Samples, catalog: Catalog, output: Output
) -> Spec | None:
    """A table read as a list of its images alone; None if it names no images.

    Args:
        source: The table.
        samples: Its rows.
        catalog: Describes the feature types.
        output: Told which of several columns of images is used.

    Raises:
        UserError: The table is no text file.
    """
    from dlstudio.data.image_listing import as_image_listing, image_columns

    with output.waiting(_("Checking columns…")):
        columns = image_columns(samples, catalog)
    if not columns:
        return None
    if len(columns) > 1:
        output.note(
            _("Uses the images of “{name}”, not of {others}.").format(
                name=columns[0], others=", ".join(columns[1:])
            )
        )
    return as_image_listing(source, columns[0])


def refuse_table_options(target: str, feature: list[str] | None) -> None:
    """Refuse options for the columns of tables, where images are used alone.

    Raises:
        UserError: One is given.
    """
    if target or feature:
        raise UserError(
            _("--target and --feature are for tables, but this data is images."),
            _("Omit them."),
        )


def show_images(
    output: Output, folder: Path, project: Project, context: TemplateContext
) -> None:
    """Print what a project of images begins with.

    Args:
        output: Output to print to.
        folder: Of the project.
        project: As it was made.
        context: What is known of the images.
    """
    layers, classes = project.model.layer_count, context.classes
    named = ngettext("{count} layer", "{count} layers", layers).format(count=layers)
    if not classes:
        output.text(
            _("{folder} is ready: {layers}.").format(folder=folder, layers=named)
        )
        return
    output.text(
        _("{folder} is ready: {layers}, {classes}.").format(
            folder=folder,
            layers=named,
            classes=ngettext("{count} class", "{count} classes", classes).format(
                count=classes
            ),
        )
    )


def show_splits_of(output: Output, project: Project, samples: Samples) -> None:
    """Print the sizes of the splits, and which are held out of the training split.

    Args:
        output: Output to print to.
        project: With its recipe.
        samples: Of its source.
    """
    from dlstudio.cli.splits import split_counts

    counts, notes = split_counts(samples, project.data)
    text = _(
        "Samples: {train} for training, {validation} for validation, {test} "
        "for testing."
    )
    output.text(text.format(**{name: f"{count:,}" for name, count in counts.items()}))
    for note in notes:
        output.text(note)
