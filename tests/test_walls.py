"""Import rules between packages, and heavy imports that light commands must avoid."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from dlstudio.catalog.features import FEATURES
from dlstudio.catalog.heads import HEADS

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("tensorflow", "keras", "PySide6", "pyqtgraph", "sklearn.linear_model")

# Runs one command line and prints which heavy modules it has imported.
PROBE = """
import contextlib, io, sys
from dlstudio.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    status = main(sys.argv[2:])
print(status, *[name for name in sys.argv[1].split(",") if name in sys.modules])
"""


def test_every_package_imports_only_what_stands_to_its_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(
        config_filename=str(ROOT / "pyproject.toml"), cache_dir=None, no_cache=True
    )
    assert status == 0


def test_every_feature_type_and_head_is_kept_from_the_others() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    contracts = text.split("[[tool.importlinter.contracts]]")
    independent = "".join(each for each in contracts if '"independence"' in each)
    kept = set(re.findall(r'"(dlstudio\.[\w.]+)"', independent))
    found = set()
    for description in (*FEATURES, *HEADS):
        family = description.family
        found.add(f"dlstudio.catalog.{family}.{description.name}")
        parts = description.implementations
        # Views of heads may share what they show.
        view = parts.view if family == "features" else ""
        for part in (parts.data, parts.engine, view):
            module = part.partition(":")[0]
            if module and (ROOT / (module.replace(".", "/") + ".py")).exists():
                found.add(module)
    assert found == kept


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["layers"], ["templates"], ["runs", "{project}"], ["scan", "digits"]],
    ids=lambda arguments: arguments[0],
)
def test_light_commands_import_nothing_heavy(
    arguments: list[str], digits_project: Path
) -> None:
    given = [each.format(project=digits_project) for each in arguments]
    assert loaded(HEAVY, given) == ["0"]


def test_help_imports_neither_numpy_nor_pydantic_nor_projects() -> None:
    names = ("numpy", "pydantic", "PIL", "rich", "dlstudio.document.graph")
    assert loaded(names, ["--help"]) == ["0"]


def test_data_and_the_engine_work_where_qt_is_not_installed() -> None:
    modules = (
        "dlstudio.data.images.prepare",
        "dlstudio.engine.training.trainer",
        "dlstudio.engine.export.verified_export",
    )
    check = "print(len([m for m in sys.modules if 'PySide' in m]))"
    lines = ["import sys", *(f"import {each}; {check}" for each in modules)]
    assert output([sys.executable, "-c", "\n".join(lines)]).split() == ["0"] * 3


def loaded(names: tuple[str, ...], arguments: list[str]) -> list[str]:
    command = [sys.executable, "-c", PROBE, ",".join(names), *arguments]
    return output(command).split()


def output(command: list[str]) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
