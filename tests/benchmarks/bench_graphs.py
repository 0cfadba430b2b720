"""Large graphs: arranging 800 layers, and the shapes of 500 after an edit.

    python tests/benchmarks/bench_graphs.py [--quick]

Without a window and in this process. Times are of the processor, the least of several
tries, so that other programs matter little.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE)]
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from machine import describe

from dlstudio.catalog.store import Catalog
from dlstudio.document.canvas.arrangement import arranged_positions
from dlstudio.document.canvas.boxes import NodeBox
from dlstudio.document.drawing.graph_drawing import GraphArtist
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import INPUT, Edge, Graph, Node, node
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap

ARRANGED, EDITED = 800, 500
LIMIT_MS = {"arrange": 2000.0, "draw": 2000.0, "edit": 50.0}


@dataclass(frozen=True)
class Row:
    """One result.

    Attributes:
        limit: Milliseconds that it must stay below.
    """

    what: str
    milliseconds: float
    limit: float


def residual(layers: int) -> Graph:
    """Residual blocks of two convolutions, and a dense head."""
    nodes: list[Node] = [node("image", INPUT, shape=[16, 16, 8])]
    edges: list[Edge] = []

    def add(kind: str, *sources: str, **params: object) -> str:
        id = f"layer_{len(nodes)}"
        nodes.append(node(id, f"keras.layers.{kind}", **params))
        edges.extend(Edge(source, id, 0, i) for i, source in enumerate(sources))
        return id

    before = "image"
    while len(nodes) < layers - 2:
        first = add("Conv2D", before, filters=8, kernel_size=3, padding="same")
        second = add("BatchNormalization", first)
        before = add("Add", second, before)
    add("Dense", add("GlobalAveragePooling2D", before), units=10)
    return Graph(FrozenMap((each.id, each) for each in nodes), tuple(edges))


def branched(layers: int) -> Graph:
    """Modules of four branches of different lengths, as in Inception."""
    nodes: list[Node] = [node("image", INPUT, shape=[16, 16, 8])]
    edges: list[Edge] = []
    before = "image"
    while len(nodes) < layers:
        ends = []
        for length in (1, 2, 3, 4):
            source = before
            for _layer in range(length):
                id = f"layer_{len(nodes)}"
                nodes.append(node(id, "keras.layers.Conv2D", filters=8, kernel_size=1))
                edges.append(Edge(source, id))
                source = id
            ends.append(source)
        before = f"layer_{len(nodes)}"
        nodes.append(node(before, "keras.layers.Concatenate"))
        edges.extend(Edge(end, before, 0, i) for i, end in enumerate(ends))
    return Graph(FrozenMap((each.id, each) for each in nodes), tuple(edges))


def nested_skips(layers: int) -> Graph:
    """A chain with connections between its halves, as in a U-Net."""
    graph = Graph.chain(
        node(f"layer_{i}", INPUT if i == 0 else "keras.layers.Add")
        for i in range(layers)
    )
    half = layers // 2
    skips = tuple(
        Edge(f"layer_{half - i}", f"layer_{half + i}", 0, 1) for i in range(5, half, 20)
    )
    return Graph(graph.nodes, (*graph.edges, *skips))


def least(run: Callable[[], object], rounds: int) -> float:
    """The least processor time of some tries, in milliseconds."""
    times = []
    for _round in range(rounds):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times) * 1000


def measure(rounds: int) -> list[Row]:
    """All results."""
    rows, artist = [], GraphArtist(Catalog.load(), {})
    makers = {"residual": residual, "branched": branched, "nested skips": nested_skips}
    for name, make in makers.items():
        graph = make(ARRANGED)
        boxes = dict.fromkeys(graph.nodes, NodeBox(0.0, 0.0))

        def arrange(graph: Graph = graph, boxes: dict[str, NodeBox] = boxes) -> Graph:
            return graph.with_positions(arranged_positions(graph, boxes))

        taken = least(arrange, rounds)
        rows.append(Row(f"arrange {name}", taken, LIMIT_MS["arrange"]))
        placed = arrange()

        def draw(placed: Graph = placed) -> object:
            return artist.draw(placed)

        rows.append(Row(f"draw {name}", least(draw, rounds), LIMIT_MS["draw"]))
    return [*rows, *edits(artist.catalog, rounds)]


def edits(catalog: Catalog, rounds: int) -> list[Row]:
    """The shapes of all layers after an edit of one."""
    from dlstudio.engine.shapes.graph import ShapeInference

    graph, inference = residual(EDITED), ShapeInference()
    project = Project(graphs=FrozenMap({"model": graph}))
    inference.infer(graph, catalog)
    found = []
    last, middle = list(graph.nodes)[-1], f"layer_{1 + 3 * (EDITED // 6)}"
    for what, id, param, values in (
        ("the head's units", last, "units", range(20, 20 + rounds)),
        ("a kernel in the middle", middle, "kernel_size", range(4, 4 + rounds)),
    ):
        left = iter(values)

        def edit(
            id: str = id, param: str = param, left: Iterator[int] = left
        ) -> object:
            edited = SetParam(id, param, next(left)).apply(project)
            return inference.infer(edited.model, catalog)

        taken = least(edit, rounds)
        found.append(Row(f"edit {what}", taken, LIMIT_MS["edit"]))
    return found


def main() -> int:
    """Print the table; returns 1 if a limit is exceeded (never with --quick)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two tries of each")
    quick = parser.parse_args().quick
    rows = measure(2 if quick else 7)
    print(describe())
    print(f"{ARRANGED} layers arranged and drawn, {EDITED} edited; ms of the processor")
    for row in rows:
        over = "" if row.milliseconds < row.limit else f"  over {row.limit:.0f}"
        print(f"{row.what:34}{row.milliseconds:9.1f}{over}")
    kept = all(row.milliseconds < row.limit for row in rows)
    return 0 if kept or quick else 1


if __name__ == "__main__":
    sys.exit(main())
