"""The contents of a node's card. Independent of Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dlstudio.catalog.categories import CATEGORIES
from dlstudio.catalog.schema import Ports
from dlstudio.catalog.store import Catalog
from dlstudio.document.analysis import NodeReport
from dlstudio.document.canvas.connection_rules import (
    port_count,
    port_names,
    ports_of,
)
from dlstudio.document.canvas.layer_summary import count_text, summary
from dlstudio.document.graph import INPUT, NESTED, OPAQUE, Graph, Node
from dlstudio.document.nested_graphs import graphs_in
from dlstudio.document.problems import Severity
from dlstudio.document.repetition import Repetition

INPUT_COLOR = "#64748b"
NESTED_COLOR = "#334155"


@dataclass(frozen=True, slots=True)
class NodeCardModel:
    """Everything a card paints; compared to avoid needless repaints.

    Attributes:
        count: Number of weights as text; empty if there are none.
        share: Share of the model's multiply-adds, 0..1.
        nested: Whether there is more inside: a model, alone or in a wrapper.
        inputs: Number of input ports.
        main: Number of input ports centred on the card; the others are optional.
        outputs: Number of output ports.
    """

    name: str
    title: str
    color: str
    count: str = ""
    share: float = 0.0
    frozen: bool = False
    shares: bool = False
    nested: bool = False
    severity: Severity | None = None
    inputs: int = 1
    main: int = 1
    outputs: int = 1
    port_names: tuple[str, ...] = ()


def node_card(
    node: Node,
    catalog: Catalog,
    into: set[int],
    out: int,
    graphs: Mapping[str, Graph],
    report: NodeReport | None = None,
    severity: Severity | None = None,
    share: float = 0.0,
) -> NodeCardModel:
    """Return the contents of a node's card.

    Args:
        node: The node to show.
        catalog: Describes the node's kind.
        into: Input ports that have an edge.
        out: Number of output ports in use.
        graphs: All graphs of the project.
        report: Shapes and costs of the node, if known.
        severity: The node's worst problem, if any.
        share: Share of the model's multiply-adds, 0..1.
    """
    description = catalog.get(node.kind)
    ports: Ports = ports_of(node, catalog, graphs)
    count = report.parameters if report else 0
    return NodeCardModel(
        name=node.name,
        title=summary(node, description, len(into)),
        color=_color(node, catalog),
        count=count_text(count) if count else "",
        share=share,
        frozen=node.frozen,
        shares=node.shares is not None or Repetition.of(node).shared,
        nested=node.kind == OPAQUE or bool(graphs_in(node)),
        severity=severity,
        inputs=port_count(ports, into),
        main=max(ports.minimum, max(into, default=-1) + 1, 1),
        outputs=max(1, out, len(report.outputs) if report else 0),
        port_names=port_names(ports),
    )


def _color(node: Node, catalog: Catalog) -> str:
    if node.kind == INPUT:
        return INPUT_COLOR
    if node.kind in (NESTED, OPAQUE):
        return NESTED_COLOR
    description = catalog.get(node.kind)
    if description is None:
        return ""
    category = CATEGORIES.get(description.category)
    return description.color or (category.color if category else "")
