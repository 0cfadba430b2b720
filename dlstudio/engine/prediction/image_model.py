"""A trained model that reconstructs images: its errors, its encoder and decoder."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.catalog.store import Catalog
from dlstudio.data.images.spec import ImageSpec, image_spec
from dlstudio.document.image_sections import AnomalyThreshold
from dlstudio.document.project import Project
from dlstudio.engine.heads.base import HeadType
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.heads.image_values import (
    Pixels,
    Values,
    image_tensor,
    pixels_of,
    squared_errors,
    values_of,
)
from dlstudio.engine.prediction.checkpoint_model import built_model
from dlstudio.engine.prediction.checkpoint_weights import assign_newest
from dlstudio.engine.prediction.latent import decoder_of, encoder_of
from dlstudio.engine.prediction.model_file import load_run_model
from dlstudio.engine.prediction.model_origin import ModelFacts, model_facts
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runs.thresholds import anomaly_threshold_of, kept_thresholds
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import KerasModel

BATCH = 64
Latent = npt.NDArray[np.float32]


class ImageModel:
    """A trained model whose output is its input, an image.

    Args:
        model: The Keras model, one image in and one out.
        project: The project it was trained with.
        catalog: Describes the head.
        facts: Where it comes from.
        threshold: The error above which an image is an anomaly; None if not known.
        chosen_threshold: The one that the user has chosen; None for the default.
    """

    def __init__(
        self,
        model: KerasModel,
        project: Project,
        catalog: Catalog,
        facts: ModelFacts | None = None,
        threshold: AnomalyThreshold | None = None,
        chosen_threshold: float | None = None,
    ) -> None:
        self.model = model
        self.project = project
        self.image_spec: ImageSpec = image_spec(project.model, project.data.source)
        self.head_type: HeadType = find_head_type(project.head, catalog)
        self.target = project.output.feature
        loss = project.loss_of(project.output)
        self.from_logits = loss.params.get("from_logits") is True
        self.facts = facts or ModelFacts()
        self.threshold, self.chosen_threshold = threshold, chosen_threshold
        self._whole = tf.function(
            self.images_of, autograph=False, reduce_retracing=True
        )

    @cached_property
    def encoder(self) -> KerasModel:
        """From images to their latent vectors; see `latent_of`."""
        return encoder_of(self.model)

    @cached_property
    def decoder(self) -> KerasModel:
        """From latent vectors to the model's output."""
        return decoder_of(self.model)

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """The shape of one latent vector."""
        return tuple(int(side or 0) for side in self.decoder.inputs[0].shape[1:])

    @property
    def quantile(self) -> float:
        """Share of the validation images that the threshold lets pass."""
        quantile = self.project.output.head.params.get("quantile", QUANTILE)
        return quantile if isinstance(quantile, float) else QUANTILE

    def images_of(self, images: Any) -> Tensor:
        """Reconstructions as graph operations, float32 from 0 to 1.

        Args:
            images: Tensor (n, height, width, channels) of 0 to 255, any numeric dtype.
        """
        values = tf.cast(images, self.model.inputs[0].dtype)
        found: Tensor = image_tensor(
            self.model(values, training=False), self.from_logits
        )
        return found

    def reconstruct(self, images: Pixels, batch: int = BATCH) -> Values:
        """Reconstructions, float32 (n, height, width, channels) from 0 to 1.

        Args:
            images: uint8 (n, height, width, channels).
            batch: Images that enter the model at once.
        """
        return _batched(lambda some: self._whole(tf.constant(some)), images, batch)

    def errors(self, images: Pixels, batch: int = BATCH) -> npt.NDArray[np.float64]:
        """The mean squared error of each image, (n,), of values from 0 to 1."""
        found = [
            squared_errors(values_of(some), self.reconstruct(some, batch))
            for some in (
                images[start : start + batch] for start in range(0, len(images), batch)
            )
        ]
        return np.concatenate(found) if found else np.zeros(0)

    def encode(self, images: Pixels, batch: int = BATCH) -> Latent:
        """The latent vector of each image, float32 (n, ...); the mean of a VAE's."""
        dtype = self.model.inputs[0].dtype

        def some_of(some: npt.NDArray[Any]) -> Tensor:
            found: Tensor = tf.cast(
                self.encoder(tf.cast(some, dtype), training=False), tf.float32
            )
            return found

        return _batched(some_of, images, batch)

    def decode(self, latent: Latent, batch: int = BATCH) -> Pixels:
        """Images of latent vectors, uint8 (n, height, width, channels)."""

        def some_of(some: npt.NDArray[Any]) -> Tensor:
            found: Tensor = image_tensor(
                self.decoder(tf.constant(some), training=False), self.from_logits
            )
            return found

        return pixels_of(_batched(some_of, latent, batch))

    def is_anomaly(self, error: float) -> bool | None:
        """Whether an error is above the threshold; None where there is none."""
        return None if self.threshold is None else error > self.threshold.value


QUANTILE = 0.99


def load_image_model(run: Run, catalog: Catalog, device: str = "") -> ImageModel:
    """The model of a run, with the threshold of anomalies in effect.

    Args:
        run: With a trained model that reconstructs images.
        catalog: Describes the head.
        device: A TensorFlow device, or "" for its own choice.

    Raises:
        UserError: There is no model yet, it is damaged, or does not fit.
    """
    if run.model_path is None:
        raise UserError(
            _("Run {id} has no trained model yet.").format(id=run.label),
            _(
                "Finish or resume its training with “dlstudio train --resume {id}”."
            ).format(id=run.number or run.id),
        )
    project = run.project()
    with tf.device(device or None):
        model = load_run_model(run)
    facts = model_facts(run, project, catalog)
    threshold = anomaly_threshold_of(run.folder, project.output.feature)
    chosen = kept_thresholds(run.folder).get(project.output.feature)
    return ImageModel(model, project, catalog, facts, threshold, chosen)


def load_image_checkpoint(run: Run, catalog: Catalog) -> tuple[ImageModel, str]:
    """The model at its newest valid checkpoint, and the checkpoint's name.

    Raises:
        UserError: There is no checkpoint yet, or it does not fit.
    """
    project = run.project()
    model = built_model(run, project, catalog)
    facts = model_facts(run, project, catalog)
    return ImageModel(model, project, catalog, facts), assign_newest(model, run)


def _batched(
    function: Any, values: npt.NDArray[Any], batch: int
) -> npt.NDArray[np.float32]:
    """The results of all values (n, ...), some at a time."""
    starts = range(0, max(len(values), 1), batch)
    found = [np.asarray(function(values[start : start + batch])) for start in starts]
    return np.concatenate(found).astype(np.float32)
