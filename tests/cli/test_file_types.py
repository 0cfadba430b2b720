"""`file-types`: register the window for Keras models, and remove that."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.mark.skipif(sys.platform != "linux", reason="is for desktops of Linux")
def test_keras_models_are_registered_for_the_user_and_removed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")  # the databases are updated in another test
    assert "not registered" in run("file-types").out
    shown = run("file-types", "register").out
    assert "can open Keras models" in shown
    assert str(tmp_path / "applications" / "dlstudio.desktop") in shown
    found = run("file-types", "--json").json
    assert found["registered"] and len(found["places"]) == 3
    assert "not registered" in run("file-types", "remove").out
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
