"""Group and ungroup nodes, and collapse or expand groups."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.document.edits.groups import GroupNodes, SetGroup, Ungroup
from dlstudio.document.graph import Group
from dlstudio.document.groups import GroupTree, unique_group_id
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.editing.edit_context import EditContext


def group(context: EditContext) -> bool:
    """Group the selected nodes; fully selected groups become nested groups."""
    ids = context.selection.ids
    if not ids:
        return False
    id = unique_group_id(each.id for each in context.graph.groups)
    number = id.rpartition("_")[2]
    name = _("Group {number}").format(number=number)
    return context.do([GroupNodes(id, name, ids, context.name)], _("Group"))


def ungroup(context: EditContext) -> bool:
    """Dissolve the outermost fully selected groups, else the innermost ones around.

    Nodes and nested groups are kept.
    """
    edits = [Ungroup(each.id, context.name) for each in affected_groups(context)]
    return context.do(edits, _("Ungroup"))


def toggle_collapsed(context: EditContext, id: str | None = None) -> bool:
    """Collapse or expand a group, or the groups of the selected nodes."""
    groups = (
        [g for g in context.graph.groups if g.id == id]
        if id
        else affected_groups(context)
    )
    if not groups:
        return False
    collapsed = not groups[0].collapsed
    edits = [SetGroup(replace(g, collapsed=collapsed), context.name) for g in groups]
    return context.do(edits, _("Collapse group") if collapsed else _("Expand group"))


def expand_around(context: EditContext, node: str) -> bool:
    """Expand every collapsed group that contains a node."""
    tree = GroupTree(context.graph.groups)
    groups = (tree.groups[id] for id in tree.around(node))
    edits = [
        SetGroup(replace(g, collapsed=False), context.name)
        for g in groups
        if g.collapsed
    ]
    return context.do(edits, _("Expand group"))


def remove_from_group(context: EditContext) -> bool:
    """Move the selected nodes from their group into its parent."""
    tree = GroupTree(context.graph.groups)
    held = {id: list(each.nodes) for id, each in tree.groups.items()}
    touched: dict[str, None] = {}
    for node in context.selection.ids:
        home, *outer = (*tree.around(node), None)
        if home is None:
            continue
        held[home].remove(node)
        touched[home] = None
        if outer[0] is not None:
            held[outer[0]].append(node)
            touched[outer[0]] = None
    edits = [
        SetGroup(replace(tree.groups[id], nodes=tuple(held[id])), context.name)
        for id in touched
    ]
    return context.do(edits, _("Remove from group"))


def can_remove_from_group(context: EditContext) -> bool:
    """Return whether some, but not all, nodes of a group are selected."""
    tree, chosen = GroupTree(context.graph.groups), context.selection.ids
    return any(tree.around(id) for id in chosen) and not tree.whole(chosen)


def expand_selection(context: EditContext) -> bool:
    """Extend the selection to its group, then to the group around that."""
    tree, chosen = GroupTree(context.graph.groups), set(context.selection.ids)
    for id in tree.common(chosen):
        held = tree.nodes(id)
        if not chosen.issuperset(held):
            context.selection.set((*context.selection.ids, *held))
            return True
    return False


def shrink_selection(context: EditContext) -> bool:
    """Reduce a fully selected group to the first group or node in it."""
    tree, chosen = GroupTree(context.graph.groups), frozenset(context.selection.ids)
    exact = [id for id in tree.whole(chosen) if chosen == set(tree.nodes(id))]
    if not exact:
        return False
    inmost = max(exact, key=lambda id: len(tree.path(id)))
    places = {id: n.position for id, n in context.graph.nodes.items()}
    entries = [tree.nodes(kid) for kid in tree.children(inmost)]
    entries += [(node,) for node in tree.groups[inmost].nodes]
    first = min(entries, key=lambda entry: min(places[n][::-1] for n in entry))
    if context.scene.group_layer.hidden.get(first[0]) is not None:
        return False  # the contents of a collapsed group are not visible
    context.selection.set(first)
    return True


def affected_groups(context: EditContext) -> list[Group]:
    """Return the groups that a command applies to.

    These are the outermost fully selected groups; if there are none, the innermost
    groups of the selected nodes.
    """
    tree, chosen = GroupTree(context.graph.groups), context.selection.ids
    whole, hidden = tree.whole(chosen), context.scene.group_layer.hidden
    ids = [id for id in tree.groups if id in whole]
    ids = [id for id in ids if tree.groups[id].parent not in whole]
    if not ids:
        near = (hidden.get(n) or next(iter(tree.around(n)), None) for n in chosen)
        ids = [id for id in near if id is not None]
    return [tree.groups[id] for id in dict.fromkeys(ids)]
