"""Writes a graph as a readable, self-contained Keras script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlstudio import __version__
from dlstudio.catalog.store import Catalog
from dlstudio.document.nested_graphs import graphs_in
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.codegen.column_loops import comment
from dlstudio.engine.codegen.custom_code import import_code
from dlstudio.engine.codegen.graph_writer import GraphWriter
from dlstudio.engine.codegen.imports import import_rows
from dlstudio.engine.codegen.literals import (
    INDENT,
    LiteralWriter,
    quoted,
)
from dlstudio.engine.codegen.names import (
    functions_of,
)
from dlstudio.engine.codegen.own_layers import own_layer_rows
from dlstudio.engine.codegen.plan import compile_rows
from dlstudio.engine.codegen.script_body import ScriptBody
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.codegen.script_images import ScriptImages
    from dlstudio.engine.codegen.script_long_text import ScriptLongText
    from dlstudio.engine.codegen.script_table import ScriptTable


@dataclass(frozen=True, slots=True)
class Script:
    """The text, and the line range (from 1, inclusive) of each node.

    Attributes:
        lines: Graph name → node id → (first line, last line).
    """

    text: str
    lines: FrozenMap[str, FrozenMap[str, tuple[int, int]]]


def script(
    project: Project,
    catalog: Catalog,
    data: ScriptTable | ScriptImages | ScriptLongText | None = None,
    unread: str = "",
) -> Script:
    """The project's model as a script: every graph it uses, and `compile`.

    Args:
        project: The project.
        catalog: Describes layers, plan and features.
        data: Its data; with it the script is the whole program, from the files to an
            exported model.
        unread: Why there is none, though there is data.

    Raises:
        UserError: A graph is empty, has a cycle or a dangling edge, or something in it
            is not in the catalog; the message names the node.
    """
    values, body = LiteralWriter(catalog), ScriptBody()
    used = _used(project, MODEL)
    functions = values.functions = functions_of(used)
    if data is not None:
        _write_program(project, data, functions, values, body)
    else:
        for name in used:
            GraphWriter(project, name, functions, values, body).write()
        body.add(*compile_rows(project, values, unread))
        make = f"model = {functions[MODEL]}()"
        main = [make, "compile_model(model)", "model.summary()"]
        body.add("", "", 'if __name__ == "__main__":', *(INDENT + row for row in main))
    classes = own_layer_rows(project, used, data)
    head = _head(project, values, body.rows if data is not None else (), classes)
    head += classes
    if classes and body.rows[1]:  # constants, which stand close to imports alone
        head.append("")
    lines = {
        graph: FrozenMap(
            {id: (a + len(head), b + len(head)) for id, (a, b) in spans.items()}
        )
        for graph, spans in body.spans.items()
    }
    return Script("\n".join([*head, *body.rows]) + "\n", FrozenMap(lines))


def _write_program(
    project: Project,
    data: ScriptTable | ScriptImages | ScriptLongText,
    functions: Mapping[str, str],
    values: LiteralWriter,
    body: ScriptBody,
) -> None:
    """Write the whole program for the data of a project."""
    # Reading data takes long to import, and most scripts read none.
    from dlstudio.engine.codegen.image_program import write_image_program
    from dlstudio.engine.codegen.long_text_program import write_long_text_program
    from dlstudio.engine.codegen.script_images import ScriptImages
    from dlstudio.engine.codegen.script_long_text import ScriptLongText
    from dlstudio.engine.codegen.table_program import write_table_program

    if isinstance(data, ScriptImages):
        write_image_program(project, data, functions, values, body)
    elif isinstance(data, ScriptLongText):
        write_long_text_program(project, data, functions, values, body)
    else:
        write_table_program(project, data, functions, values, body)


def _head(
    project: Project,
    values: LiteralWriter,
    program: Sequence[str],
    classes: Sequence[str],
) -> list[str]:
    """What stands above the functions: the title and the imports.

    Args:
        project: Has the name.
        values: Knows whether there are arrays.
        program: The lines of a program that reads data; () for a model alone.
        classes: Those of layers that Keras does not have.
    """
    name = project.name.replace("\\", "/").replace('"', "'").replace("\n", " ")
    rows = [f'"""{name or "A model"} - made with dlstudio {__version__}."""', ""]
    rows += _differences(program) if program else []
    rows += import_rows(
        program,
        classes,
        arrays=values.arrays,
        hub=values.hub,
        modules=bool(project.code),
    )
    rows += import_code(project.code)
    if project.plan.precision != "float32":
        policy = quoted(project.plan.precision)
        rows += ["", f"keras.config.set_dtype_policy({policy})"]
    return rows


def _differences(program: Sequence[str]) -> list[str]:
    """What a script says about its results, at its beginning."""
    text = (
        "It trains the model that dlstudio trains: from the same weights, with the "
        "same samples in each step. Sums are rounded otherwise, so that results may "
        "differ a little."
    )
    if any(row.startswith("def read_images(") for row in program):
        text += " So may what is decoded of files; see read_images."
    return [*comment(text, ""), ""]


def _used(project: Project, name: str, above: tuple[str, ...] = ()) -> list[str]:
    """Names of the graphs that `name` uses, innermost first, itself last."""
    if name in above:
        raise UserError(_("The model “{name}” contains itself.").format(name=name))
    found: list[str] = []
    for node in project.graph(name).nodes.values():
        for inner in graphs_in(node):
            found += [
                each
                for each in _used(project, inner, (*above, name))
                if each not in found
            ]
    return [*found, name]
