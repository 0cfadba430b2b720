"""Differences between two graphs, which views apply whatever caused the change."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dlstudio.document.graph import Edge, Graph, Group


@dataclass(frozen=True, slots=True)
class GraphDiff:
    """Ids of nodes and edges to add, remove or update.

    Attributes:
        changed: Nodes that differ in anything but the position.
        moved: Nodes that differ only in the position.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    connected: tuple[Edge, ...] = ()
    disconnected: tuple[Edge, ...] = ()
    groups: tuple[Group, ...] | None = None
    outputs: bool = False

    @property
    def structural(self) -> bool:
        """Whether shapes may differ: anything but positions and groups changed."""
        return bool(
            self.added
            or self.removed
            or self.changed
            or self.connected
            or self.disconnected
            or self.outputs
        )

    def __bool__(self) -> bool:
        return self.structural or bool(self.moved) or self.groups is not None


def diff(before: Graph, after: Graph) -> GraphDiff:
    """The changes from `before` to `after`; falsy when they are equal."""
    if before is after:
        return GraphDiff()
    old, new = before.nodes, after.nodes
    changed: list[str] = []
    moved: list[str] = []
    for id, node in new.items():
        was = old.get(id)
        if was is None or was is node or was == node:
            continue
        same = replace(was, position=node.position) == node
        (moved if same else changed).append(id)
        if not same and was.position != node.position:
            moved.append(id)
    edges_before, edges_after = set(before.edges), set(after.edges)
    return GraphDiff(
        added=tuple(id for id in new if id not in old),
        removed=tuple(id for id in old if id not in new),
        changed=tuple(changed),
        moved=tuple(moved),
        connected=tuple(x for x in after.edges if x not in edges_before),
        disconnected=tuple(x for x in before.edges if x not in edges_after),
        groups=after.groups if before.groups != after.groups else None,
        outputs=before.outputs != after.outputs,
    )
