"""Nested groups: the group tree, and inserting, removing, copying and pasting."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from dlstudio.document.graph import Graph, Group
from dlstudio.errors import UserError
from dlstudio.i18n import _

MAX_DEPTH = 16


class GroupTree:
    """The groups of a graph as a tree, for repeated queries.

    Accepts any groups: a missing parent counts as none, and a cycle of parents is
    followed only once.
    """

    def __init__(self, groups: Iterable[Group]) -> None:
        self.groups = {group.id: group for group in groups}
        self._children: dict[str | None, list[str]] = {}
        self._home: dict[str, str] = {}
        for group in self.groups.values():
            parent = group.parent if group.parent in self.groups else None
            self._children.setdefault(parent, []).append(group.id)
            self._home.update(dict.fromkeys(group.nodes, group.id))

    def children(self, id: str | None = None) -> tuple[str, ...]:
        """Direct child groups of a group; for None, the top-level groups."""
        return tuple(self._children.get(id, ()))

    def path(self, id: str | None) -> tuple[str, ...]:
        """A group and its ancestors, innermost first."""
        found: list[str] = []
        while id is not None and id in self.groups and id not in found:
            found.append(id)
            id = self.groups[id].parent
        return tuple(found)

    def around(self, node: str) -> tuple[str, ...]:
        """The groups that contain a node, innermost first."""
        return self.path(self._home.get(node))

    def inside(self, id: str) -> tuple[str, ...]:
        """A group and its descendants, outer before inner."""
        found = [id]
        for each in found:  # grows while it is iterated
            found += [kid for kid in self.children(each) if kid not in found]
        return tuple(found)

    def nodes(self, id: str) -> tuple[str, ...]:
        """All nodes in a group, at any depth."""
        return tuple(n for each in self.inside(id) for n in self.groups[each].nodes)

    def whole(self, nodes: Collection[str]) -> frozenset[str]:
        """The groups whose nodes are all among `nodes`."""
        chosen = frozenset(nodes)
        return frozenset(
            id
            for id in self.groups
            if (held := self.nodes(id)) and chosen.issuperset(held)
        )

    def common(self, nodes: Iterable[str]) -> tuple[str, ...]:
        """The groups that contain all of these nodes, innermost first."""
        paths = [self.around(node) for node in nodes]
        if not paths:
            return ()
        return tuple(id for id in paths[0] if all(id in path for path in paths))


def remove_empty_groups(groups: Iterable[Group]) -> tuple[Group, ...]:
    """The groups without those that have neither nodes nor groups left."""
    kept = tuple(groups)
    while True:
        holding = {group.parent for group in kept}
        left = tuple(g for g in kept if g.nodes or g.id in holding)
        if len(left) == len(kept):
            return kept
        kept = left


def insert_group(groups: tuple[Group, ...], made: Group) -> tuple[Group, ...]:
    """The groups with one added, or replaced in place; its nodes leave the others.

    Raises:
        UserError: The parent does not exist, or is the group itself or nested in it, or
            the nesting would be too deep.
    """
    taken = frozenset(made.nodes)
    made = replace(made, nodes=tuple(dict.fromkeys(made.nodes)))
    found = [
        made if g.id == made.id else replace(g, nodes=_without(g.nodes, taken))
        for g in groups
    ]
    if made not in found:
        found.append(made)
    check_nesting(found)
    return remove_empty_groups(found)


def group_nodes(
    groups: tuple[Group, ...], id: str, name: str, nodes: tuple[str, ...]
) -> tuple[Group, ...]:
    """The groups with a new one that contains `nodes`.

    Groups whose nodes are all among them are nested in the new one, which itself is
    nested in the innermost group that contains all of them and more. Nodes of a group
    that is only partly among them leave it.

    Args:
        groups: All groups of the graph.
        id: Id of the new group; must be unused.
        name: Displayed name of the new group.
        nodes: Ids of its nodes.

    Returns:
        All groups, the new one last.

    Raises:
        UserError: The nesting would be too deep.
    """
    tree = GroupTree(groups)
    whole = tree.whole(nodes)
    held = {node for each in whole for node in tree.groups[each].nodes}
    outer = [each for each in tree.common(nodes) if each not in whole]
    home = outer[0] if outer else None
    tops = {each for each in whole if tree.groups[each].parent not in whole}
    moved = tuple(replace(g, parent=id) if g.id in tops else g for g in groups)
    loose = tuple(node for node in nodes if node not in held)
    made = Group(id, name, loose, parent=home)
    # The inner groups already refer to it, so add it before checking the nesting.
    return insert_group((*moved, made), made)


def ungroup(groups: tuple[Group, ...], id: str) -> tuple[Group, ...]:
    """The groups without one; its contents move to its parent.

    Raises:
        UserError: The group does not exist.
    """
    gone = next((group for group in groups if group.id == id), None)
    if gone is None:
        raise UserError(_("There is no group called “{name}”.").format(name=id))
    left = (
        replace(g, parent=gone.parent) if g.parent == id else g
        for g in groups
        if g.id != id
    )
    return tuple(
        replace(g, nodes=(*g.nodes, *gone.nodes)) if g.id == gone.parent else g
        for g in left
    )


def without_nodes(
    groups: tuple[Group, ...], gone: Collection[str]
) -> tuple[Group, ...]:
    """The groups without removed nodes; groups that become empty are removed too."""
    return remove_empty_groups(
        replace(g, nodes=_without(g.nodes, gone)) for g in groups
    )


def copy_groups(graph: Graph, nodes: Collection[str]) -> tuple[Group, ...]:
    """The groups to copy with `nodes`: those that are completely among them."""
    whole = GroupTree(graph.groups).whole(nodes)
    return tuple(
        group if group.parent in whole else replace(group, parent=None)
        for group in graph.groups
        if group.id in whole
    )


def paste_groups(
    groups: tuple[Group, ...],
    part: Iterable[Group],
    nodes: Mapping[str, str],
    into: str | None = None,
) -> tuple[Group, ...]:
    """The groups with pasted ones added, under unused ids.

    Args:
        groups: Groups of the target graph.
        part: Groups of the pasted nodes, as returned by `copy_groups`.
        nodes: Copied id → id in the graph, for every pasted node.
        into: Group that becomes the parent of all of them.
    """
    taken = {group.id for group in groups}
    ids: dict[str, str] = {}
    pasted = list(part)
    for group in pasted:
        ids[group.id] = unique_group_id(taken)
        taken.add(ids[group.id])
    added = [
        replace(
            group,
            id=ids[group.id],
            nodes=tuple(nodes[node] for node in group.nodes if node in nodes),
            parent=into if group.parent is None else ids.get(group.parent, into),
        )
        for group in pasted
    ]
    return remove_empty_groups((*groups, *added))


def unique_group_id(used: Iterable[str]) -> str:
    """An unused group id: "group_1", ..."""
    taken = set(used)
    number = 1
    while f"group_{number}" in taken:
        number += 1
    return f"group_{number}"


def check_nesting(groups: Iterable[Group]) -> None:
    """Raise unless the groups form a tree.

    Raises:
        UserError: Two groups have the same id, a parent is missing, groups are nested
            in a cycle or more than `MAX_DEPTH` deep, or a node is in two groups.
    """
    known: dict[str, Group] = {}
    homes: set[str] = set()
    for group in groups:
        if group.id in known:
            raise UserError(
                _("There are two groups called “{name}”.").format(name=group.id)
            )
        known[group.id] = group
        own = set(group.nodes)
        if len(own) < len(group.nodes) or not homes.isdisjoint(own):
            raise UserError(
                _("A layer belongs to two groups; see “{name}”.").format(
                    name=group.name
                )
            )
        homes |= own
    for group in known.values():
        _check_parents(group, known)


def _check_parents(group: Group, known: Mapping[str, Group]) -> None:
    depth, at = 1, group
    while at.parent is not None:
        if at.parent not in known:
            raise UserError(
                _("There is no group called “{name}”.").format(name=at.parent)
            )
        at = known[at.parent]
        depth += 1
        if at is group:
            raise UserError(
                _("The group “{name}” cannot contain itself.").format(name=group.name)
            )
        if depth > MAX_DEPTH:
            raise UserError(
                _("Groups can be nested at most {depth} levels deep.").format(
                    depth=MAX_DEPTH
                )
            )


def _without(nodes: tuple[str, ...], gone: Collection[str]) -> tuple[str, ...]:
    return tuple(node for node in nodes if node not in gone)
