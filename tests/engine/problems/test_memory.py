"""Models and batches that do not fit into memory."""

from __future__ import annotations

from types import SimpleNamespace

import psutil
import pytest
from drawn import FACTS, FLATTEN, SCALE, dense, good, head, image, project

from dlstudio.catalog.store import Catalog
from dlstudio.document.problems import Problem
from dlstudio.document.project import Project
from dlstudio.engine.problems.check import check
from dlstudio.engine.shapes.graph import ShapeInference

CATALOG = Catalog.load()
GB = 10**9


def found(made: Project) -> list[Problem]:
    every = check(made, CATALOG, ShapeInference(), FACTS)
    return [each for each in every if each.code.startswith("memory")]


def has(monkeypatch: pytest.MonkeyPatch, total: int, available: int) -> None:
    ram = SimpleNamespace(total=total, available=available)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: ram)


def test_a_model_beyond_all_memory_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    has(monkeypatch, 16 * GB, 8 * GB)
    huge = dense("huge", units=10**12)
    (problem,) = found(project([image(), SCALE, FLATTEN, huge, head()]))
    assert problem.severity == "error" and problem.node == "huge"
    assert "this computer has 16.0 GB" in problem.message
    assert "Reduce the size of the layer huge" in problem.message
    assert "155,000,000,000,010 parameters" in problem.message


def test_what_is_not_free_now_is_a_warning_with_a_batch_that_fits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    has(monkeypatch, 16 * GB, 2 * 10**6)
    made = good(batch_size=4096)
    (problem,) = found(made)
    assert problem.severity == "warning" and "batch size of 4096" in problem.message
    (fix,) = problem.fixes
    for edit in fix.edits:
        made = edit.apply(made)
    assert 1 <= made.plan.batch_size < 4096
    assert not found(made)


def test_what_fits_is_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    has(monkeypatch, 16 * GB, 8 * GB)
    assert not found(good())
