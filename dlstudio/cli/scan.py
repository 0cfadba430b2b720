"""`scan`: what the pictures are, and which of them are bad."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from dlstudio.cli.findings import show_findings
from dlstudio.cli.opened import open_project, source_of
from dlstudio.cli.options import JsonOption
from dlstudio.cli.output import Output
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark


def scan(
    place: Annotated[
        str,
        typer.Argument(
            metavar="PROJECT|PATH", help=mark("A project's folder, or pictures.")
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Count the pictures and find the bad ones."""
    from dlstudio.catalog.store import Catalog
    from dlstudio.data.open_source import open_source
    from dlstudio.data.scan import scan as look
    from dlstudio.document.storage import project_file

    output = Output(as_json)
    path = Path(place).expanduser()
    if project_file(path).is_file():
        opened = open_project(path)
        spec, catalog, base = opened.project.data.source, opened.catalog, opened.folder
    else:
        catalog = Catalog.load()
        spec, base = source_of(place, catalog), Path()
    samples = open_source(spec, catalog, base)
    with output.progress(_("Looking at the pictures")) as report:
        found = look(samples, report).to_json()
    if as_json:
        output.json(found)
    else:
        _show(output, found)


def _show(output: Output, found: dict[str, Any]) -> None:
    counts = found["classes"]
    rows = [(name, str(count)) for name, count in counts.items()]
    output.table((_("Class"), _("Pictures")), rows, numbers=(1,))
    output.text(
        _("Pictures: {count}, classes: {classes}.").format(
            count=found["samples"], classes=len(counts)
        )
    )
    findings = found["findings"]
    if not findings:
        output.text(_("Nothing bad was found."), "green")
        return
    show_findings(output, findings)
