"""Writes the whole program for a table: from the file to an exported model."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dlstudio.document.project import Project
from dlstudio.engine.codegen.column_loops import column_rows, packed
from dlstudio.engine.codegen.fit_writer import seed_of
from dlstudio.engine.codegen.literals import INDENT, LiteralWriter, quoted
from dlstudio.engine.codegen.output_plan import output_plans
from dlstudio.engine.codegen.own_layers import draws
from dlstudio.engine.codegen.script_body import ScriptBody
from dlstudio.engine.codegen.script_table import ScriptTable
from dlstudio.engine.codegen.split_writer import split_writer_rows
from dlstudio.engine.codegen.table_reader import reading_rows
from dlstudio.engine.codegen.training_program import write_training


def write_table_program(
    project: Project,
    table: ScriptTable,
    functions: Mapping[str, str],
    values: LiteralWriter,
    body: ScriptBody,
) -> None:
    """Write everything below the imports.

    Args:
        project: Its data is a table.
        table: What the script reads.
        functions: Function name for each graph that is used, innermost first.
        values: Writes parameter values.
        body: The script, which is appended to.

    Raises:
        UserError: Something of the project has no form in a script.
    """
    catalog = values.catalog
    outputs = output_plans(project, table, catalog)
    if draws(project, functions):  # a class stands above
        body.add("")
    body.add(*_constants(project, table))
    body.add(*reading_rows(project, table), *split_writer_rows(project, table))
    body.add(*_helpers(table), *_prepare_rows(table))
    write_training(project, table, outputs, functions, values, body)


def _constants(project: Project, table: ScriptTable) -> list[str]:
    plan = project.plan
    rows = ["", f"TABLE = {quoted(str(table.path))}"]
    if table.reading is not None:
        rows = ["", *table.reading.constants]
    named = {name: each.names for name, each in table.scripts.items() if each.names}
    wanted = _names_wanted(table)
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


def _names_wanted(table: ScriptTable) -> set[str]:
    """Features whose lines name the list of their names."""
    found = set(table.form.targets)
    for name in table.form.inputs:
        if any("NAMES[" in row for row in table.scripts[name].prepare):
            found.add(name)
    return found


def _helpers(table: ScriptTable) -> list[str]:
    """The functions that the lines of features call, each once."""
    used = "\n".join(
        [
            *(row for each in table.scripts.values() for row in each.usable),
            *(row for name in table.form.inputs for row in table.scripts[name].prepare),
            *(row for name in table.form.inputs for row in table.scripts[name].serve),
            *(row for name in table.form.targets for row in table.scripts[name].target),
            *(table.scripts[name].strata for name in table.form.targets[:1]),
        ]
    )
    functions = list(
        dict.fromkeys(
            helper for each in table.scripts.values() for helper in each.helpers
        )
    )
    kept = []
    for function in reversed(functions):  # the first ones are called by later ones
        name = function[0].removeprefix("def ").partition("(")[0]
        if re.search(rf"\b{name}\b", used):
            kept.append(function)
            used += "\n".join(function[1:])
    return [row for function in reversed(kept) for row in ("", "", *function)]


def _prepare_rows(table: ScriptTable) -> list[str]:
    """The lines of `prepare`."""
    inputs = {name: table.scripts[name].prepare for name in table.form.inputs}
    targets = {name: table.scripts[name].target for name in table.form.targets}
    given = table.prepared
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
