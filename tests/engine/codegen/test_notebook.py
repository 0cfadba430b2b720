"""The notebook of a script: its cells run in their order, and it is read again."""

from __future__ import annotations

import json
from typing import Any

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Edge, Graph, node
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap
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


def test_blocks_of_a_long_model_are_parted_by_blank_lines() -> None:
    nodes, edges = [node("x", INPUT, shape=[4])], list[Edge]()
    for block in "abcd":
        before = nodes[-1].id
        names = [f"{block}_{part}" for part in ("in", "out", "sum")]
        nodes += [node(name, "keras.layers.Dense", units=4) for name in names[:2]]
        nodes.append(node(names[2], "keras.layers.Add"))
        edges += [Edge(before, names[0]), Edge(names[0], names[1])]
        edges += [Edge(names[1], names[2]), Edge(before, names[2], 0, 1)]
    graph = Graph(FrozenMap((each.id, each) for each in nodes), tuple(edges))
    rows = script(Project().with_graph(MODEL, graph), CATALOG).text.splitlines()
    body = rows[rows.index("def build_model() -> keras.Model:") :]
    body = body[: body.index("def compile_model(model: keras.Model) -> None:") - 2]
    begun = [body[n + 1].split()[0] for n, row in enumerate(body) if not row]
    assert begun == ["a_in", "b_in", "c_in", "d_in"]
