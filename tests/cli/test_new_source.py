"""A data source that is described and implemented is available on the command line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from small_images import CATALOG
from toy_source import DESCRIPTION, write_brightness
from warm_processes import WarmProcesses

from dlstudio.catalog.store import Catalog
from dlstudio.data.guess_source import guess_source
from dlstudio.data.open_source import open_source

SUPPORT = Path(__file__).parents[1] / "support"
ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys, toy_source
toy_source.register()
from dlstudio.cli import main
sys.exit(main())
"""


Dlstudio = Callable[..., str]


@pytest.fixture
def dlstudio(warm: WarmProcesses, tmp_path: Path) -> Dlstudio:
    """Runs the command line with the toy source among the shipped ones."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, "utf-8")
    paths = [str(SUPPORT), str(ROOT), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}

    def run(*arguments: str) -> str:
        done = warm.run([str(program), *arguments], environment, tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_it_is_recognized_and_read(tmp_path: Path) -> None:
    catalog = Catalog([*CATALOG, DESCRIPTION])
    path = write_brightness(tmp_path / "gray.BRIGHT")
    spec = guess_source(path, catalog)
    assert (spec.kind, spec.params["path"]) == (DESCRIPTION.kind, path.as_posix())
    samples = open_source(spec, catalog, tmp_path)
    assert len(samples) == 40 and samples.classes == ("dark", "light")


@pytest.mark.parametrize("command", ["scan", "new"])
def test_help_lists_its_options(dlstudio: Dlstudio, command: str) -> None:
    text = " ".join(dlstudio(command, "--help").split())
    assert "--image-side INT" in text
    assert "Width and height of the images in pixels." in text
    assert command == "scan" or "a list of gray values" in text


def test_a_project_of_it_is_trained(dlstudio: Dlstudio, tmp_path: Path) -> None:
    data = write_brightness(tmp_path / "gray.bright").name
    listed = {each["kind"] for each in json.loads(dlstudio("sources", "--json"))}
    assert DESCRIPTION.kind in listed
    found = json.loads(dlstudio("scan", data, "--image-side=4", "--json"))
    assert found["classes"] == {"dark": 20, "light": 20}
    made = ("--template", "image-mlp", "--data", data, "--image-side=4")
    dlstudio("new", "project", *made)
    saved = json.loads((tmp_path / "project" / "project.json").read_text("utf-8"))
    assert saved["data"]["source"] == {
        "kind": DESCRIPTION.kind,
        "params": {"path": "../gray.bright", "image_side": 4},
    }
    dlstudio("train", "project", "--epochs=1")
    (run,) = (tmp_path / "project" / "runs").iterdir()
    assert (run / "model.keras").is_file()
