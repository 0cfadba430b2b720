"""Settings of the training plan from the command line, parsed and checked."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from dlstudio.cli.typed_values import TRUTH, field_value, set_param
from dlstudio.errors import UserError

if TYPE_CHECKING:
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.project import Project

FAMILIES = {
    "optimizer": "optimizers",
    "schedule": "schedules",
    "loss": "losses",
    "metrics": "plain_metrics",
    "method": "methods",
}
SECTIONS = ("early_stopping", "head_first")
"""Fields that are None or have nested settings."""
UNLISTED = ("device", "early_stopping.monitor")
"""Fields with more values than a form offers, checked when training begins."""


def set_plan(project: Project, key: str, text: str, catalog: Catalog) -> Project:
    """A copy of the project with one plan setting changed.

    Args:
        project: The project.
        key: Setting such as "epochs" or "optimizer.learning_rate".
        text: Value as typed.
        catalog: Catalog with optimizers, losses and metrics.

    Raises:
        UserError: The setting does not exist, or the value does not fit it.
    """
    from dlstudio.document.edits.project import SetPlan

    field, _dot, param = key.partition(".")
    spec = getattr(project.plan, field, None)
    if param and field in FAMILIES and catalog.get(getattr(spec, "kind", "")):
        return _set_inside(project, field, param, text, catalog)
    value = _value(key, text, catalog)
    changed = SetPlan(key, value).apply(project)
    _check(key, changed, catalog)
    return changed


def _set_inside(
    project: Project, field: str, param: str, text: str, catalog: Catalog
) -> Project:
    """Set a parameter of the optimizer, the schedule, the loss or the method."""
    from dlstudio.document.edits.project import SetPlan
    from dlstudio.document.values import Spec

    spec = getattr(project.plan, field)
    params = set_param(catalog[spec.kind], spec.params, param, text, catalog)
    return SetPlan(field, Spec(spec.kind, params)).apply(project)


def _value(key: str, text: str, catalog: Catalog) -> object:
    value = field_value(text)
    family = FAMILIES.get(key)
    if key == "metrics":
        names = value if isinstance(value, list) else text.split(",")
        return [_named("plain_metrics", each, catalog) for each in names]
    if family is not None:
        return _named(family, value, catalog)
    if key in SECTIONS and text.strip().lower() in TRUTH:
        return {} if TRUTH[text.strip().lower()] else None
    return value


def _named(family: str, value: object, catalog: Catalog) -> object:
    """The JSON form of a catalog kind, looked up by name."""
    if not isinstance(value, str):
        return value
    return {"kind": catalog.find(family, value.strip()).kind, "params": {}}


def _check(key: str, changed: Project, catalog: Catalog) -> None:
    """Check a value against the plan's description.

    Raises:
        UserError: The value does not fit.
    """
    from dlstudio.catalog.plan import PLAN
    from dlstudio.catalog.validation import check_value
    from dlstudio.document.values import freeze

    param = PLAN.param(key)
    if param is None or key in (*FAMILIES, *SECTIONS, *UNLISTED):
        return
    value = attrgetter(key)(changed.plan)
    mistake = check_value(param, freeze(value), catalog)
    if mistake:
        raise UserError(mistake)
