"""`script`: print the model as a Keras script."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dlstudio.cli.opened_project import open_project
from dlstudio.cli.options import JsonOption, ProjectArgument
from dlstudio.cli.output import Output
from dlstudio.i18n import marked as mark


def script(
    project: ProjectArgument,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help=mark(
                "File to write the script to, instead of printing it; a notebook if "
                "its name ends in .ipynb."
            ),
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the model as a self-contained Keras script."""
    from dlstudio import paths
    from dlstudio.engine.codegen.notebook import ENDING, notebook_text
    from dlstudio.engine.codegen.project_script import ProjectScripts

    output = Output(as_json)
    opened = open_project(project)
    text = ProjectScripts(opened.catalog).write(opened.project, opened.folder).text
    if out is not None:
        if out.suffix.lower() == ENDING:
            text = notebook_text(text)
        paths.write_text(out.expanduser(), text, below=opened.folder)
    if as_json:
        output.json({"script": text} if out is None else {"path": out})
    elif out is None:
        output.text(text.rstrip("\n"))
    else:
        output.text(str(out))
