"""What the outputs of blocks are, which no configuration says: found by computing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from dlstudio.document.graph import OPAQUE, Graph, Node
from dlstudio.document.graph_names import MODEL
from dlstudio.document.saved_model_block import calls_saved_model
from dlstudio.engine.file_import.opened_model import Outputs, computed_outputs
from dlstudio.engine.model.output_activation import source_node

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel

CLOSE = 1e-3
"""How far sums of probabilities may be from 1."""


def measured_activations(
    graphs: Mapping[str, Graph], model: KerasModel
) -> Sequence[str]:
    """The activation of each output that a block gives: "softmax", or "" if unknown.

    Args:
        graphs: Of the model.
        model: Built from them, with its weights.

    Returns:
        In the order of the outputs; empty where no block gives one.
    """
    ids = graphs[MODEL].output_ids()
    nodes = [source_node(graphs, MODEL, id) for id in ids]
    blocks = [each is not None and _is_unknown(each) for each in nodes]
    if not any(blocks) or len(ids) != len(model.outputs):
        return ()
    _values, outputs = computed_outputs(model)
    return [
        "softmax" if block and _are_probabilities(each) else ""
        for block, each in zip(blocks, outputs, strict=True)
    ]


def _is_unknown(node: Node) -> bool:
    """Whether only computing tells; the program of a SavedModel was read already."""
    return node.kind == OPAQUE and not calls_saved_model(node)


def _are_probabilities(values: Outputs) -> bool:
    """Whether each row of values sums up to 1, as those of a softmax do."""
    if values.ndim != 2 or values.shape[1] < 2 or np.any(values < 0):
        return False
    return bool(np.all(np.abs(values.sum(axis=1) - 1) < CLOSE))
