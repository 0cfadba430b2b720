"""Paths of data as stored in a project."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_images import CATALOG

from dlstudio.data.relative_paths import relative_source
from dlstudio.document.values import FrozenMap, Spec


def source(path: str) -> Spec:
    return Spec("dlstudio.sources.folder", FrozenMap({"path": path}))


@pytest.mark.parametrize(
    ("data", "written"),
    [
        ("work/pets/pictures", "pictures"),
        ("work/pictures", "../pictures"),
        ("pictures", "../../pictures"),
    ],
)
def test_what_lies_near_goes_with_the_project(
    tmp_path: Path, data: str, written: str
) -> None:
    found = relative_source(
        source(str(tmp_path / data)), tmp_path / "work" / "pets", CATALOG
    )
    assert found.params["path"] == written


def test_what_lies_far_away_stays_where_it_is(tmp_path: Path) -> None:
    far = source(str(tmp_path / "pictures"))
    assert relative_source(far, tmp_path / "a" / "b" / "c", CATALOG) is far


def test_a_source_without_a_path_stays_as_it_is(tmp_path: Path) -> None:
    digits = Spec("dlstudio.sources.digits")
    assert relative_source(digits, tmp_path, CATALOG) is digits


def test_every_path_of_a_source_goes_with_the_project(tmp_path: Path) -> None:
    params = {"path": str(tmp_path / "x.npy"), "labels": str(tmp_path / "y.npy")}
    arrays = Spec("dlstudio.sources.arrays", FrozenMap(params))
    found = relative_source(arrays, tmp_path, CATALOG)
    assert dict(found.params) == {"path": "x.npy", "labels": "y.npy"}
