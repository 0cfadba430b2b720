"""Images that a decoder makes: of random latent vectors, and between two images.

All functions return uint8 images, for the window's live views, reports and files alike.
Load the model with `load_image_model`, or `load_image_checkpoint` while a run goes on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dlstudio.engine.heads.image_values import Pixels, pixels_of
from dlstudio.engine.prediction.image_model import ImageModel, Latent
from dlstudio.errors import UserError
from dlstudio.i18n import _

VARIATIONAL = "dlstudio.methods.variational"
GRID = 16
STEPS = 8


@dataclass(frozen=True, eq=False, slots=True)
class ImageViews:
    """What there is to see of a model that reconstructs images; all uint8.

    Attributes:
        originals: Images (n, height, width, channels).
        reconstructions: What the model gives for them, of the same shape.
        samples: New images (`GRID`, height, width, channels); none of a model whose
            latent vectors have no known distribution.
        walk: From the first to the second image (`STEPS`, height, width, channels);
            none of fewer than two images.
    """

    originals: Pixels
    reconstructions: Pixels
    samples: Pixels
    walk: Pixels


def image_views(model: ImageModel, images: Pixels, seed: int = 0) -> ImageViews:
    """Everything that the window shows live, for a handful of held-out images.

    Args:
        model: Trained, or at a checkpoint.
        images: uint8 (n, height, width, channels), as the model takes them.
        seed: Of the samples; the same one shows how the same images become clearer.
    """
    none = images[:0]
    return ImageViews(
        images,
        pixels_of(model.reconstruct(images)),
        sample_images(model, GRID, seed) if can_sample(model) else none,
        walk_between(model, images[0], images[1], STEPS) if len(images) > 1 else none,
    )


def can_sample(model: ImageModel) -> bool:
    """Whether the latent vectors are normally distributed, as variational ones are."""
    return model.project.plan.method.kind == VARIATIONAL


def sample_images(model: ImageModel, count: int, seed: int = 0) -> Pixels:
    """New images: decoded random vectors.

    Args:
        model: Trained with the method "variational".
        count: Number of images.
        seed: The same one gives the same images.

    Returns:
        uint8 (count, height, width, channels).

    Raises:
        UserError: The latent vectors of the model have no known distribution.
    """
    if not can_sample(model):
        raise UserError(
            _("This model cannot make new images: its latent vectors are not drawn."),
            _("Train a variational autoencoder, such as the template image-vae."),
        )
    shape = (count, *model.latent_shape)
    drawn = np.random.default_rng(seed).standard_normal(shape)
    return model.decode(drawn.astype(np.float32))


def walk_between(
    model: ImageModel, first: Pixels, second: Pixels, steps: int = STEPS
) -> Pixels:
    """Images on the straight line between the latent vectors of two images.

    Args:
        model: Trained in any way.
        first: uint8 (height, width, channels), as the model takes it.
        second: Where the walk ends.
        steps: Number of images, the reconstructions of both among them; at least 2.

    Returns:
        uint8 (steps, height, width, channels).
    """
    ends: Latent = model.encode(np.stack([first, second]))
    shares = np.linspace(0, 1, steps, dtype=np.float32)
    shares = shares.reshape(-1, *(1 for _axis in ends.shape[1:]))
    return model.decode((1 - shares) * ends[0] + shares * ends[1])
