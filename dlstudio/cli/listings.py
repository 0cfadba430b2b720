"""`templates`, `layers`, `sources`, `formats`: list the catalog."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from dlstudio.cli.options import JsonOption
from dlstudio.cli.output import Output
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    from dlstudio.catalog.schema import Description, Param


def templates(as_json: JsonOption = False) -> None:
    """List the project templates."""
    _list("templates", as_json)


def sources(as_json: JsonOption = False) -> None:
    """List the data sources."""
    _list("sources", as_json)


def formats(as_json: JsonOption = False) -> None:
    """List the export formats."""
    _list("formats", as_json)


def layers(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the available layers, unless a subcommand follows."""
    if context.invoked_subcommand is not None:
        return
    from dlstudio.catalog.categories import CATEGORIES

    output = Output(as_json)
    found = _family("layers")
    if as_json:
        output.json([_as_json(each) for each in found])
        return
    rows = []
    for each in found:
        category = CATEGORIES.get(each.category)
        title = _(category.title) if category else each.category
        rows.append((each.name, title, _(each.summary)))
    output.table((_("Layer"), _("Category"), _("Description")), rows)


def _list(family: str, as_json: bool) -> None:
    output = Output(as_json)
    found = _family(family)
    if as_json:
        output.json([_as_json(each) for each in found])
        return
    rows = [(each.name, _(each.summary)) for each in found]
    output.table((_("Name"), _("Description")), rows)


def _family(family: str) -> Sequence[Description]:
    from dlstudio.catalog.store import Catalog

    return Catalog.load().family(family)


def _as_json(description: Description) -> JsonObject:
    return {
        "kind": description.kind,
        "name": description.name,
        "category": description.category,
        "summary": _(description.summary),
        "params": [_param_as_json(param) for param in description.params],
    }


def _param_as_json(param: Param) -> JsonObject:
    always: dict[str, Any] = {
        "name": param.name,
        "type": param.type,
        "required": param.required,
        "optional": param.optional,
        "summary": _(param.summary),
    }
    if not param.required:
        always["default"] = param.default
    limits = {
        "minimum": param.minimum,
        "maximum": param.maximum,
        "choices": param.choices or None,
        "rank": param.rank,
        "family": param.family or None,
    }
    return {**always, **{k: v for k, v in limits.items() if v is not None}}
