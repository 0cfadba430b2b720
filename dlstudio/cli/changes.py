"""The changes that a command made to a project, by setting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from dlstudio.cli.output import Output
from dlstudio.cli.settings import all_settings
from dlstudio.cli.typed_values import shown_value
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.graph import Graph
    from dlstudio.document.project import Project

Change = tuple[str, Any, Any]
NOTHING = '""'
FOLLOWING = ".preset_config"
"""A setting that is long, and follows from another that is shown."""


def show_changes(
    output: Output,
    before: Project,
    after: Project,
    catalog: Catalog,
    applied: tuple[str, ...] = (),
) -> None:
    """Print the differences between two projects.

    Args:
        applied: Labels of the fixes that caused them.
    """
    changes = list(changes_of(before, after, catalog))
    if output.as_json:
        output.json(changes_json(changes, applied))
        return
    for label in applied:
        output.text(_("Applied: {change}.").format(change=label), "green")
    for key, old, new in changes:
        if not key.endswith(FOLLOWING):
            output.text("  " + change_line(key, old, new))
    if not changes:
        output.text(_("Nothing changed."))


def changes_json(changes: list[Change], applied: tuple[str, ...]) -> JsonObject:
    """The output of `--json`; values are in command-line notation."""
    found: dict[str, Any] = {
        "changed": {
            key: {"before": _json(old), "after": _json(new)}
            for key, old, new in changes
        }
    }
    return {**found, "applied": list(applied)} if applied else found


def _json(value: object) -> str | None:
    return None if value is _GONE else shown_value(value)


MOST, FIRST = 24, 12
"""Lists with more than `MOST` values are shown by their first ones."""


def change_line(key: str, old: object, new: object) -> str:
    """One change: "plan.batch_size: 32 → 64", "+ layers.dense_1: Dense".

    Args:
        key: Key of the setting, or of the added or removed object.
        old, new: Values before and after.
    """
    if old is _GONE:
        return f"+ {key}: {_shown(new)}"
    if new is _GONE:
        return f"− {key}: {_shown(old)}"
    return f"{key}: {_shown(old) or NOTHING} → {_shown(new) or NOTHING}"


def _shown(value: object) -> str:
    """A value in command-line notation; of a long list its first values and length.

    Hundreds of excluded rows would hide every other change.
    """
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) > MOST:
        return f"{shown_value(value[:FIRST])},… ({len(value):,})"
    return shown_value(value)


class _Gone:
    """Marks a setting that one of two projects does not have."""


_GONE = _Gone()


def changes_of(before: Project, after: Project, catalog: Catalog) -> Iterator[Change]:
    """Each setting that differs: its key, the old and the new value.

    Args:
        before, after: Two states of a project.
        catalog: Catalog with the defaults.
    """
    old = {**all_settings(before, catalog), **_graphs(before)}
    new = {**all_settings(after, catalog), **_graphs(after)}
    text = {
        *all_settings(before),
        *all_settings(after),
        *_graphs(before),
        *_graphs(after),
    }
    for key in dict.fromkeys([*old, *new]):
        a, b = old.get(key, _GONE), new.get(key, _GONE)
        if a != b and (key in text or _GONE not in (a, b)):
            yield key, a, b


def _graphs(project: Project) -> dict[str, object]:
    found: dict[str, Any] = {}
    for name, graph in project.graphs.items():
        found.update(_layers("layers" if name == "model" else f"layers[{name}]", graph))
    return found


def _layers(start: str, graph: Graph) -> Iterator[tuple[str, object]]:
    for node in graph.nodes.values():
        key = f"{start}.{node.id}"
        yield key, node.kind.rpartition(".")[2]
        for name, value in node.params.items():
            yield f"{key}.{name}", value
        for name, value in node.call.items():
            yield f"{key}.call.{name}", value
        if node.frozen:
            yield f"{key}.frozen", True
        sources = tuple(edge.source for edge in graph.into(node.id))
        if sources:
            yield _("inputs of {layer}").format(layer=key), sources
    if graph.outputs:
        yield f"{start} " + _("outputs"), graph.outputs
