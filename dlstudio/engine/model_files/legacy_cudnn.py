"""Weights of Keras 2's CuDNNLSTM and CuDNNGRU as its LSTM and GRU had them.

Keras 2 could load the one into the other: `_convert_rnn_weights` in
`keras/src/saving/legacy/hdf5_format.py` of Keras 2.15 (Apache License 2.0) does what is
done here. The reasons are in cuDNN's own formulas
(https://docs.nvidia.com/deeplearning/cudnn/, “cudnnRNNMode_t”):

- cuDNN multiplies matrices from the left, W x, and Keras from the right, x W. CuDNNLSTM
  gave the memory of each gate's kernel (inputs, units) to cuDNN, which read it as
  (units, inputs); so it is read that way here, and transposed.
- cuDNN adds two biases, one behind W x and one behind R h. In an LSTM both enter the
  same sum, so Keras' one bias is their sum. In a GRU the second one is multiplied by
  the reset gate with R h, so both are kept: GRU with `reset_after=True`.
- The gates in the file are in the order of LSTM (input, forget, cell, output) and of
  GRU (update, reset, new state) already; CuDNNGRU exchanged the first two for cuDNN.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = "npt.NDArray[np.generic]"
Shape: TypeAlias = tuple[int, ...]

LAYERS: Mapping[str, str] = {"CuDNNGRU": "GRU", "CuDNNLSTM": "LSTM"}
"""What does the same as a layer of cuDNN, with the defaults of Keras 3."""
LSTM_GATES, GRU_GATES = 4, 3


def from_cudnn(shapes: Sequence[Shape], arrays: Sequence[Array]) -> list[Array]:
    """Arrays in which those of cuDNN's layers are as LSTM and GRU have them.

    Args:
        shapes: Of the variables, in their order: kernel (inputs, gates * units),
            recurrent kernel (units, gates * units), and bias, of an LSTM (4 * units,)
            and of a GRU (2, 3 * units).
        arrays: One for each variable; the same kernels, and biases (8 * units,) or
            (6 * units,) where a layer of cuDNN had them.

    Returns:
        Other arrays are left as they are, and all of them if their number is another.
    """
    found = list(arrays)
    if len(shapes) != len(arrays):
        return found
    for place in range(2, len(found)):
        kernel, recurrent, bias = found[place - 2 : place + 1]
        gates = _gates(shapes[place], bias.shape)
        if not gates or not _are_kernels(
            shapes[place - 2 : place], (kernel, recurrent), gates
        ):
            continue
        found[place - 2] = _each_gate(kernel, gates)
        found[place - 1] = _each_gate(recurrent, gates)
        two = bias.reshape(2, -1)
        found[place] = two if gates == GRU_GATES else _sum(two)
    return found


def _gates(wanted: Shape, bias: Shape) -> int:
    """Number of gates of a layer of cuDNN with this bias; 0 if it is none."""
    if len(bias) != 1:
        return 0
    if len(wanted) == 1 and bias[0] == 2 * wanted[0]:
        return LSTM_GATES
    if len(wanted) == 2 and wanted[0] == 2 and bias[0] == 2 * wanted[1]:
        return GRU_GATES
    return 0


def _are_kernels(
    shapes: Sequence[Shape], kernels: tuple[Array, Array], gates: int
) -> bool:
    same = [each.shape for each in kernels] == list(shapes)
    recurrent = kernels[1].shape
    return same and len(recurrent) == 2 and recurrent[1] == gates * recurrent[0]


def _each_gate(kernel: Array, gates: int) -> Array:
    """The kernels of all gates, each read as (units, rows) and transposed."""
    parts = np.split(kernel, gates, axis=1)
    return np.concatenate([each.reshape(each.shape[::-1]).T for each in parts], axis=1)


def _sum(biases: Array) -> Array:
    found: Array = biases[0] + biases[1]
    return found
