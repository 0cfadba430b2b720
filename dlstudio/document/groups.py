"""Groups within groups: who lies where, and how a part is taken out and put in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from dlstudio.document.graph import Graph, Group
from dlstudio.errors import UserError
from dlstudio.i18n import _

MAX_DEPTH = 16


class GroupTree:
    """The groups of a graph as a tree, for those who ask often.

    Works on any groups: a parent that is not there counts as none, and a circle of
    parents is followed only once.
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
        """Groups directly inside a group; of None, those inside no other."""
        return tuple(self._children.get(id, ()))

    def path(self, id: str | None) -> tuple[str, ...]:
        """A group and those around it, from the inside out."""
        found: list[str] = []
        while id is not None and id in self.groups and id not in found:
            found.append(id)
            id = self.groups[id].parent
        return tuple(found)

    def around(self, node: str) -> tuple[str, ...]:
        """The groups a node lies in, innermost first."""
        return self.path(self._home.get(node))

    def inside(self, id: str) -> tuple[str, ...]:
        """A group and all that are in it at any depth, outer before inner."""
        found = [id]
        for each in found:  # grows while it is walked
            found += [kid for kid in self.children(each) if kid not in found]
        return tuple(found)

    def nodes(self, id: str) -> tuple[str, ...]:
        """All nodes in a group, at any depth."""
        return tuple(n for each in self.inside(id) for n in self.groups[each].nodes)

    def whole(self, nodes: Collection[str]) -> frozenset[str]:
        """The groups of which every node is among `nodes`."""
        chosen = frozenset(nodes)
        return frozenset(
            id
            for id in self.groups
            if (held := self.nodes(id)) and chosen.issuperset(held)
        )

    def common(self, nodes: Iterable[str]) -> tuple[str, ...]:
        """The groups that hold all of these nodes, innermost first."""
        paths = [self.around(node) for node in nodes]
        if not paths:
            return ()
        return tuple(id for id in paths[0] if all(id in path for path in paths))


def remove_empty_groups(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Groups without those that hold neither nodes nor groups any more."""
    kept = tuple(groups)
    while True:
        holding = {group.parent for group in kept}
        left = tuple(g for g in kept if g.nodes or g.id in holding)
        if len(left) == len(kept):
            return kept
        kept = left


def insert_group(groups: tuple[Group, ...], made: Group) -> tuple[Group, ...]:
    """Groups with one added, or changed in its place; its nodes leave the others.

    Raises:
        UserError: The group it shall lie in is not there, is itself or inside it, or
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
    """Groups with a new one around `nodes`, where they are.

    Groups of which every node is among them go into it whole; it lies in the
    innermost group that holds all of them and more. The nodes of a group that is
    only partly among them leave it.

    Args:
        groups: All groups of the graph.
        id: The new group's; not used yet.
        name: The new group's, as it is shown.
        nodes: Ids of the nodes that it holds.

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
    # Those inside name it already, so it is there before the nesting is looked at.
    return insert_group((*moved, made), made)


def ungroup(groups: tuple[Group, ...], id: str) -> tuple[Group, ...]:
    """Groups without one; what it held lies where it lay.

    Raises:
        UserError: There is no such group.
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
    """Groups after nodes went; a group with nothing left in it goes with them."""
    return remove_empty_groups(
        replace(g, nodes=_without(g.nodes, gone)) for g in groups
    )


def copy_groups(graph: Graph, nodes: Collection[str]) -> tuple[Group, ...]:
    """The groups that are copied with `nodes`: those that lie wholly among them."""
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
    """Groups with those of a pasted part added, under ids that are free.

    Args:
        groups: Of the graph that is pasted into.
        part: Of what is pasted, as `copy_groups` gives them.
        nodes: Id in the part → id in the graph, for every node that is pasted.
        into: The group that all of them shall lie in.
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
    """An id no group has: "group_1", ..."""
    taken = set(used)
    number = 1
    while f"group_{number}" in taken:
        number += 1
    return f"group_{number}"


def check_nesting(groups: Iterable[Group]) -> None:
    """Refuse groups that do not lie in each other as a tree.

    Raises:
        UserError: Two have one id, a parent is not there, groups lie in each other
            in a circle or more than `MAX_DEPTH` deep, or a node lies in two.
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
