"""Pointer handling of the canvas: gestures, hover, double-clicks and tooltips."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt

from dlstudio.document.canvas.connection_rules import ConnectionVerdict
from dlstudio.document.canvas.edge_routing import Point
from dlstudio.document.canvas.group_ports import ConnectionCandidate
from dlstudio.document.canvas.layer_summary import details
from dlstudio.document.graph import Edge
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.editing import group_edits
from dlstudio.ui.model.canvas.gestures.base import Gesture, Spot
from dlstudio.ui.model.canvas.gestures.connect import ConnectGesture
from dlstudio.ui.model.canvas.gestures.rubber_band import RubberBandGesture
from dlstudio.ui.model.canvas.gestures.select import SelectGesture
from dlstudio.ui.model.canvas.input.command_target import CommandTarget
from dlstudio.ui.model.canvas.input.context_menu import ContextMenu
from dlstudio.ui.model.canvas.overlays.hint_bubbles import HintBubbles
from dlstudio.ui.model.canvas.overlays.target_menu import open_target_menu
from dlstudio.ui.model.canvas.scene.canvas_scene import CanvasScene
from dlstudio.ui.model.canvas.scene.hit_test import Hit


class PointerHandler:
    """Handles the pointer events of one canvas.

    Args:
        canvas: The canvas to operate on.
        context_menu: Creates the context menus.
        bubbles: Shows messages and target menus.
        open_node: Called with the node's id when a node is double-clicked.
    """

    def __init__(
        self,
        canvas: CommandTarget,
        context_menu: ContextMenu,
        bubbles: HintBubbles,
        open_node: Callable[[str], object],
    ) -> None:
        self._canvas = canvas
        self._context_menu = context_menu
        self._bubbles = bubbles
        self._open_node = open_node
        self._context = canvas.context
        self._over = Hit()

    def begin(self, spot: Spot, button: Qt.MouseButton) -> Gesture | None:
        """Return the gesture that a press starts, if any."""
        over, context = spot.over, self._context
        if button != Qt.MouseButton.LeftButton:
            return None
        if over.on_chevron:
            group_edits.toggle_collapsed(context, over.group)
            return None
        if over.side:
            return ConnectGesture(
                context,
                spot,
                self._show_message,
                self._offer_layers,
                self._choose_target,
            )
        if over.empty:
            return RubberBandGesture(context, spot)
        return SelectGesture(context, spot)

    def _show_message(self, text: str, spot: Spot, refused: bool) -> None:
        self._bubbles.show_message(text, spot.at, refused)

    def _offer_layers(self, node: str, port: int, side: str, place: Point) -> None:
        view = self._canvas.view
        at = view.viewport().mapToGlobal(view.mapFromScene(*place))
        self._canvas.layer_chooser.open_for_draft(at, node, port, side, place)

    def _choose_target(
        self,
        choices: tuple[ConnectionCandidate, ...],
        spot: Spot,
        chosen: Callable[[ConnectionVerdict], object],
    ) -> None:
        open_target_menu(
            self._context, self._canvas.view, choices, self._global(spot), chosen
        )

    def hovered(self, over: Hit) -> None:
        """Highlight the item that a press would act on."""
        self._mark(self._over, False)
        self._mark(over, True)
        self._over = over

    def _mark(self, over: Hit, hovered: bool) -> None:
        scene = self._context.scene
        if over.node in scene.nodes:
            scene.nodes[over.node].mark(hovered=hovered)
        elif over.edge in scene.edge_layer.items:
            scene.edge_layer.items[over.edge].mark(hovered=hovered)
        elif over.group in scene.group_layer.collapsed:
            scene.group_layer.collapsed[over.group].mark(hovered=hovered)

    def double_clicked(self, spot: Spot) -> None:
        """Open a node, toggle a group, or offer layers on an edge or empty space."""
        over, canvas = spot.over, self._canvas
        if over.node:
            self._open_node(over.node)
        elif over.group:
            group_edits.toggle_collapsed(self._context, over.group)
        elif over.edge is not None:
            canvas.layer_chooser.open_for_edge(self._global(spot), over.edge)
        else:
            canvas.layer_chooser.open_at(self._global(spot), (spot.x, spot.y))

    def show_menu(self, spot: Spot) -> None:
        """Open the context menu for what is under the pointer."""
        at = self._global(spot)
        self._context_menu.at(spot, at).popup(at)

    def _global(self, spot: Spot) -> QPoint:
        return self._canvas.view.viewport().mapToGlobal(spot.at)

    def tooltip(self, over: Hit) -> str:
        """Return a node's details, a port's name or an edge's shape."""
        scene, graph = self._context.scene, self._context.graph
        if over.group:
            return _group_tooltip(scene, over)
        if over.node in graph.nodes:
            item = scene.nodes[over.node]
            names = item.card.port_names
            if over.side == "in" and any(names[over.port : over.port + 1]):
                return names[over.port].replace("_", " ")
            node = graph.nodes[over.node]
            report = scene.reports.nodes.get(over.node)
            problems = scene.reports.problems.get(over.node, ())
            lines = [details(node, item.card.title, report)]
            return "\n".join([*lines, *(problem.message for problem in problems)])
        return _edge_tooltip(scene, over.edge) if over.edge is not None else ""


def _edge_tooltip(scene: CanvasScene, edge: Edge) -> str:
    """Return the names of an edge's ends and its tensor."""
    nodes = scene.graph.nodes
    route = f"{nodes[edge.source].name} → {nodes[edge.target].name}"
    shape = scene.reports.shape(edge.source, edge.source_port)
    return f"{route}\n{shape}" if shape else route


def _group_tooltip(scene: CanvasScene, over: Hit) -> str:
    """Return the names of a group's nodes, or of the node behind a port."""
    group_layer, nodes = scene.group_layer, scene.graph.nodes
    group_port = (
        group_layer.group_port(over.group, over.side, over.port) if over.side else None
    )
    if group_port is not None:
        text = _("To “{name}”") if over.side == "in" else _("From “{name}”")
        return text.format(name=nodes[group_port.node].name)
    names = ", ".join(nodes[id].name for id in group_layer.members(over.group))
    return f"{group_layer.group(over.group).name}\n{names}"
