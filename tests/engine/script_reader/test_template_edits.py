"""Edits of the script of each template: those alone are what changes."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Edge, Node
from dlstudio.document.layout import ROW
from dlstudio.document.project import MODEL, Project
from dlstudio.engine.codegen.learning_layers import learns
from dlstudio.engine.codegen.script import script
from dlstudio.engine.script_reader.project_merge import project_from_script
from tests.engine.script_reader.test_round_trip import NAMES, template_project

CATALOG = Catalog.load()
SIZES = {"units": 7, "filters": 7, "output_dim": 7, "rate": 0.15}
BLOCK = """
def block(x, units=4):
    y = layers.Dense(units, activation="relu")(x)
    return layers.Dropout(0.25)(y)


def build_model("""
LOOP = """\
    x = {before}
    for n in range(2):
        x = block(x, units=8 * (n + 1))
    added = layers.LayerNormalization(name="normalized")(x)
"""


@dataclass
class EditedScript:
    """The script of a project, and the rows of each node."""

    project: Project

    def __post_init__(self) -> None:
        written = script(self.project, CATALOG)
        self.rows = written.text.split("\n")
        self.spans = written.lines[MODEL]

    def of(self, id: str) -> str:
        """The statement of a node."""
        first, last = self.spans[id]
        return "\n".join(self.rows[first - 1 : last])

    def set(self, id: str, text: str) -> None:
        """Replace the statement of a node; the lines stay countable."""
        first, last = self.spans[id]
        self.rows[first - 1 : last] = [text, *[""] * (last - first)]

    def variable(self, id: str) -> str:
        """What its result is assigned to."""
        found = re.findall(r"^    (\w+) = ", self.of(id), re.MULTILINE)
        return str(found[-1])

    def rename(self, old: str, new: str, first: int = 0) -> None:
        """Replace a variable, though not in names and keywords, from a row on."""
        used = re.compile(rf"(?<![\w\".]){old}(?![\w\"=])")
        self.rows[first:] = [used.sub(new, row) for row in self.rows[first:]]

    def read(self) -> Project:
        """The project that it is read as."""
        text = "\n".join(self.rows).replace("\ndef build_model(", BLOCK)
        return project_from_script(text, self.project, CATALOG)


def plain(project: Project) -> list[Node]:
    """Layers of the model that may be removed: one tensor enters and leaves."""
    graph = project.model
    shared = {node.shares for node in graph.nodes.values()}
    return [
        node
        for node in graph.nodes.values()
        if node.kind.startswith("keras.layers.")
        and node.kind != INPUT
        and len(graph.into(node.id)) == 1
        and node.id not in {*graph.output_ids(), *shared}
        and not any(edge.source_port for edge in graph.out_of(node.id))
        and not node.shares
        and not learns(node)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_edits_of_a_template_come_back(name: str) -> None:
    project = template_project(name)
    graph = project.model
    end = graph.output_ids()[0]
    before = graph.into(end)[0].source

    edited = EditedScript(project)
    edited.rename(edited.variable(before), "renamed_by_hand")
    assert edited.read() == project, "a variable is only a variable"

    edited = EditedScript(project)
    param, resized = next(
        (param, node)
        for node in graph.nodes.values()
        for param in SIZES
        if param in node.params and node.id != end and not node.shares
    )
    value = f"{param}={SIZES[param]}"
    edited.set(resized.id, re.sub(rf"\b{param}=[\d.]+", value, edited.of(resized.id)))
    gone = next(node for node in plain(project) if node.id not in (resized.id, before))
    source = graph.into(gone.id)[0].source
    variable = edited.variable(gone.id)
    edited.set(gone.id, "")
    edited.rename(variable, edited.variable(source), edited.spans[gone.id][0])
    last = edited.of(end).replace(f"({edited.variable(before)})", "(added)")
    loop = LOOP.format(before=edited.variable(before))
    edited.set(end, loop + last)
    after = edited.read()

    added = [id for id in after.model.nodes if id not in graph.nodes]
    kinds = [after.model.nodes[id].kind.rpartition(".")[2] for id in added]
    assert kinds == ["Dense", "Dropout", "Dense", "Dropout", "LayerNormalization"]
    assert [after.model.nodes[id].params.get("units") for id in added[::2]] == [
        8,
        16,
        None,
    ]
    assert after.model.into(end) == (Edge(added[-1], end),)
    assert after.model.nodes[added[-1]].name == "normalized"
    kept = {id for id in graph.nodes if id != gone.id}
    assert kept == set(after.model.nodes) - set(added)
    x, y = graph.nodes[end].position
    assert after.model.nodes[end].position == (x, y + len(added) * ROW)
    for id in kept - {resized.id, end}:
        assert after.model.nodes[id] == graph.nodes[id]
    expected = resized.params.set(param, SIZES[param])
    assert after.model.nodes[resized.id].params == expected
    assert (after.plan, after.data, after.outputs) == (
        *(project.plan, project.data, project.outputs),
    )
