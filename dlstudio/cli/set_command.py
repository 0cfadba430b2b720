"""`set`: list or change the settings of a project."""

from __future__ import annotations

from typing import Annotated

import typer

from dlstudio.cli.opened_project import open_project, project_folder
from dlstudio.cli.options import JsonOption, ProjectArgument
from dlstudio.cli.output import Output
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark


def set_settings(
    project: ProjectArgument,
    settings: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="KEY=VALUE...",
            help=mark(
                "Settings to change, such as plan.batch_size=64, "
                "plan.optimizer=SGD, data.split.test=0.2, data.source=PATH or "
                "data.source.separator=,; without any, all settings are listed."
            ),
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Change settings of a project, or list all of them."""
    from dlstudio.catalog.store import Catalog
    from dlstudio.cli.changes import show_changes
    from dlstudio.cli.settings import with_settings
    from dlstudio.document.edit_lock import edited_project

    output = Output(as_json)
    if not settings:
        _list(output, project)
        return
    catalog = Catalog.load()
    folder = project_folder(project)
    with edited_project(folder, mark("a command")) as (before, save):
        after = with_settings(before, settings, catalog, folder)
        if after != before:
            save(after)
    show_changes(output, before, after, catalog)


def _list(output: Output, project: ProjectArgument) -> None:
    from dlstudio.cli.settings import all_settings
    from dlstudio.cli.typed_values import shown_value

    opened = open_project(project)
    found = all_settings(opened.project, opened.catalog)
    shown = {key: shown_value(value) for key, value in found.items()}
    if output.as_json:
        output.json(shown)
    else:
        output.table((_("Setting"), _("Value")), list(shown.items()))
