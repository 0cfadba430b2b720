"""Writes calls of layers and operations: which tensors they take."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.catalog.validation import check_call
from dlstudio.document.graph import OPAQUE, Graph, Node
from dlstudio.document.project import Project
from dlstudio.document.values import Array, Value
from dlstudio.engine.codegen.literals import (
    LiteralWriter,
    fitted,
)
from dlstudio.engine.codegen.operators import operator_expression
from dlstudio.engine.codegen.several_outputs import gives_several
from dlstudio.engine.model.call_arguments import (
    arguments,
    constants,
    ports_of,
    with_constants,
)
from dlstudio.engine.model.item_key import GET_ITEM, item_key
from dlstudio.errors import UserError


class CallWriter:
    """Writes the calls of one graph.

    Args:
        project: The project that contains the graph.
        graph: The graph.
        variables: Of each node, by its id.
        values: Writes parameter values.
    """

    def __init__(
        self,
        project: Project,
        graph: Graph,
        variables: Mapping[str, str],
        values: LiteralWriter,
    ) -> None:
        self._project = project
        self._graph = graph
        self._variables = variables
        self._values = values

    def operation(self, variable: str, node: Node, owner: Node) -> list[str]:
        """`x = keras.ops.mean(x, axis=1)`; a slice of a tensor as `x[:, 0]`.

        Args:
            variable: What it is assigned to.
            node: The operation.
            owner: The node with its parameters.

        Raises:
            UserError: The key of the slice is none.
        """
        described = self._values.catalog[owner.kind]
        known = [each.name for each in described.params]
        own = {k: v for k, v in owner.params.items() if k in known and k != "name"}
        given = self.given(node, owner)
        if owner.kind == GET_ITEM:
            key = str(own.get("key", ""))
            item_key(key)  # rejects anything but a valid key
            return [f"{variable} = {given[0]}[{key}]"]
        leading = described.extra.get("leading", ())
        before = [self._values.value(own[name]) for name in leading if name in own]
        apart = {*leading, *described.inputs.names}
        pairs = self._values.pairs({k: v for k, v in own.items() if k not in apart})
        signed = operator_expression(owner.kind, given)
        if signed:
            return [f"{variable} = {signed}"]
        return fitted(f"{variable} = ", owner.kind, [*before, *given, *pairs], "")

    def given(self, node: Node, owner: Node) -> list[str]:
        """The arguments of the call: `a`, `[a, b]`, `query, value=b`.

        Args:
            node: The node that is called.
            owner: The node with its parameters.

        Raises:
            UserError: An argument is not valid.
        """
        described = self._values.catalog[owner.kind]
        connected = [
            (edge.target_port, self.output(edge.source, edge.source_port))
            for edge in self._graph.into(node.id)
        ]
        ports = ports_of(owner, described.inputs, self._project.graphs)
        fixed = [(port, self._constant(v)) for port, v in constants(owner, ports)]
        args, named = arguments(ports, with_constants(connected, fixed))
        if owner.kind == OPAQUE:
            from dlstudio.engine.codegen.opaque_layers import opaque_arguments

            args, named = opaque_arguments(owner, args)
        texts = [_argument(value) for value in args]
        texts += [f"{name}={_argument(value)}" for name, value in named.items()]
        for _name, problem in check_call(described, node.call, self._values.catalog):
            raise UserError(problem)
        return texts + self._values.pairs(node.call)

    def _constant(self, value: Value) -> str:
        array = Array(value) if isinstance(value, tuple) else value
        return self._values.value(array)

    def output(self, id: str, port: int) -> str:
        """The expression for a tensor; indexed if the layer has several outputs.

        Args:
            id: Of the layer's node.
            port: Of the tensor.
        """
        several = port > 0 or self.gives_several(self._graph.nodes[id])
        return f"{self._variables[id]}[{port}]" if several else self._variables[id]

    def gives_several(self, node: Node) -> bool:
        """Whether a node gives more than one tensor, or an unknown number."""
        catalog = self._values.catalog
        return gives_several(node, self._graph, self._project, catalog)


def _argument(value: object) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)
