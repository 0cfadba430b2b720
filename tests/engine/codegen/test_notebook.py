"""The notebook of a script: its cells run in their order, and it is read again."""

from __future__ import annotations

import json
from typing import Any

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.project import MODEL, Project
from dlstudio.engine.codegen.notebook import notebook_text
from dlstudio.engine.codegen.script import script

CATALOG = Catalog.load()


def test_its_cells_do_what_the_script_does() -> None:
    graph = Graph.chain(
        [
            node("x", INPUT, shape=[4]),
            node("hidden", "keras.layers.Dense", units=3),
            node("head", "keras.layers.Dense", units=2, activation="softmax"),
        ]
    )
    project = Project("Two classes").with_graph(MODEL, graph)
    text = script(project, CATALOG).text
    notebook = json.loads(notebook_text(text))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    cells = notebook["cells"]
    ids = [cell["id"] for cell in cells]
    assert len(set(ids)) == len(ids)
    headings = ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]
    assert headings[0].startswith("# Two classes\n\nmade with dlstudio")
    assert headings[1:] == ["## Imports", "## Model", "## Training", "## Run"]
    code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    assert all(c["outputs"] == [] for c in cells if c["cell_type"] == "code")
    space: dict[str, Any] = {"__name__": "notebook"}
    for source in code:
        exec(source, space)
    assert [layer.name for layer in space["model"].layers] == ["x", "hidden", "head"]
    assert space["model"].optimizer is not None
    kept = "\n".join(code).split()
    body = text[text.index("import keras") :].replace('if __name__ == "__main__":', "")
    assert kept == body.split()
