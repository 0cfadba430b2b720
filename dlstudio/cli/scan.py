"""`scan`: statistics of the images, and findings about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.catalog.groups_of_findings import ABOUT_CLASSES
from dlstudio.cli.archives import dataset_at
from dlstudio.cli.exclusions import (
    about,
    check_kinds,
    exclude_from,
    refuse_without_project,
    show_excluded,
)
from dlstudio.cli.findings import show_findings
from dlstudio.cli.opened_project import open_project, source_of
from dlstudio.cli.options import JsonOption
from dlstudio.cli.output import Output
from dlstudio.cli.source_options import apply_options, with_source_options
from dlstudio.cli.splits import show_splits, split_counts
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.data.images.scan_json import ScanJson


@with_source_options
def scan(
    place: Annotated[
        str,
        typer.Argument(metavar="PROJECT|PATH", help=mark("Project folder or dataset.")),
    ],
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude",
            metavar="KIND",
            help=mark(
                "Exclude the images with this kind of finding from the "
                "project, such as flat-image; can be repeated."
            ),
        ),
    ] = None,
    fix: Annotated[
        list[str] | None,
        typer.Option(
            "--fix",
            metavar="ID",
            help=mark(
                "Apply a fix of a finding about the project's table, such as "
                "missing-values:age:median, or the first fix of each such finding: "
                "missing-values:age, missing-values; can be repeated."
            ),
        ),
    ] = None,
    as_json: JsonOption = False,
    *,
    source_options: Mapping[str, str],
) -> None:
    """Count the images and report findings."""
    from dlstudio.catalog.store import Catalog
    from dlstudio.cli.table_scan import scan_as_table
    from dlstudio.data.images.scan import scan as look
    from dlstudio.data.open_source import open_source
    from dlstudio.data.row_ids import RowIds
    from dlstudio.document.storage import project_file

    output = Output(as_json)
    kinds = exclude or []
    check_kinds(kinds)
    path = Path(place).expanduser()
    if project_file(path).is_file():
        opened = open_project(path)
        project, catalog, base = opened.project, opened.catalog, opened.folder
    else:
        refuse_without_project([*kinds, *(fix or ())], place)
        project, catalog, base = None, Catalog.load(), Path()
    data = project.data if project is not None else None
    with dataset_at(path, catalog, output) as there:
        name = place if there == path else str(there)
        given = data.source if data is not None else None
        spec = given or source_of(name, catalog, source_options)
        spec = apply_options(spec, source_options, catalog)
        samples = open_source(spec, catalog, base)
        if isinstance(samples.ids, RowIds):
            folder = path if project is not None else None
            scan_as_table(output, samples, catalog, project, folder, fix or ())
            return
        _refuse_fixes(fix)
        with output.progress(_("Checking images")) as report:
            found = look(samples, report).to_json()
    if data is not None:
        out = frozenset(data.leave_out)
        found["findings"] = [e for e in found["findings"] if e["path"] not in out]
    head = catalog.get(project.head) if project is not None else None
    if head is not None and head.extra.get("of_input"):
        found["findings"] = [
            e for e in found["findings"] if e["kind"] not in ABOUT_CLASSES
        ]
    if kinds:
        names = about(found["findings"], kinds, samples.ids)
        found["excluded"] = exclude_from(path, names)
    counts, notes = split_counts(samples, data)
    if counts:
        found["planned_splits"] = counts
    if as_json:
        output.json(found)
    else:
        _show(output, found, notes, path if data is not None else None)
        show_excluded(output, found.get("excluded"))


def _refuse_fixes(fix: list[str] | None) -> None:
    """Refuse fixes of tables for images.

    Raises:
        UserError: There are some.
    """
    if fix:
        raise UserError(
            _("--fix is for tables, but this data is images."),
            _("Use --exclude KIND, or the commands that the scan shows."),
        )


def _show(
    output: Output, found: ScanJson, notes: Sequence[str], project: Path | None
) -> None:
    counts = found["classes"]
    if counts:
        rows = [(name, str(count)) for name, count in counts.items()]
        output.table((_("Class"), _("Images")), rows, numbers=(1,))
        output.text(
            _("Images: {count}, classes: {classes}.").format(
                count=found["samples"], classes=len(counts)
            )
        )
    else:
        output.text(
            _("Images: {count}, without classes.").format(count=found["samples"])
        )
    if "planned_splits" in found:
        output.text()
        show_splits(output, found["planned_splits"], notes)
    findings = found["findings"]
    if not findings:
        output.text(_("No issues found."), "green")
        return
    show_findings(output, findings, project)
