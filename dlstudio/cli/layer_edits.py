"""Finding and changing the layers of a project's model."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dlstudio.cli.typed_values import (
    checked_value,
    set_param,
    split_setting,
    unknown_param,
)
from dlstudio.document.graph_names import MODEL
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from pathlib import Path

    from dlstudio.catalog.schema import Description
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.graph import Graph, Node
    from dlstudio.document.project import Project

EXAMPLE = "units=10"
FROZEN = "frozen"
CALL = "call."


def node_called(graph: Graph, name: str) -> Node:
    """The layer with an id or a name.

    Raises:
        UserError: The layer does not exist.
    """
    found = graph.nodes.get(name)
    named = [node for node in graph.nodes.values() if node.name == name]
    if found is not None or named:
        return found if found is not None else named[0]
    near = difflib.get_close_matches(name, list(graph.nodes), n=3)
    known = near or list(graph.nodes)[:20]
    raise UserError(
        _("There is no layer called “{name}”.").format(name=name),
        _("Existing layers: {names}.").format(names=", ".join(known)) if known else "",
    )


def description_of(node: Node, catalog: Catalog) -> Description:
    """The description of a layer's kind.

    Raises:
        UserError: The layer has no parameters to set, such as a nested graph.
    """
    found = catalog.get(node.kind)
    if found is None:
        raise UserError(
            _("The {kind} layer “{name}” has no settings.").format(
                name=node.id, kind=node.kind.rpartition(".")[2]
            )
        )
    return found


def set_layer(
    project: Project,
    name: str,
    key: str,
    text: str,
    catalog: Catalog,
    graph: str = MODEL,
) -> Project:
    """A copy of the project with one layer parameter set; "" restores the default.

    Besides the parameters of its kind: "frozen", and "call.training".

    Args:
        project: The project.
        name: Name of the layer.
        key: Name of the parameter; "layer.units" for that of a nested layer.
        text: Value as typed.
        catalog: Catalog with the layer's description.
        graph: Name of the layer's graph.

    Raises:
        UserError: The layer or parameter does not exist, or the value does not fit.
    """
    from dlstudio.document.edits.nodes import ReplaceNode

    node = node_called(project.graph(graph), name)
    return ReplaceNode(changed_node(node, key, text, catalog), graph).apply(project)


def with_preset_of(project: Project, name: str, graph: str, folder: Path) -> Project:
    """The project that keeps what is known of the preset of a backbone.

    Args:
        project: Its backbone has a new preset.
        name: Of the backbone.
        graph: Name of its graph.
        folder: Of the project.

    Raises:
        UserError: There is no such preset, or KerasHub is not installed.
    """
    from dlstudio.document.edits.nodes import ReplaceNode
    from dlstudio.engine.model.preset_choice import choose_preset

    whole = project.graph(graph)
    node = node_called(whole, name)
    for changed in choose_preset(whole, node, str(node.params["preset"]), folder):
        project = ReplaceNode(changed, graph).apply(project)
    return project


def changed_node(node: Node, key: str, text: str, catalog: Catalog) -> Node:
    """A copy of a layer with one parameter set; see `set_layer`.

    Args:
        node: The layer.
        key, text, catalog: As for `set_layer`.

    Raises:
        UserError: The parameter does not exist, or the value does not fit.
    """
    from dataclasses import replace

    from dlstudio.catalog.schema import Param

    if key == FROZEN:
        frozen = checked_value(Param(FROZEN, "bool"), text, catalog)
        return replace(node, frozen=bool(frozen))
    description = description_of(node, catalog)
    if key.startswith(CALL):
        return _with_call(node, description, key.removeprefix(CALL), text, catalog)
    if not text:
        if description.param(key) is None:
            raise unknown_param(description, key)
        return replace(node, params=node.params.without([key]))
    params = set_param(description, node.params, key, text, catalog)
    return replace(node, params=params)


def _with_call(
    node: Node, description: Description, name: str, text: str, catalog: Catalog
) -> Node:
    from dataclasses import replace

    param = next((each for each in description.call if each.name == name), None)
    if param is None:
        raise UserError(
            _("Calling {kind} takes no “{name}”.").format(
                kind=description.name, name=name
            )
        )
    if not text:
        return replace(node, call=node.call.without([name]))
    value = checked_value(param, text, catalog)
    return replace(node, call=node.call.set(name, value))


def new_layer(
    graph: Graph, kind: str, name: str, settings: Sequence[str], catalog: Catalog
) -> Node:
    """Create a layer for a graph.

    Args:
        kind: Name of a layer ("Dense") or an operation ("add").
        name: Id of the layer; "" to choose an unused one.
        settings: Parameters such as "units=10"; required ones have usual values if not
            set.

    Raises:
        UserError: The kind or a parameter does not exist, or the name is in use.
    """
    from dataclasses import replace

    from dlstudio.document.new_node import new_node

    description = catalog.search("layers", kind) or catalog.search("ops", kind)
    if description is None or description.extra.get("nested_only"):
        description = catalog.find("layers", kind)
        raise UserError(
            _("{kind} cannot be used on its own in a model.").format(
                kind=description.name
            ),
            _("Use it inside another layer, such as RNN."),
        )
    node = new_node(description, graph, (0.0, 0.0))
    if name:
        if name in graph.nodes:
            raise UserError(
                _("There is already a layer called “{name}”.").format(name=name)
            )
        node = replace(node, id=name)
    for setting in settings:
        key, text = split_setting(setting, EXAMPLE)
        node = changed_node(node, key, text, catalog)
    return node
