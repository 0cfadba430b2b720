"""`key=value`: settings of a project from the command line, checked and typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlstudio.cli.plan_settings import set_plan
from dlstudio.cli.typed_values import json_or_text, set_param, split_setting
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.project import Project

EXAMPLE = "plan.batch_size=64"
SHORT = {"source": "data.source", "split": "data.split"}
"""Beginnings of keys that may be left away."""


def with_settings(
    project: Project, settings: Sequence[str], catalog: Catalog, folder: Path
) -> Project:
    """The project with each `key=value` set.

    Args:
        folder: The project's; paths are written relative to it.

    Raises:
        UserError: There is no such setting, or the value does not fit it.
    """
    for setting in settings:
        key, text = split_setting(setting, EXAMPLE)
        project = _with_setting(project, key, text, catalog, folder)
    return project


def _with_setting(
    project: Project, key: str, text: str, catalog: Catalog, folder: Path
) -> Project:
    from dlstudio.document.edits import SetName, SetTask

    head, _dot, rest = key.partition(".")
    if head in SHORT:
        return _with_setting(
            project, SHORT[head] + key[len(head) :], text, catalog, folder
        )
    if head == "plan" and rest:
        return set_plan(project, rest, text, catalog)
    if head == "data" and rest:
        return _set_data(project, rest, text, catalog, folder)
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
        _("Settings begin with {names}.").format(
            names="plan., data., data.source., data.split., layers.NAME., name, task"
        ),
    )


def _set_data(
    project: Project, key: str, text: str, catalog: Catalog, folder: Path
) -> Project:
    from dlstudio.data.split import check_split
    from dlstudio.document.edits import SetData

    if key == "source":
        return _use_source(project, text, catalog, folder)
    head, _dot, param = key.partition(".")
    if head == "source":
        return _set_source_param(project, param, text, catalog, folder)
    value = json_or_text(text)
    if key in ("leave_out", "checked") and isinstance(value, str):
        value = [part.strip() for part in value.split(",")] if value else []
    changed = SetData(key, value).apply(project)
    check_split(changed.data.split)
    return changed


def _set_source_param(
    project: Project, name: str, text: str, catalog: Catalog, folder: Path
) -> Project:
    from dlstudio.document.edits import SetData
    from dlstudio.document.values import Spec

    source = project.data.source
    if not source.kind:
        raise UserError(
            _("The project has no data yet."), _("Set data.source to where it is.")
        )
    params = set_param(catalog[source.kind], source.params, name, text, catalog)
    return SetData("source", Spec(source.kind, params)).apply(project)


def _use_source(project: Project, text: str, catalog: Catalog, folder: Path) -> Project:
    """Begin with other data; what was said of the old samples goes."""
    from dlstudio.cli.archives import is_archive, unpack_into
    from dlstudio.cli.opened import source_of
    from dlstudio.cli.output import Output
    from dlstudio.data.open_source import open_source
    from dlstudio.data.relative import beside
    from dlstudio.document.source_edits import fitting_task, use_source

    path = Path(text).expanduser()
    if is_archive(path):
        text = str(unpack_into(folder, path, Output()))
    source = beside(source_of(text, catalog), folder)
    samples = open_source(source, catalog, folder)
    task = fitting_task(catalog, project.task, samples.multi_label)
    has_splits = bool((samples.splits != "").any())
    return use_source(source, has_splits, task).apply(project)


def all_settings(project: Project, catalog: Catalog | None = None) -> dict[str, Any]:
    """Every setting by its key, with its value.

    Args:
        catalog: For parameters that have their defaults; without it they are left out.
    """
    found: dict[str, Any] = {"name": project.name, "task": project.task}
    for part, value in (("data", project.data), ("plan", project.plan)):
        found.update(_flat(part, value, catalog))
    return found


def _flat(key: str, value: Any, catalog: Catalog | None) -> Iterator[tuple[str, Any]]:
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
