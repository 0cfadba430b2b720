"""Which nodes give several tensors, so that a script indexes what a call returns."""

from __future__ import annotations

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import NESTED, OPAQUE, Graph, Node
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.model.call_arguments import owner_of


def gives_several(node: Node, graph: Graph, project: Project, catalog: Catalog) -> bool:
    """Whether a call returns a list: an output with states, or a nested graph.

    Args:
        node: The node.
        graph: Contains it.
        project: Has the graphs within.
        catalog: Describes nodes.
    """
    owner = owner_of(graph, node)
    if node.call.get("return_attention_scores"):
        return True
    if owner.kind == OPAQUE:
        outputs = owner.params.get("outputs", 1)
        return isinstance(outputs, int) and outputs > 1
    if catalog[owner.kind].extra.get("several"):
        return owner.params.get("compute_uv") is not False
    if owner.kind == NESTED:
        inner = project.graph(str(owner.params.get("graph", "")))
        ends = [inner.nodes[id] for id in inner.output_ids()]
        return len(ends) > 1 or any(
            len(end.output_ports) > 1
            if end.output_ports
            else gives_several(end, inner, project, catalog)
            for end in ends
        )
    if owner.params.get("return_state"):
        return True
    inside = owner.params.get("layer")
    return isinstance(inside, Spec) and bool(inside.params.get("return_state"))
