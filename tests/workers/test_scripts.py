"""Scripts are written without TensorFlow, even while it is loading."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.project import MODEL, Project
from dlstudio.workers.scripts import ScriptWriter
graph = Graph.chain(
    [node("x", INPUT, shape=[4]), node("d", "keras.layers.Dense", units=2)]
)
project = Project().with_graph(MODEL, graph)
script = ScriptWriter(Catalog.load()).write(None, project, None)
loaded = [n for n in sys.modules if n.split(".")[0] in ("tensorflow", "keras")]
assert not loaded, loaded
assert "layers.Dense(units=2" in script.text
first, last = script.lines[MODEL]["d"]
assert script.text.splitlines()[first - 1].strip().startswith("d = ")
print("written")
"""


def test_a_script_needs_no_tensorflow() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True
    )
    assert done.stdout.strip() == "written", done.stderr
