"""Groups of a graph after its script was edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dlstudio.document.graph import Graph, Group
from dlstudio.document.groups import (
    MAX_DEPTH,
    remove_empty_groups,
    unique_group_id,
)
from dlstudio.engine.script_reader.script_values import ScriptCall

Block = tuple[tuple[str, int], ...]


def merged_groups(
    old: Graph,
    made: Graph,
    calls: Sequence[ScriptCall],
    ids: Mapping[ScriptCall, str],
) -> tuple[Group, ...]:
    """The groups: those of before, and new ones for what functions of a script made.

    A new node between nodes of one group joins it.

    Args:
        old: The graph as it was.
        made: Its nodes and edges as they are now.
        calls: In the order of the script.
        ids: Of their nodes.
    """
    groups = [
        replace(each, nodes=tuple(id for id in each.nodes if id in made.nodes))
        for each in old.groups
    ]
    new = [call for call in calls if ids[call] not in old.nodes]
    home = {id: group.id for group in groups for id in group.nodes}
    left: list[ScriptCall] = []
    for call in new:
        id = ids[call]
        around = {edge.source for edge in made.into(id)}
        around |= {edge.target for edge in made.out_of(id)}
        homes = {home.get(each) for each in around}
        if len(homes) == 1 and len(around) > 1 and None not in homes:
            (only,) = homes
            assert only is not None
            home[id] = only
        else:
            left.append(call)
    for id, at in home.items():
        groups = [
            replace(group, nodes=(*group.nodes, id))
            if group.id == at and id not in group.nodes
            else group
            for group in groups
        ]
    made_groups = _of_functions(left, ids, {group.id for group in groups}, calls)
    return remove_empty_groups([*groups, *made_groups])


def _of_functions(
    calls: Sequence[ScriptCall],
    ids: Mapping[ScriptCall, str],
    taken: set[str],
    everything: Sequence[ScriptCall],
) -> list[Group]:
    """A group for each call of a function that made several of the new nodes."""
    start = _common([call.block for call in everything])
    inside: dict[Block, list[str]] = {}
    for call in calls:
        block = call.block[start:]
        for depth in range(1, min(len(block), MAX_DEPTH) + 1):
            inside.setdefault(block[:depth], []).append(ids[call])
    several = {block: found for block, found in inside.items() if len(found) > 1}
    names: dict[Block, str] = {}
    counts: dict[str, int] = {}
    groups: list[Group] = []
    for block in several:
        id = unique_group_id({*taken, *names.values()})
        names[block] = id
        name = block[-1][0]
        counts[name] = counts.get(name, 0) + 1
        direct = [
            ids[call]
            for call in calls
            if _innermost(call.block[start:], several) == block
        ]
        parent = names.get(_innermost(block[:-1], several))
        groups.append(Group(id, f"{name} {counts[name]}", tuple(direct), parent=parent))
    return groups


def _innermost(block: Block, known: Mapping[Block, object]) -> Block:
    """The innermost part of a block that is a group."""
    while block and block not in known:
        block = block[:-1]
    return block


def _common(blocks: Sequence[Block]) -> int:
    """How many functions all calls happened in."""
    if not blocks:
        return 0
    count = min(map(len, blocks))
    for depth in range(count):
        if len({block[depth] for block in blocks}) > 1:
            return depth
    return count
