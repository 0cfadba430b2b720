"""From an edit in a 100-layer model to its new shapes on the edges.

    python tests/benchmarks/bench_edit.py [--quick]

The real Model room with the real engine, offscreen by default. The delay of 150 ms
after the last edit is part of every result; on a busy machine the CPU time shows what
it would be on an idle one.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support"), str(HERE)]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from machine import describe

import dlstudio.workers.qt
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import InsertOnEdge
from dlstudio.document.edits.nodes import RemoveNodes, ShareWeights
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import Edge, Graph, Node, node
from dlstudio.document.values import FrozenMap

assert dlstudio.workers.qt.QT_VERSION
LIMIT_MS = 250.0
LAYERS = 100


def deep_graph(layers: int = LAYERS) -> Graph:
    """A residual network: blocks of convolution, normalization and a shortcut."""
    nodes: list[Node] = [node("image", "keras.layers.InputLayer", shape=[32, 32, 3])]
    edges: list[Edge] = []
    before = "image"
    number = 0

    def add(kind: str, *sources: str, **params: object) -> str:
        id = f"{kind.lower()}_{len(nodes)}"
        made = node(id, f"keras.layers.{kind}", **params)
        place = (0.0, 96.0 * len(nodes))
        nodes.append(Node(id, made.kind, made.params, place))
        edges.extend(Edge(s, id, 0, port) for port, s in enumerate(sources))
        return id

    before = add("Conv2D", before, filters=16, kernel_size=3, padding="same")
    while len(nodes) < layers - 6:
        number += 1
        conv = add(
            "Conv2D", before, filters=16, kernel_size=3, padding="same",
            activation="relu" if number % 2 else "elu",
        )  # fmt: skip
        norm = add("BatchNormalization", conv)
        before = add("Add", norm, before)
    before = add("GlobalAveragePooling2D", before)
    while len(nodes) < layers - 1:
        before = add("Dense", before, units=32, activation="relu")
    add("Dense", before, units=10, activation="softmax")
    return Graph(FrozenMap((each.id, each) for each in nodes), tuple(edges))


def edits(graph: Graph) -> dict[str, Callable[[int], Edit]]:
    """Kinds of edits; each takes the number of the repetition."""
    convs = [n.id for n in graph.nodes.values() if n.kind.endswith("Conv2D")]
    dense = [n.id for n in graph.nodes.values() if n.kind.endswith("Dense")]
    first, last = convs[1], dense[-1]
    middle = convs[len(convs) // 2]

    def insert(number: int) -> Edit:
        edge = graph.into(dense[0])[0]
        dropout = node(f"drop_{number}", "keras.layers.Dropout", rate=0.1 + number / 99)
        return InsertOnEdge(dropout, edge)

    return {
        "the head's units": lambda i: SetParam(last, "units", 11 + i),
        "an activation in the middle": lambda i: SetParam(
            middle, "activation", ("tanh", "gelu", "selu")[i % 3]
        ),
        "a kernel at the top": lambda i: SetParam(first, "kernel_size", 4 + i),
        "the picture's size (all shapes)": lambda i: SetParam(
            "image", "shape", (33 + i, 33 + i, 3)
        ),
        "a wrong kernel (with its cure)": lambda i: SetParam(
            middle, "padding", "valid"
        ),
        "a layer put in": insert,
        "a layer taken out": lambda i: RemoveNodes((dense[1],), join=True),
        "weights shared": lambda i: ShareWeights(convs[3], convs[1 if i % 2 else 2]),
    }


@contextmanager
def room(graph: Graph) -> Iterator[Callable[[Edit], tuple[float, float]]]:
    """A function that runs an edit and returns its wall and CPU milliseconds."""
    from model_world import shown, world_in
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from dlstudio.ui.model.room import ModelRoom

    app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as folder, world_in(Path(folder)) as world:
        session, engine = world.session, world.engine
        world.draw(graph)
        session.changed.connect(lambda c: engine.analyse(c.after, c.revision, None))
        engine.load()

        def until(done: Callable[[], bool], seconds: float = 120.0) -> None:
            deadline = time.perf_counter() + seconds
            while not done():
                loop = QEventLoop()
                QTimer.singleShot(1, loop.quit)
                loop.exec()
                if time.perf_counter() > deadline:
                    raise TimeoutError

        def answered() -> bool:
            last = engine.last
            return last is not None and last.revision == session.revision

        until(lambda: engine.state == "ready")
        with shown(lambda: ModelRoom(world.studio), 1440, 860) as made:
            engine.analyse(session.project, session.revision, None)
            until(answered)
            app.processEvents()

            def timed(edit: Edit) -> tuple[float, float]:
                start, work = time.perf_counter(), time.process_time()
                session.do(edit)
                until(answered)
                made.repaint()  # the shapes are painted, not only computed
                work = time.process_time() - work
                taken = time.perf_counter() - start
                session.undo()
                until(answered)
                return taken * 1000, work * 1000

            yield timed


def measure(rounds: int) -> list[tuple[str, float, float, float]]:
    """Name, median and worst of all ms to the edges, median ms of processor time."""
    graph = deep_graph()
    rows = []
    with room(graph) as timed:
        for name, edit in edits(graph).items():
            tries = [timed(edit(number)) for number in range(rounds)]
            whole = [each[0] for each in tries]
            work = [each[1] for each in tries]
            rows.append(
                (name, statistics.median(whole), max(whole), statistics.median(work))
            )
    return rows


def main() -> int:
    """Print the table; returns 1 if a limit is exceeded (never with --quick)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one try of each")
    quick = parser.parse_args().quick
    rows = measure(1 if quick else 9)
    print(describe())
    print(f"{LAYERS} layers; ms from the edit to new shapes on the edges")
    print(f"{'edit':34}{'median':>9}{'worst':>9}{'processor':>12}")
    for name, median, worst, work in rows:
        mark = "" if median < LIMIT_MS else f"  over {LIMIT_MS:.0f}"
        print(f"{name:34}{median:9.1f}{worst:9.1f}{work:12.1f}{mark}")
    kept = all(median < LIMIT_MS for _name, median, _worst, _work in rows)
    return 0 if kept or quick else 1


if __name__ == "__main__":
    sys.exit(main())
