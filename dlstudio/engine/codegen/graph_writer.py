"""Writes one graph as a function that builds its model."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, NESTED, OPAQUE, Graph, Node
from dlstudio.document.project import MODEL, Project
from dlstudio.document.saved_model_block import calls_saved_model
from dlstudio.engine.codegen.backbone_layers import backbone_call_rows, backbone_rows
from dlstudio.engine.codegen.call_writer import CallWriter
from dlstudio.engine.codegen.column_loops import list_rows
from dlstudio.engine.codegen.group_comments import group_comments
from dlstudio.engine.codegen.learning_layers import (
    TrainingRows,
    helper_of,
    learns,
    numbers_synonyms,
)
from dlstudio.engine.codegen.literals import (
    INDENT,
    WIDTH,
    LiteralWriter,
    fitted,
    quoted,
    short_path,
)
from dlstudio.engine.codegen.names import (
    INPUTS,
    apart_from,
    identifier,
    variables_of,
)
from dlstudio.engine.codegen.repetition_writer import (
    RepetitionWriter,
    function_of,
    repetitions_of,
)
from dlstudio.engine.codegen.script_body import ScriptBody
from dlstudio.engine.codegen.written_params import written_params
from dlstudio.engine.model.call_arguments import (
    layer_names,
    owner_of,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _


def written_names(project: Project, graph: Graph, catalog: Catalog) -> dict[str, str]:
    """The name of each layer in a script, by node id.

    Args:
        project: With all graphs that the script may have.
        graph: One of them.
        catalog: Describes nodes.
    """
    operations = [
        node.kind
        for each in project.graphs.values()
        for node in each.nodes.values()
        if (known := catalog.get(node.kind)) and known.family == "ops"
    ]
    return apart_from(layer_names(graph), operations)


class GraphWriter:
    """Writes one graph as a function that builds its model.

    Args:
        project: The project that contains the graph.
        name: Name of the graph.
        functions: Function name for each graph, by graph name.
        values: Writes parameter values.
        body: The script that the function is appended to.
        rows: The training rows that layers learn from, which the function takes; None
            where it takes none.

    Raises:
        UserError: The graph is empty or contains a cycle.
    """

    def __init__(
        self,
        project: Project,
        name: str,
        functions: Mapping[str, str],
        values: LiteralWriter,
        body: ScriptBody,
        rows: TrainingRows | None = None,
    ) -> None:
        self._rows = rows
        self._project = project
        self._name = name
        self._functions = functions
        self._values = values
        self._body = body
        self._graph = graph = project.graph(name)
        self._order, rest = graph.order()
        if not self._order or rest:
            raise UserError(
                _("The model “{name}” is empty or contains a cycle.").format(name=name),
                _("Fix its problems first."),
            )
        self._names = written_names(project, graph, values.catalog)
        self._variables = variables_of(graph, self._order)
        self._calls = CallWriter(project, graph, self._variables, values)
        self._shared = {owner_of(graph, n).id for n in graph.nodes.values() if n.shares}
        self._made: set[str] = set()
        if rows is not None:
            self._shared |= numbers_synonyms(graph)

    def write(self) -> None:
        """Write the function."""
        function, body = self._functions[self._name], self._body
        own = quoted(identifier(self._name))
        takes = "" if self._name == MODEL else f"name: str = {own}"
        if self._rows is not None:
            takes = f"rows: {self._rows.annotation}"
        body.add("", "", f"def {function}({takes}) -> keras.Model:")
        comments = group_comments(self._graph, self._order)
        for id in self._order:
            node = self._graph.nodes[id]
            body.add(*(INDENT + row if row else "" for row in comments.get(id, ())))
            try:
                text = self._node(node)
            except UserError as error:
                message = f"{node.name}: {error.message}"
                raise UserError(message, error.hint) from error
            body.statement(text, self._name, id)
        inputs = [self._variables[node.id] for node in self._graph.inputs]
        named = own if self._name == MODEL else "name"
        end = f"{_bracket(self._outputs())}, name={named})"
        if len(inputs) == 1:
            body.add(f"{INDENT}return keras.Model({inputs[0]}, {end}")
        else:
            line = f"{INDENT}return keras.Model([{', '.join(inputs)}], {end}"
            rows = [line]
            if len(line) > WIDTH:
                rows = list_rows(f"{INDENT}{INPUTS} = ", inputs)
                rows.append(f"{INDENT}return keras.Model({INPUTS}, {end}")
            body.add(*rows)
        self._write_repetitions()

    def _write_repetitions(self) -> None:
        """Write the functions that repeat this graph's model."""
        used = self._functions
        found = repetitions_of(self._project, self._name, used)
        inputs = self._graph.inputs
        writer = RepetitionWriter(
            self._name,
            used,
            [self._variables[node.id] for node in inputs],
            [row for node in inputs for row in self._node(node)],
            self._outputs(),
        )
        for repetition in found:
            self._body.add(*writer.rows(repetition))

    def _outputs(self) -> list[str]:
        found = []
        for id in self._graph.output_ids():
            node = self._graph.nodes[id]
            if node.output_ports:
                found += [self._calls.output(id, port) for port in node.output_ports]
                continue
            star = "*" if self._calls.gives_several(node) else ""
            found.append(f"{star}{self._variables[id]}")
        return found

    def _node(self, node: Node) -> list[str]:
        variable = self._variables[node.id]
        if node.kind == INPUT:
            return fitted(f"{variable} = ", *self._constructor(node), "")
        owner = owner_of(self._graph, node)
        if self._values.catalog[owner.kind].family == "ops":
            return self._calls.operation(variable, node, owner)
        call = f"({', '.join(self._calls.given(node, owner))})"
        if owner.kind == OPAQUE:
            return self._opaque(variable, owner, call)
        if owner.kind == BACKBONE:
            return self._backbone(variable, node, owner)
        frozen_graph = owner.kind == NESTED and owner.frozen
        if owner.id not in self._shared and not frozen_graph:
            return self._fitted(f"{variable} = ", node, owner, call)
        layer = f"{self._variables[owner.id]}_layer"
        rows = []
        if owner.id not in self._made:  # created at its first call
            self._made.add(owner.id)
            rows = self._fitted(f"{layer} = ", node, owner, "")
            if frozen_graph:
                rows.append(f"{layer}.trainable = False")
        return [*rows, f"{variable} = {layer}{call}"]

    def _fitted(self, start: str, node: Node, owner: Node, call: str) -> list[str]:
        """The constructor, within `adapted` if the layer has to learn."""
        callee, pairs = self._constructor(owner)
        if self._rows is None or not learns(owner):
            return fitted(start, callee, pairs, call)
        given = self._rows.into(self._graph, node, self._variables)
        layer = fitted(INDENT, callee, pairs, "")  # indented as an argument
        pairs = [f"\n{INDENT}".join(layer).strip(), given]
        rows = fitted(start, helper_of(owner), pairs, call)
        return [line for row in rows for line in row.split("\n")]

    def _constructor(self, node: Node) -> tuple[str, list[str]]:
        """The constructor and its arguments."""
        named = f"name={quoted(self._names[node.id])}"
        if node.kind == NESTED:
            return function_of(node, self._functions), [named]
        described = self._values.catalog[node.kind]  # only these are written
        params = written_params(described, node.params.without(["name"]))
        pairs = self._values.pairs(params)
        if node.kind == INPUT:
            return "keras.Input", [*pairs, named]
        if node.frozen:
            pairs.append("trainable=False")
        return short_path(node.kind), [*pairs, named]

    def _opaque(self, variable: str, owner: Node, call: str) -> list[str]:
        """An opaque layer, created from its Keras configuration."""
        layer = f"{self._variables[owner.id]}_layer"
        # Keras is needed only here, to check that it has the layer's classes.
        from dlstudio.engine.codegen.opaque_layers import (
            opaque_rows,
            saved_model_rows,
            weight_rows,
        )

        made = owner.id in self._made
        self._made.add(owner.id)
        if calls_saved_model(owner):
            name = self._names[owner.id]
            rows, calls = saved_model_rows(layer, variable, owner, name, call)
            return calls if made else [*rows, *calls]
        if made:
            return [f"{variable} = {layer}{call}"]
        name, code = self._names[owner.id], self._project.code
        rows = opaque_rows(layer, owner, name, code)
        rows.append(f"{variable} = {layer}{call}")
        weights = weight_rows(layer, owner)
        self._values.arrays |= bool(weights)
        return [*rows, *weights]

    def _backbone(self, variable: str, node: Node, owner: Node) -> list[str]:
        """A pretrained network, and its call on what it scales."""
        layer = f"{self._variables[owner.id]}_layer"
        (given,) = self._calls.given(node, owner)
        rows = []
        if owner.id not in self._made:
            self._made.add(owner.id)
            name = self._names[owner.id]
            rows = backbone_rows(layer, owner, name, given)
            self._values.hub |= bool(owner.params.get("preset"))
        return [*rows, *backbone_call_rows(variable, layer, owner, given)]


def _bracket(names: list[str]) -> str:
    if len(names) == 1:
        return names[0].lstrip("*")
    return f"[{', '.join(names)}]"
