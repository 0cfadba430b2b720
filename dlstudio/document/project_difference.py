"""The differences of two projects as sentences, layer by layer, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dlstudio.document.change_descriptions import describe_changes, param_text
from dlstudio.document.diff import GraphDiff, diff
from dlstudio.document.graph import Edge, Graph, Node
from dlstudio.document.kind_text import short_kind
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import Value, thaw_map
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

SHOWN_PARAMS = 4
"""Most parameters of a layer that a sentence lists."""


@dataclass(frozen=True, slots=True)
class ChangedLayer:
    """A layer that two graphs have, and how it differs.

    Attributes:
        id: Of its node in both graphs.
        before, after: The node.
        inputs: What enters it, before and after; None if that is the same.
    """

    id: str
    before: Node
    after: Node
    inputs: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    @property
    def params(self) -> dict[str, tuple[str, str]]:
        """Each parameter that differs, before and after, as text."""
        pairs = [(self.before.params, self.after.params)]
        pairs.append((self.before.call, self.after.call))
        found: dict[str, tuple[str, str]] = {}
        for old, new in pairs:
            for name in dict.fromkeys([*old, *new]):
                if name != "name" and not _is_same(old.get(name), new.get(name)):
                    found[name] = param_text(old, name), param_text(new, name)
        if self.before.kind != self.after.kind:
            return {}
        return found


@dataclass(frozen=True, slots=True)
class GraphDifference:
    """The differences of two graphs of one name."""

    name: str
    added: tuple[Node, ...]
    removed: tuple[Node, ...]
    changed: tuple[ChangedLayer, ...]
    around: Mapping[str, tuple[str, ...]]
    outputs: tuple[tuple[str, ...], tuple[str, ...]] | None


@dataclass(frozen=True, slots=True)
class ProjectDifference:
    """The differences of two projects."""

    graphs: tuple[GraphDifference, ...]
    plan: tuple[str, ...]
    data: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """One for each layer, then the plan and the data."""
        found = [text for each in self.graphs for text in _graph_sentences(each)]
        for text, changes in (
            (_("Plan: {changes}."), self.plan),
            (_("Data: {changes}."), self.data),
        ):
            if changes:
                found.append(text.format(changes=", ".join(changes)))
        return tuple(found)

    def to_json(self) -> JsonObject:
        """As plain JSON: layers by graph, phrases for plan and data."""
        return {
            "graphs": {each.name: _graph_json(each) for each in self.graphs},
            "plan": list(self.plan),
            "data": list(self.data),
            "sentences": list(self.sentences),
        }


def project_difference(before: Project, after: Project) -> ProjectDifference:
    """How `after` differs from `before`."""
    phrases = describe_changes(before, after)
    graphs = []
    for name in dict.fromkeys([*before.graphs, *after.graphs]):
        old = before.graphs.get(name, Graph())
        new = after.graphs.get(name, Graph())
        found = diff(old, new)
        if found.structural:
            graphs.append(_graph(name, old, new, found))
    return ProjectDifference(tuple(graphs), phrases.plan, phrases.data)


def _graph(name: str, old: Graph, new: Graph, found: GraphDiff) -> GraphDifference:
    gone, made = set(found.removed), set(found.added)
    touched = {*found.changed}
    touched |= {
        edge.target
        for edge in (*found.connected, *found.disconnected)
        if edge.target not in gone | made
    }
    changed = []
    for id in (each for each in new.nodes if each in touched):
        before, after = _sources(old.into(id), old), _sources(new.into(id), new)
        inputs = (before, after) if before != after else None
        changed.append(ChangedLayer(id, old.nodes[id], new.nodes[id], inputs))
    around = {id: _sources(new.into(id), new) for id in found.added}
    ends = tuple(
        tuple(graph.nodes[id].name for id in graph.output_ids() if id in graph.nodes)
        for graph in (old, new)
    )
    return GraphDifference(
        name,
        tuple(new.nodes[id] for id in found.added),
        tuple(old.nodes[id] for id in found.removed),
        tuple(changed),
        around,
        (ends[0], ends[1]) if ends[0] != ends[1] else None,
    )


def _is_same(before: Value, after: Value) -> bool:
    """Whether two values are equal, as 3 and (3, 3) are for a size."""
    if isinstance(before, int) and isinstance(after, tuple):
        before, after = after, before
    if isinstance(before, tuple) and isinstance(after, int):
        return bool(before) and all(each == after for each in before)
    return before == after


def _sources(edges: Iterable[Edge], graph: Graph) -> tuple[str, ...]:
    return tuple(
        graph.nodes[edge.source].name for edge in edges if edge.source in graph.nodes
    )


def _graph_sentences(found: GraphDifference) -> Iterable[str]:
    where = "" if found.name == MODEL else f"{found.name}: "
    for node in found.added:
        after = _named(found.around.get(node.id, ()))
        text = _("Added {layer} after {sources}.") if after else _("Added {layer}.")
        yield where + text.format(layer=_with_params(node), sources=after)
    for node in found.removed:
        yield where + _("Removed {layer}.").format(layer=_with_params(node))
    for changed in found.changed:
        yield from (where + text for text in _layer_sentences(changed))
    if found.outputs is not None and not found.added and not found.removed:
        yield where + _("Outputs: {before} → {after}.").format(
            before=_named(found.outputs[0]), after=_named(found.outputs[1])
        )


def _layer_sentences(layer: ChangedLayer) -> Iterable[str]:
    name, before, after = layer.after.name, layer.before, layer.after
    if before.kind != after.kind:
        text = _("“{layer}” is now {after}, no longer {before}.")
        yield text.format(
            layer=name, after=_with_params(after, bare=True), before=_short(before.kind)
        )
    elif layer.params:
        changes = ", ".join(
            f"{param} {was} → {now}" for param, (was, now) in layer.params.items()
        )
        yield _("“{layer}” ({kind}): {changes}.").format(
            layer=name, kind=_short(after.kind), changes=changes
        )
    if before.name != after.name:
        text = _("“{before}” is now called “{after}”.")
        yield text.format(before=before.name, after=name)
    if before.frozen != after.frozen:
        text = _("“{layer}” is frozen.") if after.frozen else _("“{layer}” is trained.")
        yield text.format(layer=name)
    if before.shares != after.shares:
        text = _("“{layer}” has its own weights.")
        if after.shares is not None:
            text = _("“{layer}” uses the weights of “{owner}”.")
        yield text.format(layer=name, owner=after.shares)
    if layer.inputs is not None:
        yield _("“{layer}” comes after {after}, no longer after {before}.").format(
            layer=name,
            before=_named(layer.inputs[0]) or _("nothing"),
            after=_named(layer.inputs[1]) or _("nothing"),
        )


def _with_params(node: Node, *, bare: bool = False) -> str:
    """A layer by its name, kind and some parameters."""
    params = [
        f"{name} {param_text(node.params, name)}"
        for name in node.params
        if name != "name"
    ][:SHOWN_PARAMS]
    text = ", ".join([_short(node.kind), *params])
    return text if bare else f"“{node.name}” ({text})"


def _short(kind: str) -> str:
    return short_kind(kind)


def _named(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _graph_json(found: GraphDifference) -> JsonObject:
    return {
        "added": [_node_json(node) for node in found.added],
        "removed": [_node_json(node) for node in found.removed],
        "changed": [_layer_json(each) for each in found.changed],
    }


def _node_json(node: Node) -> JsonObject:
    return {"id": node.id, "kind": node.kind, "params": thaw_map(node.params)}


def _layer_json(layer: ChangedLayer) -> JsonObject:
    before, after = layer.before, layer.after
    found: JsonObject = {"id": layer.id, "kind": after.kind}
    if before.kind != after.kind:
        found["kind_before"] = before.kind
    old, new = thaw_map(before.params), thaw_map(after.params)
    found["params"] = {
        name: {"before": old.get(name), "after": new.get(name)}
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    }
    if before.frozen != after.frozen:
        found["frozen"] = after.frozen
    if before.shares != after.shares:
        found["shares"] = after.shares
    if layer.inputs is not None:
        found["inputs"] = {
            "before": list(layer.inputs[0]),
            "after": list(layer.inputs[1]),
        }
    return found
