"""Comparing and reporting of benchmarks, independent of this machine."""

from __future__ import annotations

import json
import math
import re
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
README = HERE.parents[1] / "README.md"


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HERE))


def compared(what: str, ours: list[float], theirs: list[float]) -> Any:
    """A comparison whose CPU time is twice the wall time on our side."""
    from comparison import Comparison, Spent

    return Comparison(
        what,
        "a script",
        tuple(Spent(each, 2 * each) for each in ours),
        tuple(Spent(each, each) for each in theirs),
    )


def test_a_ratio_is_that_of_the_medians_with_the_range_of_the_turns() -> None:
    ratio = compared("x", [1.0, 2.0, 4.0], [4.0, 2.0, 3.0]).ratio("wall")
    assert (ratio.least, ratio.median, ratio.most) == (0.75, 1.5, 4.0)
    assert ratio.text() == "1.50 (0.75–4.00)"


def test_comparisons_are_sorted_by_the_smaller_of_wall_and_cpu_ratio() -> None:
    from report import ratios

    table = ratios([compared("fast", [1.0], [8.0]), compared("slow", [1.0], [3.0])])
    _head, _line, first, second = table.splitlines()
    assert first == "| slow | a script | 3.00 (3.00–3.00) | 1.50 (1.50–1.50) |"
    assert second.startswith("| fast |")


def test_cpu_time_that_is_not_counted_is_a_dash() -> None:
    from comparison import Comparison, Spent

    nothing = (Spent(1.0, math.nan),)
    made = Comparison("x", "y", nothing, nothing)
    assert made.ratio("cpu").text() == "–"
    assert made.smallest == 1.0


def test_json_holds_everything() -> None:
    from comparison import Comparison

    made = compared("x", [1.0, 2.0], [3.0, 4.0])
    assert Comparison.from_json(json.loads(json.dumps(made.to_json()))) == made


def test_sides_take_turns() -> None:
    from comparison import in_turns

    seen: list[str] = []
    found = in_turns({"a": lambda: 1, "b": lambda: 2}, 2, seen.append)
    assert seen == ["a", "b", "a", "b"]
    assert found == {"a": [1, 1], "b": [2, 2]}


def test_a_process_is_measured_with_its_children() -> None:
    from comparison import COUNTED, process, reported

    work = "sum(range(10**6))"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{work}'])"
    spent, output = process(["-c", f"{child}; print('[1]')"])
    assert reported(output) == [1]
    assert spent.wall > 0
    assert spent.cpu > 0 if COUNTED else math.isnan(spent.cpu)


def test_a_process_that_fails_says_why() -> None:
    from comparison import process

    with pytest.raises(SystemExit, match="no such thing"):
        process(["-c", "raise ValueError('no such thing')"])


class Watched:
    """A machine with given load."""

    def __init__(self, warnings: list[str]) -> None:
        self._warnings = warnings

    def warnings(self) -> list[str]:
        return self._warnings

    def others(self) -> float:
        return 0.0


@pytest.mark.parametrize("markdown", [True, False])
def test_processor_and_warnings_come_first(
    capsys: pytest.CaptureFixture[str], markdown: bool
) -> None:
    from machine import describe, processor
    from report import show

    given = Namespace(json=False, markdown=markdown)
    show(given, [compared("x", [1.0], [2.0])], Watched(["It is not quiet."]))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Measured on: {describe()}."
    assert processor() in lines[0] and "TensorFlow" in lines[0]
    assert lines[2] == "**It is not quiet.**"
    assert ("| what | side |" in "\n".join(lines)) is not markdown


def test_others_on_the_machine_are_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    import machine

    busy = iter([0.0, 1e6])
    monkeypatch.setattr(machine.psutil, "cpu_percent", lambda _seconds: 0.0)
    monkeypatch.setattr(machine, "_busy", lambda: next(busy))
    (warning,) = machine.Quiet().warnings()
    assert "100 %" in warning and "load average" in warning


def test_a_quiet_machine_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    import machine

    monkeypatch.setattr(machine.psutil, "cpu_percent", lambda _seconds: 0.0)
    monkeypatch.setattr(machine, "_busy", lambda: 0.0)
    assert machine.Quiet().warnings() == []


def test_readme_results_are_replaced_between_its_comments() -> None:
    import readme

    result = {
        "machine": "A processor",
        "comparisons": [compared("x", [1.0], [2.0]).to_json()],
    }
    figures = readme.section({"bench_training.py": result})
    text = readme.replaced(README.read_text("utf-8"), figures)
    assert "Measured on: A processor." in text
    assert "| x | a script | 2.00 (2.00–2.00) | 1.00 (1.00–1.00) |" in text
    assert readme.replaced(text, "others") == readme.replaced(
        README.read_text("utf-8"), "others"
    )


def test_benchmarks_that_the_readme_names_are_there() -> None:
    named = re.findall(r"tests/benchmarks/(\w+\.py)", README.read_text("utf-8"))
    assert {"readme.py", "bench_memory.py"} <= set(named)
    assert all((HERE / name).is_file() for name in named)


def test_real_images_are_repeated_to_the_size(tmp_path: Path) -> None:
    from training_cases import CLASSES, STEADY, read_images, write_data

    np, image = pytest.importorskip("numpy"), pytest.importorskip("PIL.Image")
    for label in range(CLASSES):
        folder = tmp_path / "images" / f"class {label}"
        folder.mkdir(parents=True)
        image.new("L", (8, 8), label).save(folder / "1.png")
    case = STEADY[0]
    images = read_images(tmp_path / "images", case.shape)
    write_data(tmp_path / "made.npz", case, images)
    with np.load(tmp_path / "made.npz") as made:
        assert made["x_train"].shape == (case.samples, *case.shape)
        assert (made["x_train"][:, 0, 0, 0] == made["y_train"]).all()
        assert len(made["x_val"]) == len(made["y_val"]) == case.samples // 6
