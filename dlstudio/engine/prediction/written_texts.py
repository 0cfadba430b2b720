"""The model that writes the text that a trained model predicts token by token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlstudio.document.bindings import OutputBinding
from dlstudio.document.project import Project
from dlstudio.engine.heads.text_tokens import SEPARATOR, WORDS
from dlstudio.engine.model.call_arguments import layer_names
from dlstudio.engine.model.model_bindings import bound_inputs
from dlstudio.engine.text_search.beam_search import SearchOptions
from dlstudio.engine.text_search.sequence_model import cut_model
from dlstudio.engine.text_search.text_writer import writing_model
from dlstudio.engine.text_search.token_input import TokenInput, token_input
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.features.base import Fitted
    from dlstudio.engine.typing import KerasModel


@dataclass(frozen=True, eq=False, slots=True)
class WrittenTexts:
    """How the texts of an output are written.

    Attributes:
        model: From the inputs without the text to the numbers of its tokens.
        tokens: Where the text entered the model that was trained.
    """

    model: KerasModel
    tokens: TokenInput

    @property
    def learned(self) -> Fitted:
        """What the head needs to make texts of numbers."""
        return {WORDS: self.tokens.words, SEPARATOR: self.tokens.separator}


def search_options(output: OutputBinding) -> SearchOptions:
    """How the texts of an output are searched, as its head says."""
    default = SearchOptions()
    params = output.head.params
    return SearchOptions(
        int(str(params.get("beam_width", default.beam_width))),
        float(str(params.get("length_penalty", default.length_penalty))),
    )


def written_texts(
    model: KerasModel, project: Project, output: OutputBinding
) -> WrittenTexts:
    """How a trained model writes texts.

    Args:
        model: As it was trained, with the text as an input.
        project: With its bindings.
        output: The only output.

    Raises:
        UserError: The model has other outputs as well, or is no model of sequences.
    """
    if len(project.outputs) > 1:
        raise UserError(
            _(
                "A model that writes “{name}” token by token has no other output."
            ).format(name=output.feature),
            _("Remove the other outputs, and train the model again."),
        )
    names = layer_names(project.model)
    bound = zip(project.model.inputs, bound_inputs(project), strict=True)
    entered = {binding.feature: names[node.id] for node, binding in bound}
    if output.feature not in entered:
        raise UserError(
            _(
                "“{name}” is predicted token by token, but does not enter the model."
            ).format(name=output.feature),
            _("Add an Input layer for it, from which the decoder begins."),
        )
    tokens = token_input(model, entered[output.feature])
    logits = project.loss_of(output).params.get("from_logits") is True
    parts = cut_model(model, tokens)
    made = writing_model(parts, search_options(output), from_logits=logits)
    return WrittenTexts(made, tokens)
