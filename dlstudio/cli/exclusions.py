"""Excluding images with findings from a project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.findings import KINDS
from dlstudio.cli.output import Output
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.data.findings_json import FindingJson


def check_kinds(kinds: Sequence[str]) -> None:
    """Refuse a kind of finding that does not exist.

    Raises:
        UserError: The kind is unknown.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise UserError(
                _("There is no kind of finding called “{name}”.").format(name=kind),
                _("Use one of: {names}.").format(names=", ".join(KINDS)),
            )


def refuse_without_project(kinds: Sequence[str], place: str) -> None:
    """Raise if images are to be excluded without a project.

    Raises:
        UserError: Exclusions were requested for data without a project.
    """
    if kinds:
        raise UserError(
            _("{path} is not a project, so images cannot be excluded from it.").format(
                path=place
            ),
            _("Scan a project that uses this data instead."),
        )


def about(
    findings: Sequence[FindingJson], kinds: Sequence[str], ids: Sequence[str]
) -> list[str]:
    """The samples with findings of some kinds, without duplicates.

    Args:
        findings: Findings in the JSON form of `scan`.
        kinds: Kinds of findings, such as "flat-image".
        ids: Ids of all samples; other paths of findings are ignored.
    """
    known = frozenset(ids)
    paths = [each["path"] for each in findings if each["kind"] in kinds]
    return [path for path in dict.fromkeys(paths) if path in known]


def exclude_from(folder: Path, names: Sequence[str]) -> list[str]:
    """Exclude samples from a project and save it; returns the newly excluded ones.

    Raises:
        UserError: A window holds the project.
    """
    from dlstudio.document.edit_lock import edited_project
    from dlstudio.document.edits.project import SetData

    with edited_project(folder, mark("a command")) as (project, save):
        there = project.data.leave_out
        new = [name for name in names if name not in there]
        if new:
            save(SetData("leave_out", (*there, *new)).apply(project))
    return new


def show_excluded(output: Output, names: Sequence[str] | None) -> None:
    """Print how many images were excluded."""
    if names is None:
        return
    count = len(names)
    text = ngettext("Excluded {count} image.", "Excluded {count} images.", count)
    output.text()
    output.text(text.format(count=f"{count:,}"), "green")
