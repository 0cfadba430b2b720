"""`file-types`: let the file manager open Keras models with the window."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer

from dlstudio.cli.options import JsonOption
from dlstudio.cli.output import Output
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark


class FileTypesAction(str, Enum):
    """What to do with the registration."""

    show = "show"
    register = "register"
    remove = "remove"


def file_types(
    action: Annotated[
        FileTypesAction,
        typer.Argument(
            metavar="[ACTION]",
            help=mark(
                "show, register or remove; for the current user only. Another default "
                "program is kept."
            ),
        ),
    ] = FileTypesAction.show,
    as_json: JsonOption = False,
) -> None:
    """Show or change whether the file manager opens Keras models with the window."""
    from dlstudio.engine.file_types.system import system_file_types

    output = Output(as_json)
    types = system_file_types()
    work = {
        FileTypesAction.show: types.state,
        FileTypesAction.register: types.register,
        FileTypesAction.remove: types.remove,
    }
    found = work[action]()
    if as_json:
        output.json({"registered": found.registered, "places": list(found.places)})
        return
    output.text(
        _("The file manager can open Keras models (.keras) with dlstudio.")
        if found.registered
        else _("dlstudio is not registered for Keras models (.keras).")
    )
    for place in found.places:
        output.text(place)
