"""Arranging: small graphs at once, large ones in the background."""

from __future__ import annotations

from collections.abc import Callable

from canvas_world import Hand
from pytestqt.qtbot import QtBot

from dlstudio.document.edits.nodes import MoveNodes
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.values import FrozenMap
from dlstudio.ui.model.canvas.editing.arrangement_job import IMMEDIATE

ARRANGE = "canvas.arrange"


def stacked(count: int) -> Graph:
    """A chain whose cards all lie at one place."""
    first = node("image", INPUT, shape=[4])
    dense = (node(f"d{i}", "keras.layers.Dense", units=4) for i in range(count - 1))
    graph = Graph.chain([first, *dense])
    return graph.with_positions(dict.fromkeys(graph.nodes, (0.0, 0.0)))


def heights(h: Hand) -> set[float]:
    return {n.position[1] for n in h.canvas.context.graph.nodes.values()}


def test_a_small_graph_is_arranged_at_once(hand: Callable[[Graph], Hand]) -> None:
    h = hand(stacked(IMMEDIATE))
    h.canvas.run(ARRANGE)
    assert len(heights(h)) == IMMEDIATE
    assert not h.canvas.arrangement.busy


def test_a_large_graph_is_arranged_in_the_background_as_one_step(
    hand: Callable[[Graph], Hand], qtbot: QtBot
) -> None:
    h = hand(stacked(IMMEDIATE + 1))
    button = h.canvas.toolbar.buttons[ARRANGE]
    with qtbot.waitSignal(h.canvas.arrangement.ended):
        h.canvas.run(ARRANGE)
        assert len(heights(h)) == 1 and not button.isEnabled()
        h.canvas.run(ARRANGE)  # is refused
        # What does not concern positions may change meanwhile.
        h.canvas.session.do(SetParam("d0", "units", 5))
    assert len(heights(h)) == IMMEDIATE + 1 and button.isEnabled()
    assert [each.name for each in h.canvas.session.history.past][1:] == ["Arrange"]
    assert h.canvas.context.graph.nodes["d0"].params["units"] == 5
    h.canvas.session.undo()
    assert len(heights(h)) == 1


def test_a_graph_that_was_changed_meanwhile_stays_as_it_is(
    hand: Callable[[Graph], Hand], qtbot: QtBot
) -> None:
    h = hand(stacked(IMMEDIATE + 1))
    with qtbot.waitSignal(h.canvas.arrangement.ended):
        h.canvas.run(ARRANGE)
        h.canvas.session.do(MoveNodes(FrozenMap({"d0": (0.0, 400.0)})), "Move")
    assert heights(h) == {0.0, 400.0}
    assert [each.name for each in h.canvas.session.history.past] == ["Move"]
