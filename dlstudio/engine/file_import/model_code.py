"""The code that a model in a file needs, before anything of it is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from dlstudio.document.custom_code import CodeItem
from dlstudio.document.edit_lock import edited_project
from dlstudio.document.graph import OPAQUE
from dlstudio.document.project import Project
from dlstudio.engine.custom_code.code_files import (
    CodeFile,
    chosen_code,
    read_code,
    write_code,
)
from dlstudio.engine.custom_code.code_scope import MOST_FILES
from dlstudio.engine.custom_code.lambda_code import lambdas_in
from dlstudio.engine.file_import.unpacked_model import unpacked_model
from dlstudio.engine.model.opaque import serialized_block, unknown_names
from dlstudio.engine.model_files.model_file import ModelFile, read_model_file
from dlstudio.errors import UserError
from dlstudio.i18n import marked as mark
from dlstudio.trusted_code import TrustStore


def code_of_model(path: Path, chosen: Sequence[Path]) -> tuple[CodeItem, ...]:
    """The code files that were chosen for a model, and the Lambda layers in its file.

    Args:
        path: Of the model.
        chosen: Python files.

    Raises:
        UserError: A file cannot be read.
    """
    files = chosen_code(chosen)
    with unpacked_model(path) as place:
        return code_items(read_model_file(place), files)


def code_items(file: ModelFile, files: Sequence[CodeFile]) -> tuple[CodeItem, ...]:
    """The same for a model that was read.

    Args:
        file: Of the model.
        files: Code files.
    """
    trusted = TrustStore().digests()
    found = [each.item(trusted) for each in files]
    found += [each.item(trusted) for each in lambdas_in(file.config)]
    return _once(found)


def missing_names(file: ModelFile, files: Sequence[CodeFile]) -> tuple[str, ...]:
    """The classes and functions that neither Keras nor a code file has.

    Args:
        file: Of a model.
        files: Code files; they are parsed and not run.
    """
    defined = {name for each in files for name in each.defined_names}
    names = unknown_names(file.config)
    return tuple(each for each in names if each.rpartition(">")[2] not in defined)


def code_of_project(project: Project, folder: Path) -> tuple[CodeItem, ...]:
    """The code files that a project names, and the Lambda layers in it.

    Args:
        project: From anywhere; nothing of it is run.
        folder: Of the project.

    Raises:
        UserError: A code file is missing, cannot be read, or is elsewhere.
    """
    trusted = TrustStore().digests()
    entries = project.code[:MOST_FILES]
    found = [read_code(folder, each).item(trusted, each) for each in entries]
    for block in _blocks(project):
        found += [each.item(trusted) for each in lambdas_in(block)]
    return _once(found)


def add_code(folder: Path, chosen: Sequence[Path]) -> None:
    """Copy code files into a project, which names them from then on; none is run.

    Args:
        folder: Of the project.
        chosen: Python files.

    Raises:
        UserError: A file cannot be read or written, or another one has its name.
    """
    files = chosen_code(chosen)
    with edited_project(folder, mark("a command")) as (before, save):
        added = write_code(files, folder)
        code = tuple(dict.fromkeys((*before.code, *added)))
        if code != before.code:
            save(replace(before, code=code))


def trust_items(items: Sequence[CodeItem]) -> None:
    """Trust code, as it was read, from now on.

    Args:
        items: What to trust.

    Raises:
        UserError: The user's list cannot be written.
    """
    named = {each.digest: each.name for each in items if not each.trusted}
    if named:
        TrustStore().trust(named)


def _blocks(project: Project) -> Iterator[object]:
    for graph in project.graphs.values():
        for node in graph.nodes.values():
            if node.kind == OPAQUE:
                try:
                    yield serialized_block(node.params, None)
                except UserError:
                    continue


def _once(items: Sequence[CodeItem]) -> tuple[CodeItem, ...]:
    """Each code once, under its first name."""
    return tuple({each.digest: each for each in reversed(items)}.values())[::-1]
