"""The wires of a scene: which there are, what way they take, what they say."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGraphicsItem

from dlstudio.document.graph import Edge
from dlstudio.ui.model.canvas.routing import SHORT, Obstacles, Point, curve, route
from dlstudio.ui.model.canvas.wire_item import WireItem

if TYPE_CHECKING:
    from dlstudio.ui.model.canvas.scene import CanvasScene


class Wires:
    """Wire items by link, and by the nodes they touch."""

    def __init__(self, scene: CanvasScene, root: QGraphicsItem, z: float) -> None:
        self._scene = scene
        self._root = root
        self._z = z
        self.items: dict[Edge, WireItem] = {}
        self._touching: dict[str, dict[Edge, None]] = {}
        self._chosen: Edge | None = None

    def clear(self) -> None:
        """Take all away."""
        self.remove(tuple(self.items))

    def add(self, links: Iterable[Edge]) -> None:
        """Make items; `lead` them afterwards. One without its nodes is not shown."""
        nodes = self._scene.graph.nodes
        for link in links:
            if link.source not in nodes or link.target not in nodes:
                continue
            item = WireItem(link, self._scene.look, self._root)
            item.setZValue(self._z)
            self.items[link] = item
            for end in (link.source, link.target):
                self._touching.setdefault(end, {})[link] = None

    def remove(self, links: Iterable[Edge]) -> None:
        """Take wires away."""
        for link in links:
            item = self.items.pop(link, None)
            if item is None:
                continue
            self._scene.removeItem(item)
            for end in (link.source, link.target):
                self._touching.get(end, {}).pop(link, None)

    def of(self, node: str) -> tuple[Edge, ...]:
        """The wires of a node."""
        return tuple(self._touching.get(node, ()))

    def ports_of(self, node: str) -> tuple[set[int], int]:
        """A node's input ports that have a wire, and its number of output ports."""
        into: set[int] = set()
        out = 0
        for link in self._touching.get(node, ()):
            if link.target == node:
                into.add(link.target_port)
            if link.source == node:
                out = max(out, link.source_port + 1)
        return into, out

    def select(self, link: Edge | None) -> None:
        """Mark one wire, and no other, as selected."""
        for each in {self._chosen, link}:
            if each in self.items:
                self.items[each].mark(chosen=each == link)
        self._chosen = link

    def lead_all(self) -> None:
        """Find the way of every wire."""
        self._lead(tuple(self.items), quick=False)

    def lead(self, nodes: Iterable[str], quick: bool = False) -> None:
        """Find the way of the wires of some nodes.

        Args:
            quick: Not around what is in the way.
        """
        links: dict[Edge, None] = {}
        for node in nodes:
            links.update(self._touching.get(node, {}))
        self._lead(tuple(links), quick)

    def _lead(self, links: tuple[Edge, ...], quick: bool) -> None:
        obstacles = Obstacles() if quick else None
        folding = self._scene.folding
        for link in self._set_aside(links):
            item = self.items[link]
            hidden = folding.inside(link)
            if item.isVisible() == hidden:
                item.setVisible(not hidden)
            if hidden:
                continue
            start, end = self.ends(link)
            if 0 <= end[1] - start[1] <= SHORT:
                item.lead(curve(start, end))
                continue
            if obstacles is None:
                obstacles = Obstacles(x.box() for x in self._scene.visible())
            item.lead(route(start, end, obstacles))
        self._dress({link.source for link in links})

    def _set_aside(self, links: tuple[Edge, ...]) -> tuple[Edge, ...]:
        """Put one input of a merge under the node that feeds it from right above.

        Returns:
            The wires to lead: also the others of a node the ports of which moved.
        """
        wanted = dict.fromkeys(links)
        for target in {link.target for link in links}:
            item = self._scene.nodes[target]
            if item.face.inputs > 1 or item.aside:
                into = [x for x in self._touching[target] if x.target == target]
                ends = ((x.target_port, self.ends(x)[0][0]) for x in into)
                if item.set_aside(ends):
                    wanted.update(dict.fromkeys(into))
        return tuple(wanted)

    def shift(self, nodes: Collection[str], dx: float, dy: float) -> set[str]:
        """Move the wires among nodes that moved together; the ends left to lead."""
        rest: set[str] = set()
        done: set[Edge] = set()
        for node in nodes:
            for link in self._touching.get(node, {}):
                if link in done:
                    continue
                done.add(link)
                if link.source in nodes and link.target in nodes:
                    self.items[link].shift(dx, dy)
                else:
                    rest.update(x for x in (link.source, link.target) if x in nodes)
        return rest

    def ends(self, link: Edge) -> tuple[Point, Point]:
        """Where a wire begins and ends."""
        folding = self._scene.folding
        start = folding.port(link, out=True)
        end = folding.port(link, out=False)
        nodes = self._scene.nodes
        return (
            start or nodes[link.source].output_at(link.source_port),
            end or nodes[link.target].input_at(link.target_port),
        )

    def dress_all(self) -> None:
        """Show the shapes known now on all wires."""
        self._dress(link.source for link in self.items)

    def _dress(self, sources: Iterable[str]) -> None:
        for source in dict.fromkeys(sources):
            ports: dict[int, list[WireItem]] = {}
            for link in self._touching.get(source, ()):
                if link.source == source:
                    ports.setdefault(link.source_port, []).append(self.items[link])
            for port, items in ports.items():
                self._dress_port(source, port, items)

    def _dress_port(self, source: str, port: int, items: list[WireItem]) -> None:
        """One label for all wires of a port, on the straightest of them."""
        reports = self._scene.reports
        shape, dead = reports.shape(source, port), reports.dead(source)
        shown = [item for item in items if item.isVisible() and item.points]
        if not shown:
            return
        main = min(shown, key=_slant)
        ends = [item.points[-1][0] for item in shown if item is not main]
        here = main.points[-1][0]
        begin = main.points[0][0]
        aside = begin - self._scene.stand_in(source).x_at  # of several ports
        if aside:
            left = aside < 0
        elif main.straight():
            left = bool(ends) and min(ends) > here
        else:
            left = here > begin
        enters = self._scene.folding.enters(main.link)
        for item in shown:
            text = self._label(main, shown, shape) if item is main else ""
            item.show_shape(text, dead, left, enters)

    def _label(self, main: WireItem, shown: list[WireItem], shape: str) -> str:
        """The shape; at a box with several ports also the nodes behind the ports."""
        folding, nodes = self._scene.folding, self._scene.graph.nodes
        text = shape
        source, group = main.link.source, folding.hidden.get(main.link.source)
        if group is not None and len(folding.doors(group).outs) > 1:
            text = f"{nodes[source].name} · {text}".rstrip(" ·")
        group = folding.hidden.get(main.link.target)
        if group is not None and len(folding.doors(group).ins) > 1:
            targets = dict.fromkeys(item.link.target for item in shown)
            into = [id for id in targets if folding.hidden.get(id) == group]
            text = f"{text} → {', '.join(nodes[id].name for id in into)}".lstrip()
        return text


def _slant(item: WireItem) -> float:
    return abs(item.points[0][0] - item.points[-1][0])
