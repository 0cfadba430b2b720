"""Parameters of data sources as options of `scan` and `new`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_images import encoded, photo, write

from dlstudio.catalog.sources import SOURCES
from dlstudio.cli.source_options import GIVEN_BY_DATA, option_name
from dlstudio.document.storage import load_project
from tests.cli.conftest import Run


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table of images that does not say which column has the classes."""
    rows = ["where,size,what"]
    for number in range(24):
        write(tmp_path / f"{number}.png", encoded(photo(number)))
        size, what = ("big", "small")[number % 2], ("cat", "dog, wet")[number % 2]
        rows.append(f'{number}.png,{size},"{what}"')
    return write(tmp_path / "table.csv", "\n".join(rows).encode())


@pytest.mark.parametrize("command", ["scan", "new"])
def test_every_parameter_of_a_source_is_an_option(run: Run, command: str) -> None:
    text = run(command, "--help").out
    names = {p.name for source in SOURCES for p in source.params}
    for name in names - set(GIVEN_BY_DATA):
        assert option_name(name) in text


def test_a_table_is_read_by_the_source_that_has_the_options(
    run: Run, table: Path
) -> None:
    kinds = {
        each["name"]: each["kind"]
        for each in run("scan", table, "--json").json["columns"]
    }
    types = {name: kind.rpartition(".")[2] for name, kind in kinds.items()}
    assert types == {"where": "image", "size": "category", "what": "category"}
    by_option = run("scan", table, "--label-columns", "what", "--json")
    by_setting = run("scan", table, "--set", "data.source.label_columns=what", "--json")
    assert by_option.json == by_setting.json
    assert by_option.json["classes"] == {"cat": 12, "dog, wet": 12}


def test_several_options_make_one_source(run: Run, table: Path, tmp_path: Path) -> None:
    options = ("--label-columns=what", "--separator", ",", "--ignore-case")
    done = run(
        *("new", tmp_path / "p", "--template", "image-cnn", "--data", table), *options
    )
    assert done.status == 0, done.err
    source = load_project(tmp_path / "p").data.source
    assert dict(source.params) == {
        "path": "../table.csv",
        "label_columns": ("what",),
        "separator": ",",
        "ignore_case": True,
    }


def test_what_does_not_fit_is_refused(run: Run, table: Path, tmp_path: Path) -> None:
    for options, word in [
        (["--layout", "classes"], "table has no setting “layout”"),
        (["--encoding", "klingon"], "encoding must be one of"),
        (["--set", "data.split.seed=1"], "not a parameter of the data source"),
        (["--set", "data.source.separator"], "is not a valid setting"),
    ]:
        done = run("scan", table, *options)
        assert done.status == 1 and word in done.err
    made = run("new", tmp_path / "p", "--template", "digits-cnn", "--separator", ",")
    assert made.status == 1 and "but no data" in made.err


def test_a_second_file_is_named_from_here(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pixels = np.arange(24 * 64, dtype=np.uint8).reshape(24, 8, 8)
    np.save(tmp_path / "pixels.npy", pixels)
    np.save(tmp_path / "truth.npy", np.arange(24) % 2)
    done = run(
        *("new", "deep/p", "--template", "image-mlp", "--data", "pixels.npy"),
        *("--labels", "truth.npy"),
    )
    assert done.status == 0, done.err
    params = load_project(tmp_path / "deep" / "p").data.source.params
    assert dict(params) == {"path": "../../pixels.npy", "labels": "../../truth.npy"}


def test_fixes_of_findings_are_written_as_options(run: Run, table: Path) -> None:
    rows = table.read_text("utf-8").replace("dog, wet", "cat, wet")
    table.write_text(rows, "utf-8")
    text = run("scan", table, "--label-columns=what").out
    assert "--separator=," in text
    fixed = run("scan", table, "--label-columns=what", "--separator=,", "--json")
    assert fixed.json["classes"] == {"cat": 24, "wet": 12}
