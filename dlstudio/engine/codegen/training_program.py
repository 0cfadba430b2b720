"""Writes the half of a program that does not depend on where its data comes from."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.document.project import MODEL, Project
from dlstudio.engine.codegen.export_writer import export_rows
from dlstudio.engine.codegen.fit_writer import FitProgram, fit_rows
from dlstudio.engine.codegen.graph_writer import GraphWriter
from dlstudio.engine.codegen.head_first_writer import head_first_rows
from dlstudio.engine.codegen.learning_layers import (
    TrainingRows,
    helper_rows,
    inputs_of,
)
from dlstudio.engine.codegen.literals import INDENT, LiteralWriter
from dlstudio.engine.codegen.output_plan import OutputPlan
from dlstudio.engine.codegen.program_input import program_inputs
from dlstudio.engine.codegen.schedule_writer import rate_rows, sets_rate
from dlstudio.engine.codegen.script_body import ScriptBody
from dlstudio.engine.codegen.script_data import ScriptData
from dlstudio.engine.codegen.table_compile import table_compile_rows
from dlstudio.engine.codegen.token_programs import token_program
from dlstudio.engine.model.call_arguments import layer_names


def write_training(
    project: Project,
    data: ScriptData,
    outputs: tuple[OutputPlan, ...],
    functions: Mapping[str, str],
    values: LiteralWriter,
    body: ScriptBody,
) -> None:
    """Write the model, its training and its export below what prepares the data.

    Args:
        project: The project.
        data: What the script reads.
        outputs: What the outputs learn.
        functions: Function name for each graph that is used, innermost first.
        values: Writes parameter values.
        body: The script, which is appended to.

    Raises:
        UserError: Something of the project has no form in a script.
    """
    catalog, inputs = values.catalog, program_inputs(project)
    helpers = helper_rows(project.model)
    learning = bool(helpers)
    names = layer_names(project.model)
    rows = TrainingRows(inputs_of(project.model, names), data.sizes["train"])
    body.add(*helpers)
    for graph in functions:
        given = rows if learning and graph == MODEL else None
        GraphWriter(project, graph, functions, values, body, given).write()
    tokens = token_program(project, data, inputs, outputs, catalog)
    known = tokens.metrics if tokens is not None else {}
    body.add(*(() if tokens is None else tokens.functions))
    body.add(*table_compile_rows(project, outputs, values, known))
    body.add(*rate_rows(project, catalog))
    scheduled = sets_rate(project, catalog)
    body.add(*head_first_rows(project, catalog, scheduled=scheduled))
    fit = FitProgram(project, data, inputs, outputs, catalog, learning, tokens)
    body.add(*fit_rows(fit))
    if tokens is not None and tokens.export:
        body.add(*tokens.export)
    else:
        body.add(*export_rows(project, data, inputs, outputs, catalog))
    body.add("", "", 'if __name__ == "__main__":', f"{INDENT}main()")
