"""The project's data as the window sees it: opened, divided, examined, in jobs.

Each function is the work of a job. What it needs of `dlstudio.data` is imported there,
on the worker's thread; none of it needs TensorFlow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.plan import DataRecipe
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec, Value
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.workers.jobs import Ask, Cancelled

PARTS = ("train", "validation", "test")
OUT = 255  # a sample's part when it is left out

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Found:
    """Something to know about the data.

    Attributes:
        kind: Such as "truncated" or "duplicate".
        path: Id of a sample, or name of a folder or class; "" for all.
        message: One sentence.
    """

    kind: str
    path: str
    message: str

    @property
    def key(self) -> str:
        """How the recipe remembers that it was checked."""
        return f"{self.kind} {self.path}"


@dataclass(frozen=True)
class DataSet:
    """The samples of a source as it gives them, whatever the recipe does to them.

    Attributes:
        labels: int32 (n,), or uint8 (n, classes) if `multi_label`.
        splits: Part of each sample as the source says, or "".
        rows: Number of each sample by its id.
        height, width: Of a typical picture, in pixels.
        varying: The pictures have different sizes.
        channels: 1 where all are grey, else 3.
        complete: False for the first few, shown while the others are still counted.
        samples: What `dlstudio.data` made; for jobs alone.
    """

    source: Spec
    ids: tuple[str, ...]
    classes: tuple[str, ...]
    labels: npt.NDArray[Any]
    splits: npt.NDArray[np.str_]
    rows: Mapping[str, int] = field(repr=False)
    height: int = 0
    width: int = 0
    varying: bool = False
    channels: int = 3
    in_files: bool = True
    complete: bool = True
    samples: Any = field(default=None, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def lowered(self) -> tuple[str, ...]:
        """The ids in lower case, for searching."""
        return tuple(id.lower() for id in self.ids)

    @property
    def multi_label(self) -> bool:
        """Whether a sample may have any number of labels."""
        return self.labels.ndim == 2

    @property
    def has_splits(self) -> bool:
        """Whether the source says what is for training and what for testing."""
        return bool((self.splits != "").any())


@dataclass(frozen=True)
class Progress:
    """How far a job is."""

    done: int
    total: int


@dataclass(frozen=True)
class Division:
    """What a recipe's split comes to.

    Attributes:
        parts: Index into `PARTS` of each sample of the set, or `OUT`; uint8 (n,).
        counts: Samples per class and part, int64 (classes, 3).
        classes: With those that relabelling added.
        groups: How many groups stay together; 0 if each sample is by itself.
        problem: Why it cannot be divided so, or "".
    """

    parts: npt.NDArray[np.uint8]
    counts: npt.NDArray[np.int64]
    classes: tuple[str, ...]
    groups: int = 0
    problem: str = ""


@dataclass(frozen=True)
class Examined:
    """A look at every picture, kept to answer what it means under any recipe.

    Attributes:
        dataset: What was looked at.
        widths, heights: Pixels of each as stored, 0 where it cannot be read.
        contents: What tells copies: the same for the same bytes.
    """

    dataset: DataSet = field(repr=False, compare=False)
    widths: npt.NDArray[np.int32]
    heights: npt.NDArray[np.int32]
    contents: tuple[bytes, ...] = field(repr=False)
    looks: Any = field(repr=False, compare=False)


def open_dataset(ask: Ask, catalog: Catalog, source: Spec, base: Path) -> DataSet:
    """Open a source.

    Args:
        base: The project's folder; relative paths begin there.

    Raises:
        UserError: It is missing, cannot be read, or has no pictures.
    """
    from dlstudio.data.open_source import open_source
    from dlstudio.data.preview import preview

    first = preview(source, base)
    if first is not None:
        ask.tell(_dataset(source, first, complete=False))
    found = _dataset(source, open_source(source, catalog, base))
    if ask.should_stop():
        raise Cancelled
    return found


def recognise(
    ask: Ask, catalog: Catalog, paths: Sequence[Path], folder: Path | None
) -> DataSet:
    """Find out what dropped files or folders are, and open them.

    Args:
        folder: The project's; what lies near is named relative to it.

    Raises:
        UserError: They are nothing that is known, or cannot be read.
    """
    from dlstudio.data.relative import beside

    source = _guess([path.absolute() for path in paths])
    if folder is not None:
        source = beside(source, folder)
    return open_dataset(ask, catalog, source, folder or Path.cwd())


def _guess(paths: Sequence[Path]) -> Spec:
    from dlstudio.data.fileinfo import looks_like_picture
    from dlstudio.data.open_source import guess_source

    if len(paths) > 1 and all(path.is_dir() for path in paths):
        (parent, *others) = dict.fromkeys(path.parent for path in paths)
        if others:
            raise UserError(
                _("These folders do not lie beside each other."),
                _("Put one folder for each class into one folder, and drop that."),
            )
        names: Value = tuple(sorted(path.name for path in paths))
        params = FrozenMap({"path": parent.as_posix(), "classes": names})
        return Spec("dlstudio.sources.folder", params)
    if looks_like_picture(paths[0]):
        raise UserError(
            _("These are pictures without classes."),
            _(
                "Put the pictures of each class into a folder named after the class, "
                "and drop those folders together."
            ),
        )
    return guess_source(paths[0])


def _dataset(source: Spec, samples: Any, complete: bool = True) -> DataSet:
    from dlstudio.data.pillow_path import quiet_pillow
    from dlstudio.engine.templates.brief import brief_of

    with quiet_pillow():
        brief = brief_of("", source, samples)
    return DataSet(
        source=source,
        ids=samples.ids,
        classes=samples.classes,
        labels=samples.labels,
        splits=samples.splits,
        rows={id: row for row, id in enumerate(samples.ids)},
        height=brief.height,
        width=brief.width,
        varying=brief.varying,
        channels=brief.channels,
        in_files=not samples.in_arrays,
        complete=complete,
        samples=samples,
    )


def divide(
    _ask: Ask, dataset: DataSet, recipe: DataRecipe, examined: Examined | None = None
) -> Division:
    """Divide the samples as training will; a split that cannot be is told, not raised.

    Args:
        examined: Copies are known by it, which stay together.
    """
    from dlstudio.data.groups import kept_together
    from dlstudio.data.recipe import apply_recipe
    from dlstudio.data.split import split

    parts = np.full(len(dataset), OUT, np.uint8)
    classes = dataset.classes
    try:
        samples = apply_recipe(dataset.samples, recipe)
        classes = samples.classes
        rows = np.array([dataset.rows[id] for id in samples.ids], np.int64)
        copies = [examined.contents[row] for row in rows] if examined else None
        found = split(samples, recipe.split, copies, recipe.moved)
        for number, name in enumerate(PARTS):
            parts[rows[found[name]]] = number
        groups = 0
        if recipe.split.group_by:
            keys = kept_together(samples.ids, recipe.split, None)
            groups = len(set(keys)) if keys is not None else 0
        counts = np.stack(
            [samples.take(found[name]).counts() for name in PARTS], axis=1
        )
    except UserError as error:
        counts = np.zeros((len(classes), len(PARTS)), np.int64)
        return Division(parts, counts, classes, 0, str(error))
    return Division(parts, counts, classes, groups)


def examine(ask: Ask, dataset: DataSet) -> Examined:
    """Look at every picture; told in `Progress`.

    Raises:
        Cancelled: It was asked to stop.
    """
    from dlstudio.data.scan import look_at_all
    from dlstudio.data.work import Stopped

    total = len(dataset)
    step = max(1, total // 200)

    def progress(done: int, _of: int) -> None:
        if done % step < 16 or done == total:
            ask.tell(Progress(done, total))

    try:
        looks = look_at_all(dataset.samples, progress, ask.should_stop)
    except Stopped:
        raise Cancelled from None
    return Examined(
        dataset,
        np.array([each.width for each in looks], np.int32),
        np.array([each.height for each in looks], np.int32),
        tuple(each.content or str(row).encode() for row, each in enumerate(looks)),
        looks,
    )


def findings(
    _ask: Ask, dataset: DataSet, examined: Examined, recipe: DataRecipe
) -> tuple[Found, ...]:
    """What is wrong once the recipe has done its part: what it cures is gone."""
    from dlstudio.data.recipe import apply_recipe
    from dlstudio.data.scan import summed_up

    samples = apply_recipe(dataset.samples, recipe)
    rows = [dataset.rows[id] for id in samples.ids]
    splits = samples.splits.copy()
    for row, id in enumerate(samples.ids):
        splits[row] = recipe.moved.get(id, splits[row])
    looks = [examined.looks[row] for row in rows]
    found = summed_up(replace(samples, splits=splits), looks).findings
    return tuple(Found(each.kind, each.path, each.message) for each in found)


def notes(dataset: DataSet) -> tuple[Found, ...]:
    """What was met while reading, before any picture was looked at."""
    noted = dataset.samples.notes
    return tuple(Found(each.kind, each.path, each.message) for each in noted)


def fit_model(_ask: Ask, catalog: Catalog, dataset: DataSet, name: str) -> Project:
    """A project whose model and plan are sized to the data."""
    from dlstudio.data.pillow_path import quiet_pillow
    from dlstudio.engine.templates import make_project
    from dlstudio.engine.templates.brief import brief_of

    with quiet_pillow():
        brief = brief_of(name, dataset.source, dataset.samples)
    return make_project(catalog["dlstudio.templates.image-cnn"], brief)
