"""How many tensors a layer or an operation gives."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.catalog.store import Catalog
from dlstudio.document.values import Spec, Value

WITH_STATES: Mapping[str, int] = {
    "LSTM": 3,
    "GRU": 2,
    "SimpleRNN": 2,
    "ConvLSTM1D": 3,
    "ConvLSTM2D": 3,
    "ConvLSTM3D": 3,
    "LSTMCell": 3,
    "GRUCell": 2,
    "SimpleRNNCell": 2,
}
"""Outputs of recurrent layers, and of RNN over a cell, if states are returned."""
PAIRS = ("moments", "top_k", "slogdet", "qr", "lu_factor", "rfft", "stft", "ctc_decode")
"""Operations that give two tensors."""


def layer_outputs(kind: str, params: Mapping[str, Value]) -> int | None:
    """The number of tensors of a call; None if it is not known."""
    name = kind.rpartition(".")[2]
    inside = params.get("layer")
    if name == "Bidirectional" and isinstance(inside, Spec):
        count = layer_outputs(inside.kind, inside.params)
        return None if count is None else 1 + 2 * (count - 1)
    if not params.get("return_state"):
        return 1
    cell = params.get("cell")
    if isinstance(cell, Spec):
        name = cell.kind.rpartition(".")[2]
    return WITH_STATES.get(name)


def operation_outputs(
    kind: str, params: Mapping[str, Value], catalog: Catalog
) -> int | None:
    """The number of tensors of an operation; None if it is not known.

    Args:
        kind: Of the operation.
        params: As written.
        catalog: Describes it.
    """
    if not catalog[kind].extra.get("several"):
        return 1
    name = kind.rpartition(".")[2]
    if name == "svd":
        return 1 if params.get("compute_uv") is False else 3
    parts = params.get("num" if name == "unstack" else "indices_or_sections")
    if isinstance(parts, tuple):
        return len(parts) + 1
    if isinstance(parts, int):
        return parts
    return 2 if name in PAIRS else None
