"""Refusing folders that are not classes of images, with a message that says why."""

from __future__ import annotations

from pathlib import Path

from dlstudio.data.sources.folder_layout import datasets_inside
from dlstudio.data.sources.layout_findings import names_text
from dlstudio.data.sources.other_tasks import find_other_task
from dlstudio.errors import AmbiguousPath, UserError
from dlstudio.i18n import _, ngettext

OFFERED = 8


def check_is_classification(path: Path) -> None:
    """Raise for a folder of masks, boxes or pairs.

    Raises:
        UserError: The folder is not for classification.
    """
    other = find_other_task(path)
    if other is not None:
        raise UserError(f"{path}: {other.message}", other.hint)


def check_level(path: Path) -> None:
    """Raise for a folder above the actual dataset.

    Raises:
        AmbiguousPath: The folder is above datasets, which are the choices.
    """
    inside = datasets_inside(path)
    if not inside:
        return
    names = [each.relative_to(path).as_posix() for each in inside]
    text = ngettext(
        "{path} is one level too high: the dataset is in {names}.",
        "{path} is one level too high: it contains the datasets {names}.",
        len(names),
    )
    raise AmbiguousPath(
        text.format(path=path, names=names_text(names)),
        _("Choose a folder inside it, such as {path}.").format(path=inside[0]),
        tuple(each.as_posix() for each in inside[:OFFERED]),
    )
