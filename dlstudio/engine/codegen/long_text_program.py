"""Writes the whole program for a long text: from its files to an export."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.document.project import Project
from dlstudio.engine.codegen.fit_writer import seed_of
from dlstudio.engine.codegen.literals import LiteralWriter
from dlstudio.engine.codegen.output_plan import output_plans
from dlstudio.engine.codegen.own_layers import draws
from dlstudio.engine.codegen.script_body import ScriptBody
from dlstudio.engine.codegen.script_long_text import ScriptLongText
from dlstudio.engine.codegen.training_program import write_training


def write_long_text_program(
    project: Project,
    text: ScriptLongText,
    functions: Mapping[str, str],
    values: LiteralWriter,
    body: ScriptBody,
) -> None:
    """Write everything below the imports.

    Args:
        project: Its data is a long text.
        text: What the script reads.
        functions: Function name for each graph that is used, innermost first.
        values: Writes parameter values.
        body: The script, which is appended to.

    Raises:
        UserError: Something of the project has no form in a script.
    """
    outputs, plan = output_plans(project, text, values.catalog), project.plan
    if draws(project, functions):  # a class stands above
        body.add("")
    numbers = f"{plan.epochs}, {plan.batch_size}, {seed_of(project)}"
    body.add("", *text.reading.constants)
    body.add(f"EPOCHS, BATCH_SIZE, SEED = {numbers}")
    body.add(*text.reading.functions)
    write_training(project, text, outputs, functions, values, body)
