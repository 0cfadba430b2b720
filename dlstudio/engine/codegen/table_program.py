"""Writes the whole program for a table: from the file to an exported model."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.document.project import MODEL, Project
from dlstudio.engine.codegen.column_loops import column_rows, packed
from dlstudio.engine.codegen.export_writer import export_rows
from dlstudio.engine.codegen.fit_writer import fit_rows, seed_of
from dlstudio.engine.codegen.graph_writer import GraphWriter, ScriptBody
from dlstudio.engine.codegen.learning_layers import (
    TrainingRows,
    helper_rows,
    inputs_of,
)
from dlstudio.engine.codegen.literals import INDENT, LiteralWriter, quoted
from dlstudio.engine.codegen.output_plan import output_plans
from dlstudio.engine.codegen.program_input import program_inputs
from dlstudio.engine.codegen.schedule_writer import rate_rows
from dlstudio.engine.codegen.split_writer import split_writer_rows
from dlstudio.engine.codegen.table_compile import table_compile_rows
from dlstudio.engine.codegen.table_facts import TableFacts
from dlstudio.engine.codegen.table_reading import reading_rows
from dlstudio.engine.model.call_arguments import layer_names


def write_table_program(
    project: Project,
    facts: TableFacts,
    functions: Mapping[str, str],
    values: LiteralWriter,
    body: ScriptBody,
) -> None:
    """Write everything below the imports.

    Args:
        project: Its data is a table.
        facts: Of the table.
        functions: Function name for each graph that is used, innermost first.
        values: Writes parameter values.
        body: The script, which is appended to.

    Raises:
        UserError: Something of the project has no form in a script.
    """
    catalog = values.catalog
    outputs = output_plans(project, facts, catalog)
    names = layer_names(project.model)
    inputs = program_inputs(project)
    body.add(*_constants(project, facts))
    body.add(*reading_rows(project, facts), *split_writer_rows(project, facts))
    body.add(*_helpers(facts), *_prepare_rows(facts))
    helpers = helper_rows(project.model)
    learning = bool(helpers)
    rows = TrainingRows(inputs_of(project.model, names), facts.sizes["train"])
    body.add(*helpers)
    for graph in functions:
        given = rows if learning and graph == MODEL else None
        GraphWriter(project, graph, functions, values, body, given).write()
    body.add(*table_compile_rows(project, outputs, values))
    body.add(*rate_rows(project, catalog))
    body.add(*fit_rows(project, facts, inputs, outputs, catalog, learning=learning))
    body.add(*export_rows(project, facts, inputs, outputs, catalog))
    body.add("", "", 'if __name__ == "__main__":', f"{INDENT}main()")


def _constants(project: Project, facts: TableFacts) -> list[str]:
    plan = project.plan
    rows = ["", f"TABLE = {quoted(str(facts.path))}"]
    named = {name: each.names for name, each in facts.scripts.items() if each.names}
    wanted = _names_wanted(facts)
    lists = {name: names for name, names in named.items() if name in wanted}
    if lists:
        rows.append("NAMES = {")
        for name, names in lists.items():
            items = [quoted(each) for each in names]
            line = f"{INDENT}{quoted(name)}: [{', '.join(items)}],"
            if len(line) <= 88:
                rows.append(line)
            else:
                rows.append(f"{INDENT}{quoted(name)}: [")
                rows += packed(items, 2 * INDENT)
                rows.append(f"{INDENT}],")
        rows.append("}")
    numbers = f"{plan.epochs}, {plan.batch_size}, {seed_of(project)}"
    return [*rows, f"EPOCHS, BATCH_SIZE, SEED = {numbers}"]


def _names_wanted(facts: TableFacts) -> set[str]:
    """Features whose lines name the list of their names."""
    found = set(facts.form.targets)
    for name in facts.form.inputs:
        if any("NAMES[" in row for row in facts.scripts[name].prepare):
            found.add(name)
    return found


def _helpers(facts: TableFacts) -> list[str]:
    """The functions that the lines of features call, each once."""
    used = "\n".join(
        [
            *(row for name in facts.form.inputs for row in facts.scripts[name].prepare),
            *(row for name in facts.form.targets for row in facts.scripts[name].target),
            *(facts.scripts[name].strata for name in facts.form.targets[:1]),
        ]
    )
    functions = dict.fromkeys(
        helper for each in facts.scripts.values() for helper in each.helpers
    )
    rows: list[str] = []
    for function in functions:
        name = function[0].removeprefix("def ").partition("(")[0]
        if f"{name}(" in used:
            rows += ["", "", *function]
    return rows


def _prepare_rows(facts: TableFacts) -> list[str]:
    """The lines of `prepare`."""
    inputs = {name: facts.scripts[name].prepare for name in facts.form.inputs}
    targets = {name: facts.scripts[name].target for name in facts.form.targets}
    given = facts.prepared
    empty = ", ".join("{}" for _each in given.split(", "))
    why = "Columns as the model takes them; only training rows are learned from."
    return [
        "",
        "",
        "def prepare(table: pd.DataFrame, train: np.ndarray) -> tuple[dict, ...]:",
        f'{INDENT}"""{why}"""',
        f"{INDENT}{given} = {empty}",
        *column_rows(inputs),
        *column_rows(targets),
        f"{INDENT}return {given}",
    ]
