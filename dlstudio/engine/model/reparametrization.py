"""The layer that a variational autoencoder draws its latent vectors with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


@keras.saving.register_keras_serializable("dlstudio")
class Sampling(keras.layers.Layer):  # type: ignore[misc]
    """Draws from a normal distribution while training; gives its mean otherwise.

    The noise comes from a generator whose state is one of the layer's variables, so it
    is saved in checkpoints and depends on the seed and the number of steps alone.

    Args:
        seed: Seed of the noise; None for one that the plan's seed gives.
        **options: Those of `keras.layers.Layer`, such as its name.
    """

    def __init__(self, seed: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(
        self, mean: Tensor, log_variance: Tensor, training: bool | None = None
    ) -> Tensor:
        """A vector for each sample.

        Args:
            mean: Of the distribution, (n, ...).
            log_variance: Logarithm of its variance, of the same shape.
            training: Whether to draw; the mean is given otherwise.
        """
        if not training:
            return mean
        noise = keras.random.normal(
            keras.ops.shape(mean), dtype=self.compute_dtype, seed=self.seed_generator
        )
        drawn: Tensor = mean + keras.ops.exp(0.5 * log_variance) * noise
        return drawn

    def build(
        self,
        mean_shape: tuple[int | None, ...],
        log_variance_shape: tuple[int | None, ...],
    ) -> None:
        """Check the shapes; there are no weights.

        Raises:
            ValueError: The two inputs have different shapes.
        """
        if tuple(mean_shape) != tuple(log_variance_shape):
            raise ValueError(
                f"mean and log_variance must have the same shape, not {mean_shape} "
                f"and {log_variance_shape}"
            )
        self.built = True

    def compute_output_shape(
        self,
        mean_shape: tuple[int | None, ...],
        log_variance_shape: tuple[int | None, ...],
    ) -> tuple[int | None, ...]:
        """The shape of the mean."""
        del log_variance_shape
        return mean_shape

    def get_config(self) -> dict[str, Any]:
        """The parameters, for saving."""
        return {**super().get_config(), "seed": self.seed}
