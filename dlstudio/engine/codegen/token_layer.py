"""The layer of a script that makes tokens of a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dlstudio.data.token_layers import TEXT_VECTORIZATION
from dlstudio.document.project import Project
from dlstudio.engine.model.model_bindings import bound_inputs
from dlstudio.errors import UserError
from dlstudio.i18n import _


@dataclass(frozen=True, slots=True)
class WrittenTokens:
    """A TextVectorization whose numbers are the tokens of a text.

    Attributes:
        name: In the script.
        split: "whitespace" or "character".
    """

    name: str
    split: str


def token_layer(
    project: Project, feature: str, names: Mapping[str, str]
) -> WrittenTokens:
    """The layer that makes tokens of a feature's texts.

    Args:
        project: Has the model.
        feature: Enters an input of the model.
        names: Name of each layer in the script, by node id.

    Raises:
        UserError: There is none, or several, or it gives no numbers.
    """
    graph = project.model
    bound = zip(graph.inputs, bound_inputs(project), strict=True)
    ids = {node.id for node, binding in bound if binding.feature == feature}
    behind = [
        node
        for node in graph.nodes.values()
        if any(edge.source in ids for edge in graph.into(node.id))
    ]
    if len(behind) == 1 and behind[0].kind == TEXT_VECTORIZATION:
        (node,) = behind
        split = str(node.params.get("split", "whitespace"))
        numbers = node.params.get("output_mode") in (None, "int")
        if numbers and not node.params.get("ngrams") and not node.shares:
            return WrittenTokens(names[node.id], split)
    raise UserError(
        _("A script needs one TextVectorization layer that numbers the tokens.")
    )
