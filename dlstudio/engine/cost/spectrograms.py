"""Multiply-adds of layers that compute spectrograms.

Args:
    layer: The built Keras layer.
    inputs: The shape of each input, batch first.
    outputs: The shape of each output, batch first.

Returns:
    Multiply-adds for one sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlstudio.engine.cost.layer_protocols import MelSpectrogram, StftSpectrogram

Shape = Sequence[Any]


def mel(
    layer: MelSpectrogram, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int:
    """Per frame 2·N·log2 N for the transform and bins · bands for the mel matrix.

    Cooley & Tukey, "An algorithm for the machine calculation of complex Fourier
    series" (1965): N/2 · log2 N complex products of four real ones each.
    """
    length = int(layer.fft_length)
    frames = int(outputs[0][-1])
    bins = length // 2 + 1
    transform = 2 * length * (length.bit_length() - 1)
    return frames * (transform + bins * int(layer.num_mel_bins))


def stft(
    layer: StftSpectrogram, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int:
    """Keras convolves each channel with a bank of sines and cosines, its weights."""
    both = 2 if layer.mode == "stft" else 1
    bins = int(layer.weights[0].shape[-1])
    places = int(prod(outputs[0][1:])) // (both * bins)  # frames · channels
    return places * sum(int(prod(weight.shape)) for weight in layer.weights)


SPECTROGRAMS: dict[str, Any] = {"MelSpectrogram": mel, "STFTSpectrogram": stft}
