"""The program that loads an export exits cleanly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from dlstudio.engine.export import verification_runner

JOB = {
    "load": "import numpy as np",
    "entries": [
        {"name": "serve", "takes": "pixels", "code": "scores = images[:, 0, 0, :]"}
    ],
    "runtime": ["numpy"],
    "batch": 2,
    "stored": {"pixels": {"variable": "images", "file": "pixels.npy"}},
    "paths": [path for path in sys.path if path.endswith("-packages")],
}


def test_it_ends_with_its_status_while_the_parent_is_there(tmp_path: Path) -> None:
    """Standard input is kept open, as by the parent."""
    (tmp_path / "job.json").write_text(json.dumps(JOB), "utf-8")
    np.save(tmp_path / "pixels.npy", np.zeros((2, 4, 4, 3), np.uint8))
    with subprocess.Popen(
        [sys.executable, "-I", str(verification_runner.__file__), str(tmp_path)],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        status = process.wait(120)
        assert process.stderr is not None
        errors = process.stderr.read()
    assert (status, errors) == (0, "")
    assert "error" not in json.loads((tmp_path / "answer.json").read_text("utf-8"))
