"""Writes the whole program for images in folders: from the files to an export."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.document.plan import LABEL
from dlstudio.document.project import Project
from dlstudio.engine.codegen.column_loops import list_rows
from dlstudio.engine.codegen.fit_writer import seed_of
from dlstudio.engine.codegen.folder_reader import (
    image_prepare_rows,
    image_split_rows,
    listing_rows,
)
from dlstudio.engine.codegen.graph_writer import ScriptBody
from dlstudio.engine.codegen.literals import INDENT, LiteralWriter, quoted
from dlstudio.engine.codegen.output_plan import output_plans
from dlstudio.engine.codegen.script_folder import ScriptFolder
from dlstudio.engine.codegen.training_program import write_training


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
    body.add(*_constants(project, folder))
    body.add(*listing_rows(project, folder.listing))
    body.add(*image_split_rows(project, folder.listing))
    body.add(*image_prepare_rows(project, folder))
    write_training(project, folder, outputs, functions, values, body)


def _constants(project: Project, folder: ScriptFolder) -> list[str]:
    plan = project.plan
    names = list_rows(
        f"{INDENT}{quoted(LABEL)}: ", map(quoted, folder.scripts[LABEL].names), ","
    )
    classes = ["NAMES = {", *names, "}"] if folder.listing.samples.classes else []
    return [
        "",
        f"FOLDER = pathlib.Path({quoted(folder.listing.root.as_posix())})",
        *classes,
        f"EPOCHS, BATCH_SIZE, SEED = {plan.epochs}, {plan.batch_size}, "
        f"{seed_of(project)}",
    ]
