"""Evaluating a trained model on other data than the project's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.cli.archives import is_archive, unpack_into
from dlstudio.cli.opened_project import OpenedProject, source_of
from dlstudio.cli.output import Output
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext

if TYPE_CHECKING:
    from dlstudio.data.overlap import Overlap
    from dlstudio.document.values import Spec
    from dlstudio.engine.runs.store import Run


def other_data(opened: OpenedProject, data: str, output: Output) -> Spec:
    """The source that `--data` names; an archive is unpacked into the project.

    Args:
        opened: The project.
        data: A path, or the name of a dataset, as typed.
        output: Output for the progress of unpacking.

    Raises:
        UserError: No source reads it, or it is an unsafe archive.
    """
    path = Path(data).expanduser()
    if is_archive(path):
        data = str(unpack_into(opened.folder, path, opened.catalog, output))
    return source_of(data, opened.catalog)


def training_samples(
    opened: OpenedProject, run: Run, source: Spec, output: Output
) -> Overlap | None:
    """Samples of the source that the run was trained on; prints a warning.

    None if the run's data is gone, so that the two cannot be compared.

    Args:
        opened: The project.
        run: Finished run whose data is compared.
        source: Source that the model is evaluated on.
        output: Output for the progress and the warning.
    """
    from dlstudio.document.project import has_no_data
    from dlstudio.engine.runtime.startup import start_tensorflow

    if has_no_data(run.project()):
        return None  # imported: it is not known what it was trained on
    start_tensorflow()
    from dlstudio.document.sample_nouns import IMAGES, sample_noun
    from dlstudio.engine.evaluation.image_overlap import training_overlap
    from dlstudio.engine.evaluation.row_overlap import training_row_overlap

    images = sample_noun(run.project(), opened.catalog) == IMAGES
    comparing, failed = (
        (
            _("Comparing with the training images"),
            _("warning: could not check for training images: {why}"),
        )
        if images
        else (
            _("Comparing with the training rows"),
            _("warning: could not check for training rows: {why}"),
        )
    )
    find = training_overlap if images else training_row_overlap
    try:
        with output.progress(comparing) as report:
            found = find(run, opened.folder, opened.catalog, source, report)
    except UserError as error:
        output.note(failed.format(why=error.message))
        return None
    if len(found):
        output.note(_image_warning(found) if images else _row_warning(found))
    return found


def _row_warning(found: Overlap) -> str:
    text = ngettext(
        "warning: {count} of {all} rows has the same values as a row of the training"
        " split, such as {name}; the results look better than they are.",
        "warning: {count} of {all} rows have the same values as rows of the training"
        " split, such as {name}; the results look better than they are.",
        len(found),
    )
    name, other = found.same[0]
    return text.format(
        count=f"{len(found):,}", all=f"{found.compared:,}", name=f"{name} = {other}"
    )


def _image_warning(found: Overlap) -> str:
    text = ngettext(
        "warning: {count} of {all} images is also in the training split, such as"
        " {name}; the results look better than they are.",
        "warning: {count} of {all} images are also in the training split, such as"
        " {name}; the results look better than they are.",
        len(found),
    )
    name, other = (found.same or found.near)[0]
    warning = text.format(
        count=f"{len(found):,}",
        all=f"{found.compared:,}",
        name=name if name == other else f"{name} = {other}",
    )
    if found.near:
        more = ngettext(
            "{count} of them is a near-duplicate of a training image, not the "
            "same file.",
            "{count} of them are near-duplicates of training images, not the "
            "same files.",
            len(found.near),
        )
        warning += " " + more.format(count=f"{len(found.near):,}")
    return warning
