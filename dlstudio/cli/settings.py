"""`key=value` settings of a project from the command line, parsed and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlstudio.cli.data_settings import set_data
from dlstudio.cli.feature_settings import check_features
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
    before = project
    for setting in settings:
        key, text = split_setting(setting, EXAMPLE)
        project = _with_setting(project, key, text, catalog, folder)
    check_features(before, project, catalog, folder)
    return project


def _with_setting(
    project: Project, key: str, text: str, catalog: Catalog, folder: Path
) -> Project:
    from dlstudio.document.edits.project import SetHead, SetName

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
        return SetHead.of(catalog.find("heads", text.strip())).apply(project)
    raise UserError(
        _("There is no setting called “{name}”.").format(name=key),
        _hint(project, key, catalog),
    )


def _hint(project: Project, key: str, catalog: Catalog) -> str:
    """The full names of settings that end as an unknown one, or how all begin."""
    head = key.partition(".")[0]
    names = {"plan": fields(project.plan), "data": fields(project.data)}
    near = [
        f"{section}.{key}"
        for section, there in names.items()
        if head in {each.name for each in there}
    ]
    settings = all_settings(project, catalog)
    near = near or [each for each in settings if each.endswith(f".{key}")]
    if near:
        return _("Did you mean {names}?").format(names=_(", ").join(near))
    return _("Settings start with {names}.").format(
        names="plan., data., data.source., data.split., layers.NAME., name, task"
    )


def all_settings(project: Project, catalog: Catalog | None = None) -> dict[str, object]:
    """Every setting by its key, with its value.

    Args:
        catalog: Catalog to include parameters with default values; None to omit them.
    """
    from dlstudio.document.plan import LABEL

    found: dict[str, Any] = {"name": project.name, "task": _task(project, catalog)}
    for word, value in (("data", project.data), ("plan", project.plan)):
        found.update(_flat(word, value, catalog))
    found["data.relabel"] = project.data.changed_values(LABEL)
    return found


def _task(project: Project, catalog: Catalog | None) -> str:
    """The first output's head, by the name that settings give it."""
    found = catalog.get(project.head) if catalog is not None else None
    return str(found.extra.get("task", found.kind)) if found else project.head


def _flat(
    key: str, value: object, catalog: Catalog | None
) -> Iterator[tuple[str, object]]:
    from dlstudio.document.feature import Feature
    from dlstudio.document.values import Spec

    if isinstance(value, Spec):
        yield key, value.kind.rpartition(".")[2]
        yield from _flat_params(key, value.kind, value.params, catalog)
    elif isinstance(value, Feature):
        yield key, value.kind.rpartition(".")[2]
        if value.column:
            yield f"{key}.column", value.column
        yield from _flat_params(key, value.kind, value.params, catalog)
    elif isinstance(value, Mapping) and key == "data.features":
        for name, each in value.items():
            yield from _flat(f"{key}.{name}", each, catalog)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from _flat(f"{key}.{each.name}", getattr(value, each.name), catalog)
    else:
        yield key, value


def _flat_params(
    key: str, kind: str, params: Mapping[str, object], catalog: Catalog | None
) -> Iterator[tuple[str, object]]:
    """What is set, and the defaults of the rest."""
    description = catalog.get(kind) if catalog is not None else None
    known = description.defaults() if description is not None else {}
    for name, inner in {**known, **params}.items():
        yield f"{key}.{name}", inner
