"""`--set plan.key=value`: settings from the command line, typed by the plan."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.project import Project

FAMILIES = {
    "optimizer": "optimizers",
    "schedule": "schedules",
    "loss": "losses",
    "metrics": "plain_metrics",
}


def with_settings(
    project: Project, settings: Sequence[str], catalog: Catalog
) -> Project:
    """The project with each `plan.key=value` (or `data.key=value`) set.

    Raises:
        UserError: There is no such setting, or the value does not fit it.
    """
    from dlstudio.document.edits import SetData, SetPlan

    for setting in settings:
        path, equals, text = setting.partition("=")
        part, _dot, key = path.strip().partition(".")
        if not equals or part not in ("plan", "data") or not key:
            raise UserError(
                _("“{setting}” is no setting.").format(setting=setting),
                _("Write plan.key=value, such as plan.batch_size=64."),
            )
        if part == "data":
            project = SetData(key, _value(text)).apply(project)
            continue
        project = SetPlan(key, _plan_value(key, text, project, catalog)).apply(project)
    return project


def _value(text: str) -> Any:
    """JSON where it is JSON, else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _plan_value(key: str, text: str, project: Project, catalog: Catalog) -> Any:
    field, _dot, param = key.partition(".")
    value = _value(text)
    family = FAMILIES.get(field)
    if family is None:
        return value
    if param:
        return _param_value(getattr(project.plan, field), param, value, catalog)
    if field == "metrics":
        names = value if isinstance(value, list) else text.split(",")
        return [_named(family, each, catalog) for each in names]
    return _named(family, value, catalog)


def _named(family: str, value: Any, catalog: Catalog) -> Any:
    """The JSON form of something of the catalog that is called by its name."""
    if not isinstance(value, str):
        return value
    return {"kind": catalog.find(family, value.strip()).kind, "params": {}}


def _param_value(spec: Any, name: str, value: Any, catalog: Catalog) -> Any:
    """A parameter's value; a whole number where Keras wants a float becomes one."""
    description = catalog.get(getattr(spec, "kind", ""))
    if description is None:
        return value
    param = description.param(name)
    if param is None:
        known = ", ".join(param.name for param in description.params)
        raise UserError(
            _("{thing} has no setting “{name}”.").format(
                thing=description.name, name=name
            ),
            _("It has {names}.").format(names=known or _("none")),
        )
    whole = isinstance(value, int) and not isinstance(value, bool)
    return float(value) if whole and param.type == "float" else value
