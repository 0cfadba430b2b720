"""Multiply-adds of recurrent layers: those of the cell, once for each step.

Args:
    layer: The built Keras layer, or the cell that is used as one.
    inputs: The shape of each input: (batch, steps, …), or (batch, features) of a cell.
    outputs: The shape of each output, batch first.

Returns:
    Multiply-adds for one sample; None for a cell that is not Keras'.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlstudio.engine.cost.layer_protocols import (
        Cell,
        Convolution,
        Recurrent,
        StackedCells,
    )

Shape = Sequence[Any]


def simple(cell: Cell, size: int) -> int:
    """units · (inputs + units): Elman, "Finding structure in time" (1990)."""
    units = int(cell.units)
    return units * (size + units)


def lstm(cell: Cell, size: int) -> int:
    """Four gates of units · (inputs + units), and three products of gates.

    Hochreiter & Schmidhuber, "Long short-term memory" (1997), with the forget gate
    of Gers et al. (2000).
    """
    units = int(cell.units)
    return 4 * units * (size + units) + 3 * units


def gru(cell: Cell, size: int) -> int:
    """Three gates of units · (inputs + units), and three products of gates.

    Cho et al., "Learning phrase representations using RNN encoder-decoder" (2014).
    """
    units = int(cell.units)
    return 3 * units * (size + units) + 3 * units


def stacked(cell: StackedCells, size: int) -> int | None:
    """One cell after the other, each fed with what the one before gives."""
    total = 0
    for each in cell.cells:
        cost = step(each, size)
        if cost is None:
            return None
        total, size = total + cost, int(each.output_size)
    return total


CELLS: dict[str, Callable[[Any, int], int | None]] = {
    "SimpleRNNCell": simple,
    "LSTMCell": lstm,
    "GRUCell": gru,
    "StackedRNNCells": stacked,
}


def step(cell: object, size: int) -> int | None:
    """One step of a cell on `size` numbers; None for a cell that is not Keras'."""
    formula = CELLS.get(type(cell).__name__)
    return None if formula is None else formula(cell, size)


def recurrent(
    layer: Recurrent, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int | None:
    """The cell once for each step of the sequence (batch, steps, numbers)."""
    cost = step(layer.cell, int(inputs[0][-1]))
    return None if cost is None else int(inputs[0][1]) * cost


def convolutional(
    layer: Convolution, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int:
    """Per step four gates of two convolutions, and three products of gates.

    Shi et al., "Convolutional LSTM network" (2015). The recurrent convolution keeps
    the size, so both are counted at the places of the output.
    """
    first = getattr(layer, "data_format", "channels_last") == "channels_first"
    rank = len(layer.kernel_size)
    sizes = outputs[0][-rank:] if first else outputs[0][-rank - 1 : -1]
    channels = inputs[0][2] if first else inputs[0][-1]
    filters, places = int(layer.filters), int(prod(sizes))
    kernel = int(prod(layer.kernel_size))
    gates = 4 * filters * kernel * (channels + filters)
    return int(inputs[0][1] * places * (gates + 3 * filters))


def cell_alone(
    layer: object, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int | None:
    """A cell used as a layer does one step."""
    return step(layer, int(inputs[0][-1]))


RECURRENT: dict[str, Any] = {
    **dict.fromkeys(("RNN", "SimpleRNN", "LSTM", "GRU"), recurrent),
    **dict.fromkeys(("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), convolutional),
    **dict.fromkeys(CELLS, cell_alone),
}
