"""Writes the whole program for a source of images: from its files to an export."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.document.plan import IMAGE
from dlstudio.document.project import Project
from dlstudio.engine.codegen.fit_writer import seed_of
from dlstudio.engine.codegen.image_listing import names_rows
from dlstudio.engine.codegen.image_reader import file_rows, prepare_rows
from dlstudio.engine.codegen.image_split_writer import image_split_rows
from dlstudio.engine.codegen.literals import LiteralWriter
from dlstudio.engine.codegen.output_plan import output_plans
from dlstudio.engine.codegen.own_layers import draws
from dlstudio.engine.codegen.script_body import ScriptBody
from dlstudio.engine.codegen.script_images import ScriptImages
from dlstudio.engine.codegen.training_program import write_training


def write_image_program(
    project: Project,
    images: ScriptImages,
    functions: Mapping[str, str],
    values: LiteralWriter,
    body: ScriptBody,
) -> None:
    """Write everything below the imports.

    Args:
        project: Its data are images, and their labels.
        images: What the script reads.
        functions: Function name for each graph that is used, innermost first.
        values: Writes parameter values.
        body: The script, which is appended to.

    Raises:
        UserError: Something of the project has no form in a script.
    """
    outputs = output_plans(project, images, values.catalog)
    listing, plan = images.listing, project.plan
    between = ["", ""] if draws(project, functions) else [""]
    numbers = f"{plan.epochs}, {plan.batch_size}, {seed_of(project)}"
    body.add(*between, *listing.constants, *names_rows(listing.samples.classes))
    body.add(f"EPOCHS, BATCH_SIZE, SEED = {numbers}")
    body.add(*listing.functions)
    for decoder in images.scripts[IMAGE].helpers:
        body.add("", "", *decoder)
    if listing.in_files:
        body.add(*file_rows(listing, images.spec))
    body.add(*image_split_rows(project, listing))
    body.add(*prepare_rows(project, listing, images.spec))
    write_training(project, images, outputs, functions, values, body)
