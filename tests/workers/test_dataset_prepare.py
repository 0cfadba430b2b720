"""Preparing as a job: with TensorFlow, progress and cancellation."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6")

from small_images import class_folders, write

from dlstudio.catalog.store import Catalog
from dlstudio.document.plan import DataRecipe
from dlstudio.document.project import Project
from dlstudio.workers.dataset import Dataset
from dlstudio.workers.dataset_files import prepare_data
from dlstudio.workers.dataset_opener import fit_model, recognise
from dlstudio.workers.image_files import find_changes
from dlstudio.workers.jobs import Cancelled

CATALOG = Catalog.load()


class FakeContext:
    """A stand-in for `ReportingContext`."""

    def __init__(self, stop: bool = False) -> None:
        self.reported: list[Any] = []
        self.cancel_event = threading.Event()
        if stop:
            self.cancel_event.set()

    def should_stop(self) -> bool:
        return self.cancel_event.is_set()

    def report(self, event: Any) -> None:
        self.reported.append(event)


@pytest.fixture
def pets(tmp_path: Path) -> tuple[Project, Dataset]:
    root = class_folders(tmp_path / "pets", count=6)
    write(root / "dog/broken.png", b"\x89PNG\r\n\x1a\nnothing")
    dataset = recognise(FakeContext(), CATALOG, [root], tmp_path)
    project = fit_model(FakeContext(), CATALOG, dataset, "pets")
    return replace(project, data=DataRecipe(source=dataset.source)), dataset


def test_images_are_prepared_and_changes_then_noticed(
    pets: tuple[Project, Dataset], tmp_path: Path
) -> None:
    project, dataset = pets
    context = FakeContext()
    ready = prepare_data(context, CATALOG, project, tmp_path)
    assert ready.ready == 12
    assert [name for name, _reason in ready.skipped] == ["dog/broken.png"]
    assert context.reported[-1].done == context.reported[-1].total == 13
    assert not find_changes(FakeContext(), dataset, project.data, tmp_path)
    (tmp_path / "pets/cat/0.png").unlink()
    again = recognise(FakeContext(), CATALOG, [tmp_path / "pets"], tmp_path)
    changes = find_changes(FakeContext(), again, project.data, tmp_path)
    assert len(changes.gone) == 1 and not changes.added and not changes.changed


def test_preparing_can_be_stopped(
    pets: tuple[Project, Dataset], tmp_path: Path
) -> None:
    with pytest.raises(Cancelled):
        prepare_data(FakeContext(stop=True), CATALOG, pets[0], tmp_path)
