"""What enters an imported model and what leaves it, as features and heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dlstudio.document.graph import OPAQUE, Graph
from dlstudio.document.graph_names import MODEL
from dlstudio.document.values import Spec
from dlstudio.engine.model.output_activation import (
    output_activation,
    saved_model_activation,
    source_node,
)

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel

EntryKind = Literal["image", "text", "number", "numbers", ""]
AnswerKind = Literal["classes", "labels", "number", ""]
CHANNELS = (1, 3, 4)
MOST_COLUMNS = 256
SOFTMAX, SIGMOID = "softmax", "sigmoid"
LOGITS = frozenset(
    (
        *("Activation", "Add", "Average", "Conv1D", "Conv2D", "Conv3D", "Dense"),
        *("EinsumDense", "Rescaling"),
    )
)
"""Layers that may give logits of classes, which poolings or embeddings never do."""


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """An input of a model.

    Attributes:
        node: Id of its node.
        kind: The feature that can enter it; "" for none that the studio knows.
        shape: Of one sample.
    """

    node: str
    kind: EntryKind
    shape: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """An output of a model.

    Attributes:
        node: Id of its node.
        kind: What it can mean; "" for nothing that the studio knows.
        units: Number of its values.
        from_logits: Whether the values are no probabilities yet.
    """

    node: str
    kind: AnswerKind
    units: int
    from_logits: bool = False

    @property
    def classes(self) -> int:
        """Number of classes that it tells apart; 0 for a number."""
        if self.kind in ("", "number"):
            return 0
        return 2 if self.kind == "classes" and self.units == 1 else self.units


def are_known(entries: Sequence[ModelEntry], answers: Sequence[ModelAnswer]) -> bool:
    """Whether all inputs and outputs of a model mean something.

    Args:
        entries: The inputs.
        answers: The outputs.
    """
    inputs = all(each.kind for each in entries)
    return inputs and bool(answers) and all(each.kind for each in answers)


def entries_of(graph: Graph, model: KerasModel) -> tuple[ModelEntry, ...]:
    """The inputs of a model, in their order.

    Args:
        graph: Of the model.
        model: Built from it.
    """
    return tuple(
        ModelEntry(node.id, _entry(tuple(tensor.shape[1:]), str(tensor.dtype)), shape)
        for node, tensor in zip(graph.inputs, model.inputs, strict=True)
        for shape in (tuple(tensor.shape[1:]),)
    )


def _entry(shape: tuple[int | None, ...], dtype: str) -> EntryKind:
    if dtype == "string":
        return "text" if shape in ((), (1,)) else ""
    if len(shape) == 3 and shape[-1] in CHANNELS:
        return "image"
    if shape in ((), (1,)):
        return "number"
    if len(shape) == 1 and shape[0] is not None and shape[0] <= MOST_COLUMNS:
        return "numbers" if "float" in dtype else ""
    return ""


def answers_of(
    graphs: Mapping[str, Graph],
    model: KerasModel,
    losses: Mapping[str, Spec],
    measured: Sequence[str] = (),
) -> tuple[ModelAnswer, ...]:
    """The outputs of a model, in their order.

    Args:
        graphs: Of the model.
        model: Built from them.
        losses: That it was trained with, by output; "" for all.
        measured: Activations that are not known otherwise, by output; see
            `measured_activations`.
    """
    graph = graphs[MODEL]
    ids = graph.output_ids()
    if len(ids) != len(model.outputs):
        return ()
    return tuple(
        _answer(
            id,
            tuple(tensor.shape[1:]),
            output_activation(graphs, MODEL, id) or known,
            _may_be_logits(graphs, id),
            losses.get(id, losses.get("")),
        )
        for id, tensor, known in zip(
            ids, model.outputs, measured or ("",) * len(ids), strict=True
        )
    )


def _may_be_logits(graphs: Mapping[str, Graph], id: str) -> bool:
    node = source_node(graphs, MODEL, id)
    if node is None:
        return False
    linear = node.kind == OPAQUE and saved_model_activation(node) == "linear"
    return linear or node.kind.rpartition(".")[2] in LOGITS


def _answer(
    node: str,
    shape: tuple[int | None, ...],
    activation: str,
    may_be_logits: bool,
    loss: Spec | None,
) -> ModelAnswer:
    if len(shape) != 1 or shape[0] is None:
        return ModelAnswer(node, "", 0)
    units = shape[0]
    name = loss.kind.rpartition(".")[2] if loss else ""
    logits = bool(loss and loss.params.get("from_logits"))
    if activation == SOFTMAX and units > 1:
        return ModelAnswer(node, "classes", units)
    if activation == SIGMOID:
        kind: AnswerKind = "classes" if units == 1 else "labels"
        if units > 1 and "Categorical" in name:
            kind = "classes"
        return ModelAnswer(node, kind, units)
    if logits and "Categorical" in name and units > 1:
        return ModelAnswer(node, "classes", units, from_logits=True)
    if logits and "Binary" in name:
        return ModelAnswer(
            node, "classes" if units == 1 else "labels", units, from_logits=True
        )
    if units == 1:
        return ModelAnswer(node, "number", 1)
    if not loss and not activation and may_be_logits:
        return ModelAnswer(node, "classes", units, from_logits=True)
    return ModelAnswer(node, "", units)
