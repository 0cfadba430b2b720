"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark
from dlstudio.number_text import read_whole


def whole_number(least: int) -> Callable[[str], int]:
    """Parser for an option's whole number, with the same grammar as elsewhere."""

    def parse(text: str) -> int:
        try:
            number = read_whole(str(text))
        except UserError as error:
            raise typer.BadParameter(error.message) from None
        if number < least:
            raise typer.BadParameter(
                _("The value must be at least {low}, not {value}.").format(
                    low=least, value=number
                )
            )
        return number

    return parse


ProjectArgument = Annotated[
    Path,
    typer.Argument(metavar="PROJECT", help=mark("Project folder.")),
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
            "Number, ID or name of the run. Default: the latest run that has a model."
        ),
    ),
]
