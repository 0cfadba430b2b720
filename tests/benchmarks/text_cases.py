"""The texts of the benchmarks, and trainings on them."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from comparison import Spent, import_path, process, reported

TEXT, TARGET = "review", "opinion"
HEAD = f"{TEXT},{TARGET}\n"
LABELS = ("good", "bad")
HELD_OUT = 0.15
"""Share of the texts for validation, by both sides."""
DIFFERENT = 30_000
"""Words of the made-up language."""
AT_ONCE = 100_000
"""Rows that are made at a time."""
SPREAD = 0.6
"""Deviation of the logarithm of a text's words: one in twenty has 2.7 times as many as
half of them."""


def write_texts(path: Path, rows: int, words: int) -> int:
    """Write a table of made-up texts and their labels, the same each time.

    Words are as frequent as Zipf's law says, sentences have a capital and a period, and
    lengths have a long tail.

    Args:
        path: The CSV file.
        rows: Of the table.
        words: Of a text; half of the texts have more.

    Returns:
        The size of the file in bytes.
    """
    draw = np.random.default_rng(0)
    language = _language(draw)
    chances = 1 / (np.arange(DIFFERENT) + 2.7)
    bounds = np.cumsum(chances / chances.sum())
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEAD)
        for start in range(0, rows, AT_ONCE):
            count = min(AT_ONCE, rows - start)
            file.writelines(_lines(draw, language, bounds, count, words))
    return path.stat().st_size


def _language(draw: np.random.Generator) -> Any:
    """Different words, the frequent ones short; object (n,)."""
    letters = np.array(list("etaoinshrdlucmfwygpbvk"))
    found: dict[str, None] = {}
    while len(found) < DIFFERENT:
        size = 2 + min(7, len(found) // 40) + int(draw.integers(0, 4))
        found["".join(draw.choice(letters, size))] = None
    return np.array(list(found), object)


def _lines(
    draw: np.random.Generator, language: Any, bounds: Any, count: int, words: int
) -> Iterator[str]:
    """Lines of the file."""
    lengths = np.maximum(3, draw.lognormal(np.log(words), SPREAD, count)).astype(int)
    places = np.searchsorted(bounds, draw.random(int(lengths.sum())))
    written = language[np.minimum(places, DIFFERENT - 1)].tolist()
    labels = draw.integers(0, len(LABELS), count).tolist()
    end = 0
    for length, label in zip(lengths.tolist(), labels, strict=True):
        start, end = end, end + length
        text = " ".join(written[start:end]).capitalize()
        yield f"{text}.,{LABELS[label]}\n"


@dataclass(frozen=True, slots=True)
class TextCase:
    """A training on texts.

    Attributes:
        template: Makes the model.
        rows: Of the table.
        words: Of a text; half of the texts have more.
        epochs: Of the training.
    """

    template: str
    rows: int
    words: int = 30
    epochs: int = 3


TRAINED = (
    TextCase("text-cnn", 10_000),
    TextCase("text-transformer", 3_000),
    TextCase("text-lstm", 3_000),
)
QUICK_TRAINED = TextCase("text-cnn", 300, 8, 2)


@dataclass(frozen=True, slots=True)
class TextTurn:
    """One training in a process.

    Attributes:
        first: From the file to the end of the first epoch, without imports.
        later: Median of the other epochs.
    """

    first: Spent
    later: Spent


class TextTraining:
    """One project of texts, trained by each side.

    Args:
        case: Template and texts.
        folder: For the table, the project and its model.
        sides: Folder of the programs.
        root: Of the repository.
    """

    def __init__(self, case: TextCase, folder: Path, sides: Path, root: Path) -> None:
        self._case, self._sides = case, sides
        self._path = import_path(root)
        self._project, self._model = folder / "project", folder / "model.json"
        self._table = folder / "texts.csv"
        write_texts(self._table, case.rows, case.words)
        new = ("new", self._project, "--data", self._table, "--target", TARGET)
        self._studio(*new, "--template", case.template)
        epochs = f"plan.epochs={case.epochs}"
        more = ("data.split.test=0", "plan.device=cpu")
        self._studio("set", self._project, epochs, *more)
        self._batch, length = write_model(self._project, self._model)
        self.tokens = training_tokens(self._table, length)
        self.title = f"{case.template}, {case.rows:,} texts, batch {self._batch}"

    def ours(self) -> TextTurn:
        """dlstudio, which has not seen the texts before."""
        shutil.rmtree(self._project / ".cache", ignore_errors=True)
        return self._run("studio.py", self._project)

    def fit(self, steps: int, way: str) -> TextTurn:
        """`model.fit`.

        Args:
            steps: Of an execution.
            way: "mapped" or "cached".
        """
        given = (self._table, self._model, self._batch, self._case.epochs, steps, way)
        return self._run("texts_fit.py", *given)

    def best_steps(self, steps: tuple[int, ...]) -> int:
        """The value of `steps_per_execution` with the shortest later epochs."""
        if len(steps) == 1:
            return steps[0]
        found = {each: self.fit(each, "mapped").later.wall for each in steps}
        return min(found, key=lambda each: found[each])

    def _run(self, name: str, *arguments: object) -> TextTurn:
        command = [str(self._sides / name), *map(str, arguments)]
        laps = reported(process(command, self._path)[1])["laps"]
        epochs = [Spent(*lap[1:]) for lap in laps if lap[0] == "epoch"]
        before = [Spent(*lap[1:]) for lap in laps if lap[0] == "prepare"]
        first = [*before, epochs[0]]
        return TextTurn(
            Spent(sum(each.wall for each in first), sum(each.cpu for each in first)),
            Spent(
                statistics.median(each.wall for each in epochs[1:]),
                statistics.median(each.cpu for each in epochs[1:]),
            ),
        )

    def _studio(self, *arguments: object) -> None:
        command = [sys.executable, "-m", "dlstudio", *map(str, arguments)]
        done = subprocess.run(
            command, env=self._path, capture_output=True, encoding="utf-8"
        )
        if done.returncode:
            raise SystemExit(f"dlstudio {arguments[0]} has failed:\n{done.stderr}")


def write_model(project: Path, path: Path) -> tuple[int, int]:
    """Write the Keras model of a project as JSON, without weights and vocabulary.

    Returns:
        The batch size, and how many words of a text the model takes.
    """
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.storage import load_project
    from dlstudio.engine.model.build import build

    opened = load_project(project)
    path.write_text(build(opened.model, Catalog.load()).to_json(), "utf-8")
    words = opened.model.nodes["words"].params["output_sequence_length"]
    assert isinstance(words, int)
    return opened.plan.batch_size, words


def training_tokens(path: Path, length: int) -> int:
    """Words of the training texts that a model takes, without padding."""
    import polars as pl

    words = pl.read_csv(path)[TEXT].str.count_matches(" ") + 1
    taken = words.clip(upper_bound=length).sum()
    return round(taken * (1 - HELD_OUT))
