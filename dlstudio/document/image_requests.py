"""What can be asked of a model that makes images, beyond its report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """New images of random latent vectors.

    Attributes:
        count: Number of images.
        seed: The same one gives the same images.
    """

    count: int
    seed: int


@dataclass(frozen=True, slots=True)
class WalkRequest:
    """Images between two images.

    Attributes:
        first, second: Ids of samples of the run's data.
        steps: Number of images, both ends among them; at least 2.
    """

    first: str
    second: str
    steps: int


ImageRequest = SampleRequest | WalkRequest
