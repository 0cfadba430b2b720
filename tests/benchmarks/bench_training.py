"""Training throughput ÷ a plain `model.fit` script, same model, data and batch.

Run: python tests/benchmarks/bench_training.py [--quick] [--rounds N] [--json]

Both train in one process, an epoch of one and then an epoch of the other, so that
whatever else the machine does hits both alike. Compilation is left out on both sides;
ours includes its events, its record and its checkpoint of every epoch. The plain
script does what such scripts do: pictures as float32 arrays in memory, `model.fit(x, y,
batch_size=..., shuffle=True)`. Figures are the median over the rounds.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
WARM = 3
BATCHES = (32, 64, 128)


@dataclass(frozen=True)
class Case:
    """A model and how many pictures of what shape it is fed."""

    name: str
    shape: tuple[int, int, int]
    samples: int
    graph: Callable[[tuple[int, int, int]], Any]


@dataclass(frozen=True)
class Row:
    """One line of the table; samples per second."""

    model: str
    batch: int
    plain: float
    ours: float

    @property
    def ratio(self) -> float:
        return self.ours / self.plain


class Lane:
    """A thread that trains one epoch each time it is told to."""

    def __init__(self, name: str, work: Callable[[Callable[[], None]], None]) -> None:
        self.times: list[float] = []
        self._go = threading.Semaphore(0)
        self._done = threading.Semaphore(0)
        self._error: BaseException | None = None
        self._began = 0.0
        self._thread = threading.Thread(target=self._run, args=(work,), name=name)
        self._thread.start()

    def _run(self, work: Callable[[Callable[[], None]], None]) -> None:
        self._go.acquire()
        self._began = time.perf_counter()
        try:
            work(self._lap)
        except BaseException as error:
            self._error = error
        self._done.release()

    def _lap(self) -> None:
        self.times.append(time.perf_counter() - self._began)
        self._done.release()
        self._go.acquire()
        self._began = time.perf_counter()

    def epoch(self) -> None:
        """Let it train one epoch."""
        self._go.release()
        self._done.acquire()
        if self._error is not None:
            raise self._error

    def end(self) -> None:
        """Let it finish what follows the last epoch."""
        self._go.release()
        self._thread.join()
        if self._error is not None:
            raise self._error


def chain(shape: tuple[int, int, int], *middle: Any) -> Any:
    from dlstudio.document.graph import INPUT, Graph, node

    return Graph.chain(
        [
            node("input", INPUT, shape=shape),
            keras_node("scale", "Rescaling", scale=1 / 255),
            *middle,
            keras_node("head", "Dense", units=10, activation="softmax"),
        ]
    )


def keras_node(id: str, name: str, **params: Any) -> Any:
    from dlstudio.document.graph import node

    return node(id, f"keras.layers.{name}", **params)


def conv(id: str, filters: int, **params: Any) -> Any:
    given = {"kernel_size": 3, "activation": "relu", **params}
    return keras_node(id, "Conv2D", filters=filters, **given)


def digits_cnn(shape: tuple[int, int, int]) -> Any:
    """Two convolutions for the 8×8 digits."""
    return chain(
        shape,
        conv("conv_1", 32, padding="same"),
        conv("conv_2", 64, padding="same"),
        keras_node("pool", "MaxPooling2D"),
        keras_node("drop_1", "Dropout", rate=0.25),
        keras_node("flatten", "Flatten"),
        keras_node("dense", "Dense", units=64, activation="relu"),
        keras_node("drop_2", "Dropout", rate=0.5),
    )


def two_convolutions(shape: tuple[int, int, int]) -> Any:
    """The usual first network for 28×28 pictures."""
    return chain(
        shape,
        conv("conv_1", 32),
        keras_node("pool_1", "MaxPooling2D"),
        conv("conv_2", 64),
        keras_node("pool_2", "MaxPooling2D"),
        keras_node("flatten", "Flatten"),
        keras_node("drop", "Dropout", rate=0.5),
    )


def residual(shape: tuple[int, int, int]) -> Any:
    """Three residual blocks of plain layers."""
    from dlstudio.document.graph import INPUT, Graph, Link, node
    from dlstudio.document.values import FrozenMap

    nodes = [node("input", INPUT, shape=shape)]
    links: list[Link] = []

    def add(made: Any, *sources: str) -> str:
        links.extend(Link(s, made.id, 0, port) for port, s in enumerate(sources))
        nodes.append(made)
        return str(made.id)

    def norm_conv(id: str, source: str, filters: int, **params: Any) -> str:
        given = {"padding": "same", "use_bias": False, "activation": None, **params}
        made = add(conv(f"{id}_conv", filters, **given), source)
        return add(keras_node(f"{id}_norm", "BatchNormalization"), made)

    last = add(keras_node("scale", "Rescaling", scale=1 / 255), "input")
    last = add(keras_node("relu", "ReLU"), norm_conv("stem", last, 16))
    for number, (filters, strides) in enumerate(((16, 1), (32, 2), (64, 2))):
        stem = f"block_{number}"
        way = norm_conv(f"{stem}_a", last, filters, strides=strides)
        way = add(keras_node(f"{stem}_relu", "ReLU"), way)
        way = norm_conv(f"{stem}_b", way, filters)
        if strides > 1:
            short = {"strides": strides, "kernel_size": 1}
            last = norm_conv(f"{stem}_short", last, filters, **short)
        last = add(keras_node(f"{stem}_add", "Add"), last, way)
        last = add(keras_node(f"{stem}_out", "ReLU"), last)
    last = add(keras_node("pool", "GlobalAveragePooling2D"), last)
    add(keras_node("head", "Dense", units=10, activation="softmax"), last)
    return Graph(FrozenMap((each.id, each) for each in nodes), tuple(links))


CASES = (
    Case("digits CNN 8×8", (8, 8, 1), 1347, digits_cnn),
    Case("two convolutions 28×28", (28, 28, 1), 2560, two_convolutions),
    Case("residual net 32×32", (32, 32, 3), 768, residual),
)


@dataclass
class Noise:
    """Prepared data of random pictures; speed does not depend on what they show."""

    images: Any
    labels: Any
    splits: Any
    classes: tuple[str, ...] = tuple("0123456789")
    fingerprint: str = "noise"
    skipped: tuple[tuple[str, str], ...] = ()
    multi_label: bool = False


def noise(case: Case, samples: int) -> Noise:
    import numpy as np

    random = np.random.default_rng(0)
    images = random.integers(0, 256, (samples, *case.shape), dtype=np.uint8)
    labels = random.integers(0, 10, samples).astype(np.int32)
    none = np.zeros(0, np.int64)
    splits = {"train": np.arange(samples), "validation": none, "test": none}
    return Noise(images, labels, splits)


def measure(case: Case, batch: int, rounds: int, samples: int) -> Row:
    """Train both in turns."""
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.events import EpochEnded
    from dlstudio.document.plan import TrainingPlan
    from dlstudio.document.project import MODEL, Project
    from dlstudio.document.values import FrozenMap
    from dlstudio.engine.build import build
    from dlstudio.engine.tokens import StopSource
    from dlstudio.engine.trainer import Ground, Trainer

    data, catalog = noise(case, samples), Catalog.load()
    plan = TrainingPlan(epochs=WARM + rounds, batch_size=batch, device="cpu")
    graphs = FrozenMap({MODEL: case.graph(case.shape)})
    project = Project(case.name, graphs=graphs, plan=plan)

    def plain(lap: Callable[[], None]) -> None:
        import keras

        model = build(project, catalog)
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        end = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_given: lap())
        x = data.images.astype("float32")
        options = {"batch_size": batch, "shuffle": True, "verbose": 0}
        model.fit(x, data.labels, epochs=plan.epochs, callbacks=[end], **options)

    def ours(lap: Callable[[], None]) -> None:
        def emit(event: Any) -> None:
            if isinstance(event, EpochEnded):
                lap()

        with tempfile.TemporaryDirectory() as folder:
            ground = Ground(lambda _project: data)
            source = StopSource()
            run = Trainer(
                project, Path(folder), catalog, emit, source.token, ground
            ).train()
            if run.outcome != "succeeded":
                raise RuntimeError(run.record.message)

    lanes = [Lane("plain", plain), Lane("ours", ours)]
    for _round in range(plan.epochs):
        for lane in lanes:
            lane.epoch()
    for lane in lanes:
        lane.end()
    speeds = [samples / statistics.median(lane.times[WARM:]) for lane in lanes]
    return Row(case.name, batch, *speeds)


def geometric_mean(rows: list[Row]) -> float:
    """Of the ratios."""
    return math.exp(statistics.fmean(math.log(row.ratio) for row in rows))


def table(rows: list[Row]) -> str:
    """A Markdown table."""
    lines = [
        "| model | batch | model.fit, samples/s | dlstudio, samples/s | ratio |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {r.model} | {r.batch} | {r.plain:,.0f} | {r.ours:,.0f} | {r.ratio:.2f} |"
        for r in rows
    ]
    return "\n".join([*lines, "", f"geometric mean {geometric_mean(rows):.2f}"])


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 if a target is missed (never with --quick)."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="only see that it runs")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    sys.path.insert(0, str(ROOT))
    from dlstudio.engine.start import start_tensorflow

    start_tensorflow()
    rows = []
    for case in CASES[:1] if given.quick else CASES:
        for batch in BATCHES[:1] if given.quick else BATCHES:
            rounds, samples = (2, 96) if given.quick else (given.rounds, case.samples)
            rows.append(measure(case, batch, rounds, samples))
            print(f"{case.name} {batch}: {rows[-1].ratio:.2f}", file=sys.stderr)
    if given.json:
        found = [{**asdict(row), "ratio": row.ratio} for row in rows]
        print(json.dumps({"rows": found, "geometric_mean": geometric_mean(rows)}))
    else:
        print(table(rows))
    good = min(row.ratio for row in rows) >= 1.0 and geometric_mean(rows) >= 1.2
    return 0 if good or given.quick else 1


if __name__ == "__main__":
    sys.exit(main())
