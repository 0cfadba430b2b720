"""`diff`: how two projects or runs differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.opened_project import project_folder
from dlstudio.cli.options import JsonOption
from dlstudio.cli.output import Output
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.document.project import Project


def diff(
    first: Annotated[
        str,
        typer.Argument(
            metavar="A", help=mark("A project's folder, or a run as PROJECT:RUN.")
        ),
    ],
    second: Annotated[
        str,
        typer.Argument(
            metavar="B",
            help=mark("Another one; “:RUN” for a run of the same project."),
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Show how the second of two projects or runs differs from the first."""
    from dlstudio.document.project_difference import project_difference

    output = Output(as_json)
    before, folder = _opened(first, Path())
    after, _folder = _opened(second, folder)
    found = project_difference(before, after)
    if as_json:
        output.json(found.to_json())
        return
    for line in found.sentences or (_("No differences."),):
        output.text(line)


def _opened(text: str, other: Path) -> tuple[Project, Path]:
    """The project, or that of a run, and its folder."""
    from dlstudio.document.storage import load_project
    from dlstudio.engine.runs.store import RunStore

    path = Path(text).expanduser()
    start, colon, run = text.rpartition(":")
    if path.exists() or not colon or (len(start) == 1 and start.isalpha()):
        folder = project_folder(path)
        return load_project(folder), folder
    folder = project_folder(Path(start).expanduser()) if start else other
    return RunStore(folder).find(run).project(), folder
