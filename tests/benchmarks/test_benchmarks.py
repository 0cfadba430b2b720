"""Every benchmark runs and has the expected output; results are not checked.

Those that start many programs with TensorFlow run in this process, and their programs
in processes that have it already.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from warm_processes import WarmProcesses

pytest.importorskip("PySide6")

HERE = Path(__file__).resolve().parent


def printed(name: str, *options: str) -> str:
    """Output of a benchmark."""
    done = subprocess.run(
        [sys.executable, str(HERE / name), *options],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"},
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def found(name: str, *options: str) -> Any:
    """JSON output of a benchmark."""
    return json.loads(printed(name, "--quick", "--json", *options))


Measured = Callable[..., str]


@pytest.fixture
def measured(
    warm: WarmProcesses,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Measured:
    """Runs a benchmark in this process; returns its output."""
    usual = subprocess.run

    def run(command: Sequence[str], **options: Any) -> Any:
        if command[0] != sys.executable or command[1] == "-c":
            return usual(command, **options)
        return warm.run(command[1:], options["env"])

    def call(name: str, *options: str) -> str:
        benchmark = importlib.import_module(name)
        capsys.readouterr()
        assert benchmark.main(["--quick", *options]) == 0
        return capsys.readouterr().out

    monkeypatch.setattr(sys, "path", [str(HERE), *sys.path])
    importlib.import_module("machine")
    monkeypatch.setattr("machine.LOOK", 0.01)
    monkeypatch.setattr(subprocess, "run", run)
    return call


IN_THIS_PROCESS = ("accuracy", "images", "memory", "training", "texts", "transfer")


@pytest.mark.parametrize("name", IN_THIS_PROCESS)
def test_it_is_a_program(name: str) -> None:
    assert "--quick" in printed(f"bench_{name}.py", "--help")


def sides(result: Any) -> list[tuple[str, str]]:
    """The compared sides, after a check of each result."""
    assert result["machine"] and 0 <= result["others"] <= 1
    ratios = []
    for each in result["comparisons"]:
        turns = [each[f"{side}_wall"] for side in ("ours", "theirs")]
        assert len(turns[0]) == len(turns[1]) and min(map(min, turns)) > 0
        ratios.append(min(each["wall_ratio"], each["cpu_ratio"]))
    assert ratios == sorted(ratios), "the smallest is told first"
    return [(each["what"], each["against"]) for each in result["comparisons"]]


@pytest.mark.slow
def test_training(measured: Measured) -> None:
    result = json.loads(measured("bench_training", "--json", "--rounds", "1"))
    what = "digits CNN 8×8, batch 32, "
    good, simple = "`tf.data`, `steps_per_execution=1`", "`model.fit(x, y)`"
    assert sorted(sides(result)) == [
        (f"{what}later epochs", simple),
        (f"{what}later epochs", good),
        (f"{what}start to end", simple),
        (f"{what}start to end", good),
    ]


@pytest.mark.slow
def test_images(measured: Measured) -> None:
    table = measured("bench_images", "--rounds", "1", "--markdown")
    head, *_rest = table.splitlines()
    assert head.startswith("Measured on: ") and "Keras" in head
    rows = [each for each in table.splitlines() if each.startswith("|")]
    assert len(rows) == 8 and {each.count("|") for each in rows} == {5}
    assert sum("`image_dataset_from_directory`" in each for each in rows) == 6


def test_startup() -> None:
    assert len(sides(found("bench_startup.py"))) == 2


@pytest.mark.slow
def test_memory(measured: Measured) -> None:
    result = json.loads(measured("bench_memory", "--json"))
    assert result["images"] == 60 and 0 < result["bare_mib"] <= result["peak_mib"]


def test_canvas() -> None:
    table = printed("bench_canvas.py", "--quick")
    for row in ("open", "pan at 100 %", "zoom in", "add a node", "undo adding a node"):
        assert f"| {row}" in table


def test_edits() -> None:
    machine, head, titles, *rows = printed("bench_edit.py", "--quick").splitlines()
    assert "cores" in machine and "100 layers" in head and "median" in titles
    assert len(rows) == 8
    for row in rows:
        assert float(row[34:43]) >= 150, "the rest of 150 ms is in every figure"


def test_graphs() -> None:
    machine, head, *rows = printed("bench_graphs.py", "--quick").splitlines()
    assert "cores" in machine and "800 layers" in head and "500" in head
    kinds = [row.split()[0] for row in rows]
    assert kinds == ["arrange", "draw"] * 3 + ["edit"] * 2
    assert all(float(row[34:43]) > 0 for row in rows)


def test_gallery() -> None:
    result = found("bench_gallery.py")
    assert result["images"] == 600 and result["first_seconds"] > 0
    assert set(result["scrolling"]) == {"slow", "fast", "jumping"}
    assert len(result["filters"]) == 5


def test_table_view() -> None:
    result = found("bench_table_view.py")
    assert result["rows"] == 5000 and result["first_seconds"] > 0
    assert set(result["scrolling"]) == {"slow", "fast", "jumping"}
    assert set(result["filters"]) == {"text", "split"}


def test_tables() -> None:
    result = found("bench_tables.py", "--rounds", "1", "--part", "read")
    ((_what, peaks),) = result["peaks"].items()
    assert min(peaks["dlstudio"]) > 0 and result["bytes"] > 100_000
    assert ("`pandas.read_csv`" in peaks) == result["pandas"] == bool(sides(result))
    missing = ("--quick", "--rounds", "1", "--part", "read", "--pandas", "nowhere")
    table = printed("bench_tables.py", *missing)
    assert "| dlstudio |" in table
    assert ("pandas is not installed" in table) != result["pandas"]


@pytest.mark.slow
def test_prepared_and_trained_tables(measured: Measured) -> None:
    given = ("--rounds", "1", "--part", "prepared", "--part", "train")
    compared = dict(sides(json.loads(measured("bench_tables", "--json", *given))))
    assert "400 rows, batch 16, later epochs" in compared and len(compared) == 2


def test_scanned_texts() -> None:
    small, large = found("bench_texts.py", "--part", "scan")["scans"]
    assert (small["rows"], large["rows"]) == (2000, 6000)
    assert 2 < large["bytes"] / small["bytes"] < 4
    for each in (small, large):
        assert min(each[f"{name}_seconds"] for name in ("read", "scan")) > 0
        assert each["above"] > 0


@pytest.mark.slow
def test_trained_texts(measured: Measured) -> None:
    given = ("--json", "--rounds", "1", "--part", "train")
    result = json.loads(measured("bench_texts", *given))
    what = "text-cnn, 300 texts, batch 8, "
    scripts = ("`tf.data`", "`tf.data`, `cache`")
    epochs = [f"{what}{each}" for each in ("first epoch", "later epochs")]
    assert sorted(sides(result)) == [(e, script) for e in epochs for script in scripts]
    rates = result["tokens_per_second"]
    assert len(rates) == 6 and min(each["tokens"] for each in rates) > 0
    assert result["missed"] == []


@pytest.mark.slow
def test_transfer(measured: Measured) -> None:
    result = json.loads(measured("bench_transfer", "--json"))
    assert len(result["turns"]) == len(result["sides"]) == 2 and result["ratio"] > 0
    assert all(0 <= each["accuracy"] <= 1 for each in result["turns"])


@pytest.mark.slow
def test_accuracy(measured: Measured) -> None:
    result = json.loads(measured("bench_accuracy", "--json"))
    assert set(result["means"]) == {"numbers"} and result["machine"]


@pytest.mark.slow
def test_lateness() -> None:
    result = found("bench_lateness.py")
    assert (result["model"], result["process"]) == ("cnn", "child")
    assert result["outcome"] == "succeeded"
    assert 0 <= result["p99_ms"] <= result["max_ms"] and result["ticks"] > 10
    assert result["own_ms"] > 0


@pytest.mark.slow
def test_train_room() -> None:
    result = found("bench_train_room.py")
    assert result["bytes_per_step"] <= 64
    for name in ("redraw_ms", "stop_seconds", "pause_seconds", "closing_seconds"):
        assert result[name] > 0
    assert result["stop_in_validation"] > 0 and result["pause_in_validation"] > 0
    assert result["epoch_seconds_watched"] > 0
