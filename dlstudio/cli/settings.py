"""`key=value` settings of a project from the command line, parsed and checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlstudio.cli.data_settings import set_data
from dlstudio.cli.plan_settings import set_plan
from dlstudio.cli.typed_values import split_setting
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.project import Project

EXAMPLE = "plan.batch_size=64"
SHORT = {"source": "data.source", "split": "data.split"}
"""Key prefixes that may be omitted."""


def with_settings(
    project: Project, settings: Sequence[str], catalog: Catalog, folder: Path
) -> Project:
    """A copy of the project with each `key=value` set.

    Args:
        folder: Folder of the project, to which paths are made relative.

    Raises:
        UserError: The setting does not exist, or the value does not fit it.
    """
    for setting in settings:
        key, text = split_setting(setting, EXAMPLE)
        project = _with_setting(project, key, text, catalog, folder)
    return project


def _with_setting(
    project: Project, key: str, text: str, catalog: Catalog, folder: Path
) -> Project:
    from dlstudio.document.edits.project import SetName, SetTask

    head, _dot, rest = key.partition(".")
    if head in SHORT:
        return _with_setting(
            project, SHORT[head] + key[len(head) :], text, catalog, folder
        )
    if head == "plan" and rest:
        return set_plan(project, rest, text, catalog)
    if head == "data" and rest:
        return set_data(project, rest, text, catalog, folder)
    if head == "layers" and rest:
        from dlstudio.cli.layer_edits import set_layer

        name, _dot, param = rest.partition(".")
        return set_layer(project, name, param, text, catalog)
    if key == "name":
        return SetName(text).apply(project)
    if key == "task":
        return SetTask(catalog.find("tasks", text.strip()).kind).apply(project)
    raise UserError(
        _("There is no setting called “{name}”.").format(name=key),
        _("Settings start with {names}.").format(
            names="plan., data., data.source., data.split., layers.NAME., name, task"
        ),
    )


def all_settings(project: Project, catalog: Catalog | None = None) -> dict[str, object]:
    """Every setting by its key, with its value.

    Args:
        catalog: Catalog to include parameters with default values; None to omit them.
    """
    found: dict[str, Any] = {"name": project.name, "task": project.task}
    for word, value in (("data", project.data), ("plan", project.plan)):
        found.update(_flat(word, value, catalog))
    return found


def _flat(
    key: str, value: object, catalog: Catalog | None
) -> Iterator[tuple[str, object]]:
    from dlstudio.document.values import Spec

    if isinstance(value, Spec):
        yield key, value.kind.rpartition(".")[2]
        description = catalog.get(value.kind) if catalog is not None else None
        known = description.defaults() if description is not None else {}
        for name, inner in {**known, **value.params}.items():
            yield f"{key}.{name}", inner
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from _flat(f"{key}.{each.name}", getattr(value, each.name), catalog)
    else:
        yield key, value
