"""A graph as a Keras script a person would write: readable, and running by itself."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dlstudio import __version__
from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, NESTED, Graph, Node
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import Array, FrozenMap, Spec
from dlstudio.engine.wiring import arguments, layer_names, owner_of, ports_of
from dlstudio.errors import UserError
from dlstudio.i18n import _

WIDTH = 88
INDENT = "    "
RESERVED = {"keras", "layers", "np", "model", "build_model", "compile_model"}


@dataclass(frozen=True, slots=True)
class Script:
    """The text, and which lines (from 1, both ends included) belong to which node.

    Attributes:
        lines: Graph name → node id → (first line, last line).
    """

    text: str
    lines: FrozenMap[str, FrozenMap[str, tuple[int, int]]]


def script(project: Project, catalog: Catalog) -> Script:
    """The whole project's model as a script: every graph it uses, and `compile`.

    Raises:
        UserError: A graph is empty, has a cycle or a wire that leads nowhere; the
            sentence names the node.
    """
    writer = _Writer()
    writer.add(f'"""{_title(project)}"""', "")
    body = _Writer()
    for name in _used(project, MODEL):
        _graph(project.graph(name), name, project, catalog, body)
    _compile(project, catalog, body)
    if body.arrays:
        writer.add("import keras", "import numpy as np", "from keras import layers")
    else:
        writer.add("import keras", "from keras import layers")
    offset = len(writer.rows)
    lines = {
        graph: FrozenMap({id: (a + offset, b + offset) for id, (a, b) in spans.items()})
        for graph, spans in body.spans.items()
    }
    return Script("\n".join(writer.rows + body.rows) + "\n", FrozenMap(lines))


@dataclass
class _Writer:
    rows: list[str] = field(default_factory=list)
    spans: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    arrays: bool = False

    def add(self, *rows: str) -> None:
        self.rows.extend(rows)

    def statement(self, text: list[str], graph: str, node: str) -> None:
        first = len(self.rows) + 1
        self.add(*(INDENT + row for row in text))
        self.spans.setdefault(graph, {})[node] = (first, len(self.rows))


def _title(project: Project) -> str:
    name = project.name.replace("\\", "/").replace('"', "'").replace("\n", " ")
    return f"{name or 'A model'} - made with dlstudio {__version__}."


def _used(project: Project, name: str, above: tuple[str, ...] = ()) -> list[str]:
    """Names of the graphs `name` is made of, innermost first, itself last."""
    if name in above:
        raise UserError(_("The graph “{name}” contains itself.").format(name=name))
    found: list[str] = []
    for node in project.graph(name).nodes.values():
        if node.kind == NESTED:
            inner = str(node.params.get("graph", ""))
            found += [
                each
                for each in _used(project, inner, (*above, name))
                if each not in found
            ]
    return [*found, name]


def _graph(
    graph: Graph, name: str, project: Project, catalog: Catalog, out: _Writer
) -> None:
    order, rest = graph.order()
    if not order or rest:
        raise UserError(
            _("The graph “{name}” is empty or goes in a circle.").format(name=name),
            _("Mend its problems first."),
        )
    variables = _variables(graph, order)
    out.add("", "", f"def {_function(name)}() -> keras.Model:")
    for id in order:
        text = _node(graph, id, variables, project, catalog, out)
        out.statement(text, name, id)
    # A layer's weights are shared by calling it again; see `_node`.
    inputs = _bracket([variables[node.id] for node in graph.inputs])
    outputs = _bracket([variables[id] for id in graph.output_ids()])
    model = f"keras.Model({inputs}, {outputs}, name={_text(_identifier(name))})"
    out.add(f"{INDENT}return {model}")


def _node(
    graph: Graph,
    id: str,
    variables: Mapping[str, str],
    project: Project,
    catalog: Catalog,
    out: _Writer,
) -> list[str]:
    node = graph.nodes[id]
    owner = owner_of(graph, node)
    shared = any(other.shares for other in graph.nodes.values()) and (
        node.shares or any(n.shares == id for n in graph.nodes.values())
    )
    rows: list[str] = []
    if node.shares is None:
        made = _constructor(node, layer_names(graph)[id], catalog, out)
        if node.kind == INPUT:
            return _fit(f"{variables[id]} = ", *made, "")
        if not shared:
            call = _call(graph, node, variables, project, catalog)
            return _fit(f"{variables[id]} = ", *made, call)
        rows += _fit(f"{variables[owner.id]}_layer = ", *made, "")
    call = _call(graph, node, variables, project, catalog)
    return [*rows, f"{variables[id]} = {variables[owner.id]}_layer{call}"]


def _constructor(
    node: Node, name: str, catalog: Catalog, out: _Writer
) -> tuple[str, list[str]]:
    """The callable and its arguments."""
    if node.kind == NESTED:
        return f"{_function(str(node.params.get('graph', '')))}", []
    params = {k: v for k, v in node.params.items() if k != "name"}
    pairs = [f"{k}={_value(v, catalog, out)}" for k, v in params.items()]
    if node.frozen:
        pairs.append("trainable=False")
    pairs.append(f"name={_text(name)}")
    callee = "keras.Input" if node.kind == INPUT else _path(node.kind)
    return callee, pairs


def _call(
    graph: Graph,
    node: Node,
    variables: Mapping[str, str],
    project: Project,
    catalog: Catalog,
) -> str:
    """`(a)`, `([a, b])` or `(query, value=b)`, as the layer's ports ask."""
    given = [
        (link.target_port, _output(graph, link.source, link.source_port, variables))
        for link in graph.into(node.id)
    ]
    ports = ports_of(node, catalog[node.kind].inputs, project.graphs)
    try:
        args, named = arguments(ports, given)
    except UserError as error:
        message = f"{node.name}: {error.message}"
        raise UserError(message, error.hint) from error
    texts = [_argument(value) for value in args]
    texts += [f"{name}={_argument(value)}" for name, value in named.items()]
    return f"({', '.join(texts)})"


def _argument(value: Any) -> str:
    return f"[{', '.join(value)}]" if isinstance(value, list) else str(value)


def _output(graph: Graph, id: str, port: int, variables: Mapping[str, str]) -> str:
    """A tensor by its variable; a layer with several outputs is indexed."""
    several = any(link.source_port > 0 for link in graph.out_of(id))
    return f"{variables[id]}[{port}]" if several else variables[id]


def _compile(project: Project, catalog: Catalog, out: _Writer) -> None:
    plan = project.plan
    optimizer = _value(plan.optimizer, catalog, out)
    loss = _value(plan.loss, catalog, out)
    out.add("", "", "def compile_model(model: keras.Model) -> None:")
    pairs = [f"optimizer={optimizer}", f"loss={loss}", 'metrics=["accuracy"]']
    out.add(*(INDENT + row for row in _fit("", "model.compile", pairs, "")))
    main = [f"model = {_function(MODEL)}()", "compile_model(model)", "model.summary()"]
    out.add("", "", 'if __name__ == "__main__":', *(INDENT + row for row in main))


def _fit(start: str, callee: str, pairs: list[str], call: str) -> list[str]:
    """One line if it fits, else one argument a line."""
    line = f"{start}{callee}({', '.join(pairs)}){call}"
    if len(line) + len(INDENT) <= WIDTH:
        return [line]
    return [
        f"{start}{callee}(",
        *(f"{INDENT}{pair}," for pair in pairs),
        f"){call}",
    ]


def _value(value: Any, catalog: Catalog, out: _Writer) -> str:
    if isinstance(value, Spec):
        return _spec(value, catalog, out)
    if isinstance(value, Array):
        out.arrays = True
        return f"np.array({_plain(value.data)}, dtype={_text(value.dtype)})"
    if isinstance(value, tuple):
        inner = [_value(item, catalog, out) for item in value]
        if any(isinstance(item, Spec) for item in value):
            return f"[{', '.join(inner)}]"
        return f"({', '.join(inner)}{',' if len(inner) == 1 else ''})"
    return _text(value) if isinstance(value, str) else repr(value)


def _spec(spec: Spec, catalog: Catalog, out: _Writer) -> str:
    description = catalog.get(spec.kind)
    path = _path(spec.kind)
    if description is not None and description.family == "activations":
        if not spec.params:
            return path
        path = _path(description.extra.get("layer", spec.kind))
    pairs = [f"{k}={_value(v, catalog, out)}" for k, v in spec.params.items()]
    return f"{path}({', '.join(pairs)})"


def _plain(data: Any) -> str:
    if isinstance(data, tuple):
        return f"[{', '.join(_plain(item) for item in data)}]"
    return _text(data) if isinstance(data, str) else repr(data)


def _path(kind: str) -> str:
    return kind.replace("keras.layers.", "layers.", 1)


def _text(text: str) -> str:
    """A string as Python writes it, in double quotes."""
    plain = repr(text)
    if plain.startswith("'") and '"' not in plain:
        return f'"{plain[1:-1]}"'
    return plain


def _bracket(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def _function(graph: str) -> str:
    return "build_model" if graph == MODEL else f"build_{_identifier(graph)}"


def _variables(graph: Graph, order: Iterable[str]) -> dict[str, str]:
    """A variable for each node: its name where Python takes it."""
    taken, variables = set(RESERVED), {}
    for id in order:
        stem = name = _identifier(graph.nodes[id].name)
        number = 2
        while name in taken or keyword.iskeyword(name):
            name = f"{stem}_{number}"
            number += 1
        taken.add(name)
        variables[id] = name
    return variables


def _identifier(text: str) -> str:
    plain = re.sub(r"\W+", "_", text).strip("_")
    return f"x_{plain}" if not plain or plain[0].isdigit() else plain
