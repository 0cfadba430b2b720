"""Seeds are reproducible while other threads create layers."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from tiny import random_graph

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import MODEL, Project
from dlstudio.engine.model.build import build
from dlstudio.engine.runtime.seeds import seeded, values_of
from dlstudio.engine.shapes.graph import ShapeInference


def _built(project: Project, catalog: Catalog) -> list[Any]:
    with seeded(7):
        return values_of(build(project, catalog).variables)


def test_looking_at_shapes_meanwhile_leaves_the_weights_as_they_were() -> None:
    catalog = Catalog.load()
    project = Project().with_graph(MODEL, random_graph())
    alone = _built(project, catalog)
    ended = threading.Event()
    looks = 0

    def look() -> None:
        nonlocal looks
        while not ended.is_set():
            ShapeInference().infer(project.model, catalog)
            looks += 1

    other = threading.Thread(target=look)
    other.start()
    try:
        rounds = [_built(project, catalog) for _round in range(5)]
    finally:
        ended.set()
        other.join()
    assert looks
    for weights in rounds:
        for one, another in zip(alone, weights, strict=True):
            np.testing.assert_array_equal(one, another)


def test_another_seed_gives_other_weights() -> None:
    catalog = Catalog.load()
    project = Project().with_graph(MODEL, random_graph())
    with seeded(8):
        other = values_of(build(project, catalog).variables)
    pairs = zip(_built(project, catalog), other, strict=True)
    same = [np.array_equal(one, another) for one, another in pairs]
    assert not all(same)
