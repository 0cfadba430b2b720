"""`trust`: show the code that a project would run, and trust it on this computer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.byte_size import size_text
from dlstudio.cli.opened_project import project_folder
from dlstudio.cli.options import JsonOption, ProjectArgument
from dlstudio.cli.output import Output
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlstudio.document.custom_code import CodeItem

SHORT = 16


def trust(
    project: ProjectArgument,
    code: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help=mark(
                "Python file that defines custom layers, to be copied into the project "
                "first. Can be repeated."
            ),
        ),
    ] = None,
    yes: Annotated[
        bool,
        typer.Option("--yes", "-y", help=mark("Trust the code that is listed.")),
    ] = False,
    revoke: Annotated[
        bool, typer.Option("--revoke", help=mark("Trust this code no longer."))
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the Python code of a project, and trust it with --yes.

    Only then is it run, by all commands and in the window. Trust is kept for you on
    this computer, and for exactly this code: a changed file must be trusted again.
    """
    if yes and revoke:
        raise UserError(
            _("--yes and --revoke exclude each other."), _("Give only one of them.")
        )
    output, folder = Output(as_json), project_folder(project)
    with output.waiting(_("Reading the code…")):
        from dlstudio.engine.runtime.startup import start_tensorflow

        start_tensorflow()
        items = _changed(folder, code or (), yes=yes, revoke=revoke)
    if as_json:
        output.json({"code": [each.to_json() for each in items]})
        return
    if not items:
        output.text(_("This project has no Python code."))
        return
    for each in items:
        _show(output, folder, each)
    if yes:
        output.text(_("This code is trusted now, on this computer."), "bold")
        if not (folder / "runs").is_dir():
            output.text(
                _(
                    "If this project was made of a model's file before, import the "
                    "file again: not all weights of its blocks could be read then."
                )
            )
    elif not all(each.trusted for each in items) and not revoke:
        output.text(
            _(
                "Nothing was run. Code can do all that you can do: if you have read it "
                "and trust where it comes from, add --yes."
            ),
            "yellow",
        )


def _changed(
    folder: Path, code: Sequence[Path], *, yes: bool, revoke: bool
) -> tuple[CodeItem, ...]:
    """Add files to a project, and trust its code or not; what it has then."""
    from dlstudio.document.storage import load_project
    from dlstudio.engine.file_import.model_code import (
        add_code,
        code_of_project,
        trust_items,
    )
    from dlstudio.trusted_code import TrustStore

    if code:
        add_code(folder, code)
    items = code_of_project(load_project(folder), folder)
    if yes:
        trust_items(items)
    elif revoke:
        TrustStore().revoke(each.digest for each in items)
    else:
        return items
    return tuple(replace(each, trusted=yes) for each in items)


def _show(output: Output, folder: Path, item: CodeItem) -> None:
    state = _("trusted") if item.trusted else _("not trusted")
    name = str(folder / item.place) if item.place else item.name
    kind = _("Python file") if item.kind == "file" else _("function of a Lambda layer")
    size, digest = size_text(item.size), item.digest[:SHORT]
    output.text(f"{name}: {kind}, {size}, SHA-256 {digest}…, {state}", "bold")
    if item.kind == "file":
        for line in item.first_lines.splitlines():
            output.text(f"    {line}")
    elif item.text:
        names = ", ".join(item.text.splitlines())
        output.text("    " + _("Names in it: {names}").format(names=names))
