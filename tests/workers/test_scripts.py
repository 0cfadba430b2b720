"""Scripts are written without TensorFlow, even while it is loading."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
assert "pandas" not in script.text
first, last = script.lines[MODEL]["d"]
assert script.text.splitlines()[first - 1].strip().startswith("d = ")

import pathlib
from dataclasses import replace
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.plan import DataRecipe
from dlstudio.document.values import FrozenMap, Spec
table = pathlib.Path(sys.argv[1]) / "table.csv"
table.write_text("x,when,y\\n1,2020-01-01,a\\n2,2021-02-03,b\\n3,2020-01-02,a\\n")
kinds = {"x": "number", "when": "date", "y": "category"}
features = {k: Feature("dlstudio.features." + v) for k, v in kinds.items()}
source = Spec("dlstudio.sources.table", FrozenMap({"path": str(table)}))
graph = Graph.chain(
    [node("when", INPUT, shape=[8]), node("d", "keras.layers.Dense", units=2)]
)
project = replace(
    project.with_graph(MODEL, graph),
    data=DataRecipe(source, features=FrozenMap(features)),
    inputs=(InputBinding("when"),),
    outputs=(OutputBinding("y"),),
)
writer = ScriptWriter(Catalog.load())
script = writer.write(None, project, None)
assert "pd.read_csv" in script.text, script.text
assert writer.write(None, project, None) == script

listing = pathlib.Path(sys.argv[1]) / "labels.csv"
listing.write_text("file,label\\na.png,x\\nb.png,y\\nc.png,x\\n")
for name in "abc":
    listing.with_name(name + ".png").write_bytes(name.encode())
graph = Graph.chain(
    [
        node("image", INPUT, shape=[8, 8, 1]),
        node("flat", "keras.layers.Flatten"),
        node("d", "keras.layers.Dense", units=2),
    ]
)
images = Project().with_graph(MODEL, graph)
for kind, params in (("csv", {"path": str(listing)}), ("digits", {})):
    source = Spec("dlstudio.sources." + kind, FrozenMap(params))
    script = writer.write(None, replace(images, data=DataRecipe(source)), None)
    assert "def split_images" in script.text, script.text
loaded = [n for n in sys.modules if n.split(".")[0] in ("tensorflow", "keras")]
assert not loaded, loaded
print("written")
"""


def test_a_script_needs_no_tensorflow(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout.strip() == "written", done.stderr
