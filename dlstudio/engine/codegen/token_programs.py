"""The programs of heads whose targets are about the tokens that a model makes."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.engine.codegen.graph_writer import written_names
from dlstudio.engine.codegen.language_program import language_program
from dlstudio.engine.codegen.output_plan import OutputPlan
from dlstudio.engine.codegen.program_input import ProgramInput
from dlstudio.engine.codegen.script_data import ScriptData
from dlstudio.engine.codegen.tag_program import tag_program
from dlstudio.engine.codegen.token_program import TokenProgram, TokenTask
from dlstudio.engine.codegen.translation_program import translation_program
from dlstudio.errors import UserError
from dlstudio.i18n import _

TAGS, LANGUAGE, SEQUENCES = (
    f"dlstudio.heads.{name}"
    for name in ("token_classification", "language_model", "sequence_to_sequence")
)


def token_program(
    project: Project,
    data: ScriptData,
    inputs: Sequence[ProgramInput],
    outputs: Sequence[OutputPlan],
    catalog: Catalog,
) -> TokenProgram | None:
    """What a program has beside that of a table; None where targets are no tokens.

    Args:
        project: The project.
        data: What the script reads.
        inputs, outputs: Of the model.
        catalog: Describes layers.

    Raises:
        UserError: A script does not train such a model.
    """
    kinds = {each.binding.head.kind for each in outputs}
    if not kinds & {TAGS, LANGUAGE, SEQUENCES}:
        return None
    if len(outputs) > 1:
        raise UserError(_("A script predicts tokens with a single output only."))
    (output,), names = outputs, written_names(project, project.model, catalog)
    task = TokenTask(project, data, inputs, output, names)
    if TAGS in kinds:
        return tag_program(task)
    return language_program(task) if LANGUAGE in kinds else translation_program(task)
