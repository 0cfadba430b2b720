"""Where wires go into a folded group and come out of it. No Qt."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from dlstudio.document.graph import Edge
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.can_connect import Rules, Verdict, ports_of


class Door(NamedTuple):
    """A port of a node inside a folded group that is a port of its box."""

    node: str
    port: int


@dataclass(frozen=True, slots=True)
class Doors:
    """The ports of a folded group's box, from left to right.

    Attributes:
        ins: Ports that are fed from outside, and those that lack a wire.
        outs: Ports that feed something outside, and the ends inside.
    """

    ins: tuple[Door, ...] = ()
    outs: tuple[Door, ...] = ()

    def of(self, side: str) -> tuple[Door, ...]:
        """Those of one side, "in" or "out"."""
        return self.ins if side == "in" else self.outs

    def number(self, link: Edge, out: bool) -> int:
        """Which port of the box a wire uses."""
        door = (
            Door(link.source, link.source_port)
            if out
            else Door(link.target, link.target_port)
        )
        doors = self.outs if out else self.ins
        return doors.index(door) if door in doors else 0


def doors_of(rules: Rules, inside: Collection[str]) -> Doors:
    """The doors of the nodes `inside`, in the order of the graph's nodes."""
    graph = rules.graph
    ins: set[Door] = set()
    outs: set[Door] = set()
    taken: dict[str, set[int]] = {id: set() for id in inside}
    feeding: set[str] = set()
    for link in graph.links:
        from_here, to_here = link.source in taken, link.target in taken
        if from_here:
            feeding.add(link.source)
        if to_here:
            taken[link.target].add(link.target_port)
        if to_here and not from_here:
            ins.add(Door(link.target, link.target_port))
        if from_here and not to_here:
            outs.add(Door(link.source, link.source_port))
    for id in inside:
        ins.update(Door(id, port) for port in lacking(rules, id, taken[id]))
        if id not in feeding:
            outs.add(Door(id, 0))
    place = {id: number for number, id in enumerate(graph.nodes)}

    def order(door: Door) -> tuple[int, int]:
        return place[door.node], door.port

    return Doors(tuple(sorted(ins, key=order)), tuple(sorted(outs, key=order)))


def lacking(rules: Rules, node: str, taken: Collection[int]) -> Iterator[int]:
    """The input ports a node needs and that no wire goes to."""
    there = rules.graph.nodes[node]
    ports = ports_of(there, rules.catalog, rules.graphs)
    for port in range(ports.minimum):
        name = ports.names[port] if port < len(ports.names) else ""
        # At an operation's port a number may stand instead.
        if port not in taken and name not in there.params:
            yield port


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the nodes in a folded group that a wire may go to."""

    node: str
    verdict: Verdict


def ways_in(
    rules: Rules, inside: Collection[str], source: str, out: int
) -> tuple[Choice, ...]:
    """The nodes inside that a wire from outside may feed.

    Those that lack a wire, if there are any; else those that take one more, and those
    that are fed from outside already.
    """
    before = rules.before(source)
    free, replaced, needed = [], [], []
    for id in inside:
        circle = frozenset([source]) if id in before else frozenset[str]()
        verdict = rules.judge_within(source, id, None, out, circle)
        if verdict.link is None:
            continue
        choice = Choice(id, verdict)
        taken = {x.target_port for x in rules.links() if x.target == id}
        if any(True for _port in lacking(rules, id, taken)) or not taken:
            needed.append(choice)
        elif verdict.replaces is None:
            free.append(choice)
        elif verdict.replaces.source not in inside:
            replaced.append(choice)
    return tuple(needed or [*free, *replaced])


def ways_out(
    rules: Rules, inside: Collection[str], target: str, port: int | None
) -> tuple[Choice, ...]:
    """The nodes inside that may feed a port outside: those that end the group."""
    held = frozenset(inside)
    going_on = {x.source for x in rules.links() if {x.source, x.target} <= held}
    after = rules.after(target)
    found = []
    for id in inside:
        circle = frozenset([id]) if id in after else frozenset[str]()
        verdict = rules.judge_within(id, target, port, 0, circle)
        if id not in going_on and verdict.link is not None:
            found.append(Choice(id, verdict))
    return tuple(found)


def none_fits(name: str, out: bool) -> str:
    """Why no wire can be drawn to a folded group."""
    text = (
        _("Nothing in “{name}” can take this wire. Open the group to see its layers.")
        if out
        else _("Nothing in “{name}” ends there. Open the group to see its layers.")
    )
    return text.format(name=name)
