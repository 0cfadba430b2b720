"""Images that verify the export of a model whose data is not known."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from dlstudio.data.images.read import decoder_for
from dlstudio.data.split_names import GENERATED
from dlstudio.engine.export.image_samples import MODES, VerificationSamples
from dlstudio.engine.export.sample_choice import ENOUGH
from dlstudio.engine.prediction.image_classifier import Pixels, TrainedModel


def generated_images(trained: TrainedModel, count: int = ENOUGH) -> VerificationSamples:
    """Images of random blocks and gradients; the same ones each time.

    Args:
        trained: The model, which takes a size.
        count: Number of images.
    """
    spec = trained.image_spec
    generator = np.random.default_rng(0)
    pixels = np.stack([_image(generator, spec.shape) for _each in range(count)])
    encoded = [_png(each) for each in pixels]
    decoder = decoder_for(spec)
    names = [f"generated-{number}.png" for number in range(count)]
    return VerificationSamples(
        pixels=pixels,
        encoded=encoded,
        encoded_pixels=np.stack([decoder.one(each) for each in encoded]),
        names=names,
        encoded_names=names,
        drawn_from={GENERATED: count},
    )


def _image(generator: np.random.Generator, shape: tuple[int, int, int]) -> Pixels:
    height, width, channels = shape
    blocks = generator.integers(0, 256, (4, 4, channels))
    rows = np.arange(height) * 4 // max(height, 1)
    columns = np.arange(width) * 4 // max(width, 1)
    noise = generator.integers(-24, 25, shape)
    found: Pixels = np.clip(blocks[rows][:, columns] + noise, 0, 255).astype(np.uint8)
    return found


def _png(pixels: Pixels) -> bytes:
    stream = io.BytesIO()
    size = (pixels.shape[1], pixels.shape[0])
    image = Image.frombytes(MODES[pixels.shape[-1]], size, pixels.tobytes())
    image.save(stream, "PNG")
    return stream.getvalue()
