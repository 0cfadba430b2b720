"""A project after its script was edited, or a new one from a script."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import Graph
from dlstudio.document.nested_graphs import graphs_in
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.codegen.graph_writer import written_names
from dlstudio.engine.codegen.names import functions_of
from dlstudio.engine.codegen.project_script import check_trains_layers
from dlstudio.engine.codegen.script import script
from dlstudio.engine.script_reader.merged_graph import GraphMerger, OldGraph
from dlstudio.engine.script_reader.merged_params import ParamMerger
from dlstudio.engine.script_reader.merged_plan import merged_plan
from dlstudio.engine.script_reader.reader import ScriptReading, read_script
from dlstudio.engine.script_reader.script_before import ScriptBefore
from dlstudio.engine.script_reader.script_values import ScriptModel
from dlstudio.errors import UserError


def project_from_script(text: str, project: Project, catalog: Catalog) -> Project:
    """The project with what was edited in its script.

    Nodes that the script still has keep their ids, places and groups.

    Args:
        text: The script.
        project: What it was written from; an empty one for a new project.
        catalog: Describes layers.

    Raises:
        ScriptError: Its model is not understood.
        UserError: It is no Python, or too large.
    """
    written = ""
    with suppress(UserError):  # a model that is not complete has no script
        written = script(project, catalog).text
    before = ScriptBefore.of(written, catalog)
    return merge_reading(read_script(text, catalog), project, catalog, before)


def merge_reading(
    reading: ScriptReading, project: Project, catalog: Catalog, written: ScriptBefore
) -> Project:
    """The project with what a script says.

    Args:
        reading: What it says.
        project: What it was written from.
        catalog: Describes layers.
        written: The script of the project.

    Raises:
        UserError: The project has no layers that a script could change.
    """
    check_trains_layers(project, catalog)
    merger = _ProjectMerger(reading, project, catalog)
    graphs = merger.graphs()
    used = set(_nested(project, MODEL))
    kept = {
        name: graph
        for name, graph in project.graphs.items()
        if name not in used and name not in graphs
    }
    order = [name for name in project.graphs if name in kept or name in graphs]
    order += [name for name in graphs if name not in project.graphs]
    whole = {**kept, **graphs}
    after = replace(project, graphs=FrozenMap((name, whole[name]) for name in order))
    nodes = after.model.nodes
    vectors = [id for id in project.word_vectors if id not in nodes]
    if vectors:
        after = replace(after, word_vectors=project.word_vectors.without(vectors))
    return merged_plan(reading, project, after, catalog, written)


class _ProjectMerger:
    """Makes the graphs of a model and of those within it."""

    def __init__(
        self, reading: ScriptReading, project: Project, catalog: Catalog
    ) -> None:
        self._reading = reading
        self._project = project
        self._catalog = catalog
        self._params = ParamMerger(catalog)
        self._operations = frozenset(each.kind for each in catalog.family("ops"))
        self._made: dict[str, Graph] = {}
        self._names: dict[int, str] = {}
        functions = functions_of(_nested(project, MODEL))
        self._by_function = {name: graph for graph, name in functions.items()}

    def graphs(self) -> dict[str, Graph]:
        """All graphs by name."""
        model = self._graph(self._reading.model, MODEL)
        return {**self._made, MODEL: model}

    def _graph(self, model: ScriptModel, name: str) -> Graph:
        graph = self._project.graphs.get(name, Graph())
        names = written_names(self._project, graph, self._catalog)
        merger = GraphMerger(
            model,
            OldGraph(graph, names),
            self._reading.calls,
            self._params,
            self._operations,
        )
        return merger.graph(self._name)

    def _name(self, model: ScriptModel) -> str:
        """The name of the graph of a model; models alike share one."""
        if id(model) in self._names:
            return self._names[id(model)]
        stem = self._by_function.get(model.function, "")
        if model.function != self._reading.model.function:
            stem = stem or model.function.removeprefix("build_")
        if not stem or stem == MODEL:
            stem = model.name if model.name not in ("", MODEL) else "graph"
        graph = self._graph(model, stem)
        name, number = stem, 2
        while name in self._made and not _alike(self._made[name], graph):
            name = f"{stem}_{number}"
            number += 1
        self._made.setdefault(name, graph)
        self._names[id(model)] = name
        return name


def _alike(one: Graph, other: Graph) -> bool:
    """Whether two graphs have the same layers and edges."""
    if list(one.nodes) != list(other.nodes) or one.outputs != other.outputs:
        return False
    if set(one.edges) != set(other.edges):
        return False
    return all(
        replace(node, position=(0.0, 0.0))
        == replace(other.nodes[id], position=(0.0, 0.0))
        for id, node in one.nodes.items()
    )


def _nested(project: Project, name: str) -> list[str]:
    """The graphs within a graph, at any depth."""
    found: list[str] = []
    waiting = [name]
    while waiting:
        graph = project.graphs.get(waiting.pop())
        for node in graph.nodes.values() if graph is not None else ():
            new = [each for each in graphs_in(node) if each not in found]
            found += new
            waiting += new
    return found
