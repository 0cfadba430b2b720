"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dlstudio.i18n import marked as mark

ProjectArgument = Annotated[
    Path,
    typer.Argument(metavar="PROJECT", help=mark("The project's folder.")),
]
JsonOption = Annotated[
    bool,
    typer.Option("--json", help=mark("Print JSON, for other programs.")),
]
RunOption = Annotated[
    str,
    typer.Option(
        "--run",
        metavar="RUN",
        help=mark(
            "The run's number, id or name. Without it, the newest that has a model."
        ),
    ),
]
