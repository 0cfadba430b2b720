"""The project file: `project.json`, versioned, validated, written atomically."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio import paths
from dlstudio.document.groups import check_nesting
from dlstudio.document.migrations import VERSION, migrate
from dlstudio.document.null_keys import without_null_keys
from dlstudio.document.plan import SUPERVISED
from dlstudio.document.project import MODEL, Project
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import DEEPEST, LARGEST, parse_json, read_regular
from dlstudio.json_values import JsonObject
from dlstudio.temporary_files import remove_stale_below

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails
__all__ = (
    "DEEPEST",
    "FILE",
    "LARGEST_FILE",
    "is_free",
    "load_project",
    "parse_json",
    "project_file",
    "project_from_json",
    "project_to_json",
    "save_project",
)

FILE = "project.json"
FORMAT = "dlstudio-project"
LARGEST_FILE = LARGEST


def project_to_json(project: Project) -> JsonObject:
    """The JSON form of a project.

    Plan and recipe are written completely, so that a file keeps its meaning when a
    default changes; nodes and edges only with values that differ from the defaults.
    The training method is one of these too, and so are batches by length, word vectors,
    initial weights and code files: supervised files without these are as they always
    were.
    """
    graphs = _adapter().dump_python(
        project,
        mode="json",
        include={"graphs"},
        exclude_defaults=True,
        by_alias=True,
    )
    rest = _adapter().dump_python(project, mode="json", exclude={"graphs"})
    graphs.setdefault("graphs", {MODEL: {}})
    if project.plan.method == SUPERVISED:
        del rest["plan"]["method"]
    if not project.plan.bucket_by_length:
        del rest["plan"]["bucket_by_length"]
    if not project.plan.augmented_passes:
        del rest["plan"]["augmented_passes"]
    if not project.word_vectors:
        del rest["word_vectors"]
    if not project.code:
        del rest["code"]
    if project.initial_weights is None:
        del rest["initial_weights"]
    elif not project.initial_weights.classes:
        del rest["initial_weights"]["classes"]
    return {"format": FORMAT, "version": VERSION, **rest, **graphs}


def project_from_json(item: object) -> Project:
    """The project of a JSON object; older versions are migrated.

    Raises:
        UserError: The object is not a project, is newer than this program, or is
            damaged.
    """
    from pydantic import ValidationError

    if not isinstance(item, dict) or item.get("format") != FORMAT:
        raise UserError(
            _("This is not a dlstudio project."),
            _("Expected a project.json created by dlstudio."),
        )
    values = {k: v for k, v in migrate(item).items() if k not in ("format", "version")}
    try:
        project = _adapter().validate_python(without_null_keys(values, Project))
    except ValidationError as error:
        raise _damaged(error.errors()[0]) from error
    except RecursionError as error:
        raise UserError(_("The project is nested too deeply.")) from error
    _check_graphs(project)
    return project


def load_project(folder: Path) -> Project:
    """Read `project.json` of a project folder.

    Raises:
        UserError: The file is missing, unreadable, damaged, too large or too new.
    """
    path = project_file(folder)
    with paths.user_errors(path, writing=False):
        if not path.is_file():
            raise UserError(
                _("{folder} is not a dlstudio project: it has no {file}.").format(
                    folder=folder, file=FILE
                ),
                _("Create one with “dlstudio new”."),
            )
        data = read_regular(path, LARGEST_FILE)
    try:
        return project_from_json(parse_json(data))
    except UserError as error:
        raise UserError(
            _("{path} cannot be opened. {reason}").format(
                path=path, reason=error.message
            ),
            error.hint or _("The file was not changed."),
        ) from error


def save_project(project: Project, folder: Path) -> None:
    """Write `project.json` atomically; a newer or foreign file is never overwritten.

    Raises:
        UserError: The folder cannot be written, the disk is full, or the existing file
            was made by a newer version or cannot be read.
    """
    path = project_file(folder)
    if path.exists():
        load_project(folder)
    paths.write_text(path, project_text(project))


def project_text(project: Project) -> str:
    """The text that `save_project` writes."""
    text = json.dumps(project_to_json(project), ensure_ascii=False, indent=2)
    return text + "\n"


def is_free(folder: Path) -> bool:
    """Whether a project can be created there: the folder has no files at any depth.

    Temporary files of a killed process are removed.

    Raises:
        UserError: The folder cannot be read.
    """
    with paths.user_errors(folder, writing=False):
        if not folder.is_dir():
            return not os.path.lexists(folder)
        return remove_stale_below(folder)


def project_file(folder: Path) -> Path:
    """The project file of a folder (or the file itself)."""
    return folder if folder.name == FILE else folder / FILE


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Project]:
    from pydantic import TypeAdapter

    return TypeAdapter(Project)


def _damaged(error: ErrorDetails) -> UserError:
    place = ".".join(str(part) for part in error["loc"]) or FILE
    return UserError(
        _("The project is damaged at “{place}”: {reason}.").format(
            place=place, reason=error["msg"]
        )
    )


def _check_graphs(project: Project) -> None:
    """Check what pydantic cannot: every reference resolves to a node."""
    if MODEL not in project.graphs:
        raise UserError(
            _("The project has no model called “{name}”.").format(name=MODEL)
        )
    for graph in project.graphs.values():
        named = {node for edge in graph.edges for node in (edge.source, edge.target)}
        named |= set(graph.outputs)
        named |= {n.shares for n in graph.nodes.values() if n.shares is not None}
        named |= {node for group in graph.groups for node in group.nodes}
        named |= {node.id for node in graph.nodes.values()}
        strangers = sorted(named - set(graph.nodes))
        if strangers:
            raise UserError(
                _(
                    "The project refers to a layer that does not exist: “{name}”."
                ).format(name=strangers[0])
            )
        check_nesting(graph.groups)
        if any(id != node.id for id, node in graph.nodes.items()):
            raise UserError(_("A layer is stored under the name of another layer."))
        if any(edge.source_port < 0 or edge.target_port < 0 for edge in graph.edges):
            raise UserError(_("Ports are numbered from 0."))
