"""Writes the whole program for images in folders: from the files to an export."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.document.plan import LABEL
from dlstudio.document.project import MODEL, Project
from dlstudio.engine.codegen.column_loops import list_rows
from dlstudio.engine.codegen.export_writer import export_rows
from dlstudio.engine.codegen.fit_writer import fit_rows, seed_of
from dlstudio.engine.codegen.folder_reader import (
    image_prepare_rows,
    image_split_rows,
    listing_rows,
)
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
from dlstudio.engine.codegen.script_folder import ScriptFolder
from dlstudio.engine.codegen.table_compile import table_compile_rows
from dlstudio.engine.model.call_arguments import layer_names


def write_folder_program(
    project: Project,
    folder: ScriptFolder,
    functions: Mapping[str, str],
    values: LiteralWriter,
    body: ScriptBody,
) -> None:
    """Write everything below the imports.

    Args:
        project: Its data is a folder of classes.
        folder: What the script reads.
        functions: Function name for each graph that is used, innermost first.
        values: Writes parameter values.
        body: The script, which is appended to.

    Raises:
        UserError: Something of the project has no form in a script.
    """
    catalog = values.catalog
    outputs = output_plans(project, folder, catalog)
    inputs = program_inputs(project)
    body.add(*_constants(project, folder))
    body.add(*listing_rows(project, folder.listing))
    body.add(*image_split_rows(project, folder.listing))
    body.add(*image_prepare_rows(project, folder))
    helpers = helper_rows(project.model)
    learning = bool(helpers)
    names = layer_names(project.model)
    rows = TrainingRows(inputs_of(project.model, names), folder.sizes["train"])
    body.add(*helpers)
    for graph in functions:
        given = rows if learning and graph == MODEL else None
        GraphWriter(project, graph, functions, values, body, given).write()
    body.add(*table_compile_rows(project, outputs, values))
    body.add(*rate_rows(project, catalog))
    body.add(*fit_rows(project, folder, inputs, outputs, catalog, learning=learning))
    body.add(*export_rows(project, folder, inputs, outputs, catalog))
    body.add("", "", 'if __name__ == "__main__":', f"{INDENT}main()")


def _constants(project: Project, folder: ScriptFolder) -> list[str]:
    plan = project.plan
    names = list_rows(
        f"{INDENT}{quoted(LABEL)}: ", map(quoted, folder.scripts[LABEL].names), ","
    )
    return [
        "",
        f"FOLDER = pathlib.Path({quoted(folder.listing.root.as_posix())})",
        "NAMES = {",
        *names,
        "}",
        f"EPOCHS, BATCH_SIZE, SEED = {plan.epochs}, {plan.batch_size}, "
        f"{seed_of(project)}",
    ]
