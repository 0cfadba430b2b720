"""The attributes of Keras layers that the formulas read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dlstudio.engine.typing import KerasLayer, Variable


class HasKernel(Protocol):
    """A layer that slides a window over its input."""

    @property
    def kernel_size(self) -> Sequence[int]: ...


class Convolution(HasKernel, Protocol):
    """Conv1D, Conv2DTranspose, ConvLSTM2D, ..."""

    @property
    def filters(self) -> int: ...

    @property
    def groups(self) -> int: ...


class SeparableConvolution(HasKernel, Protocol):
    """SeparableConv1D, SeparableConv2D."""

    @property
    def depth_multiplier(self) -> int: ...


class Pooling(Protocol):
    """MaxPooling1D, AveragePooling2D, ..."""

    @property
    def pool_size(self) -> Sequence[int]: ...


class EinsumDense(Protocol):
    """EinsumDense."""

    @property
    def equation(self) -> str: ...


class Dot(Protocol):
    """Dot."""

    @property
    def axes(self) -> int | Sequence[int]: ...


class MelSpectrogram(Protocol):
    """MelSpectrogram."""

    @property
    def fft_length(self) -> int: ...

    @property
    def num_mel_bins(self) -> int: ...


class StftSpectrogram(Protocol):
    """STFTSpectrogram."""

    @property
    def mode(self) -> str: ...

    @property
    def weights(self) -> Sequence[Variable]: ...


class Wrapper(Protocol):
    """TimeDistributed, SpectralNormalization."""

    @property
    def layer(self) -> KerasLayer: ...


class Bidirectional(Protocol):
    """Bidirectional."""

    @property
    def forward_layer(self) -> KerasLayer: ...

    @property
    def backward_layer(self) -> KerasLayer: ...

    @property
    def merge_mode(self) -> str | None: ...


class Chain(Protocol):
    """Pipeline, Sequential."""

    @property
    def layers(self) -> Sequence[KerasLayer]: ...


class GroupedQueryAttention(Protocol):
    """GroupQueryAttention."""

    @property
    def head_dim(self) -> int: ...

    @property
    def num_query_heads(self) -> int: ...

    @property
    def num_key_value_heads(self) -> int: ...


class Cell(Protocol):
    """SimpleRNNCell, LSTMCell, GRUCell."""

    @property
    def units(self) -> int: ...

    @property
    def output_size(self) -> int: ...


class StackedCells(Protocol):
    """StackedRNNCells."""

    @property
    def cells(self) -> Sequence[Cell]: ...


class Recurrent(Protocol):
    """RNN, SimpleRNN, LSTM, GRU."""

    @property
    def cell(self) -> object: ...
