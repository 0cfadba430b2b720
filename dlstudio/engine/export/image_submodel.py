"""What is exported of a model that reconstructs images: all of it, or one half."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import keras
import tensorflow as tf

from dlstudio.engine.heads.image_values import image_tensor, targets_of
from dlstudio.engine.model.reparametrization import Sampling
from dlstudio.engine.prediction.image_model import ImageModel
from dlstudio.engine.prediction.latent import decoder_of, latent_of
from dlstudio.engine.preprocessing.tensor_graph import call_again, call_of
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import KerasModel

BOTH, ENCODER, DECODER = SUBMODELS = ("both", "encoder", "decoder")
IMAGES, LATENT = "images", "latent"


@dataclass(frozen=True, eq=False, slots=True)
class ImageSubmodel:
    """A part of a model, with layers of Keras alone.

    Attributes:
        name: One of `SUBMODELS`.
        model: From its argument to its result.
        argument: "images", float32 (n, height, width, channels) from 0 to 255, or
            "latent", float32 (n, ...).
        whole: The model it is a part of.
    """

    name: str
    model: KerasModel
    argument: str
    whole: ImageModel

    @property
    def takes_images(self) -> bool:
        """Whether images enter it."""
        return self.argument == IMAGES

    def results(self, given: Tensor) -> dict[str, Tensor]:
        """What it returns, as graph operations, float32 by name.

        Of both parts "image", values from 0 to 1, "error", the mean squared error of
        each image (n,), and "anomaly", bool (n,), where there is a threshold; of the
        encoder "latent"; of the decoder "image".

        Args:
            given: The argument.
        """
        entered = tf.cast(given, self.model.inputs[0].dtype)
        output = self.model(entered, training=False)
        if self.name == ENCODER:
            return {LATENT: tf.cast(output, tf.float32)}
        image = image_tensor(output, self.whole.from_logits)
        if self.name == DECODER:
            return {"image": image}
        far = tf.math.squared_difference(image, targets_of(given))
        error = tf.reduce_mean(far, axis=(1, 2, 3))
        found = {"image": image, "error": error}
        if self.whole.threshold is not None:
            found["anomaly"] = error > self.whole.threshold.value
        return found


def submodel_of(model: ImageModel, name: str) -> ImageSubmodel:
    """A part of a model for an export, without Sampling layers: they give the mean.

    Args:
        model: A run's model.
        name: One of `SUBMODELS`.

    Raises:
        UserError: There is no such part, or the model has no narrow place.
    """
    if name not in SUBMODELS:
        raise UserError(
            _(
                "“{name}” cannot be exported of a model that reconstructs images."
            ).format(name=name),
            _("Use one of: {names}.").format(names=", ".join(SUBMODELS)),
        )
    keras_model = model.model
    if name == DECODER:
        return ImageSubmodel(name, decoder_of(keras_model), LATENT, model)
    if name == ENCODER:
        latent = _mean_of(latent_of(keras_model))
        encoder = keras.Model(keras_model.inputs[0], latent, name=ENCODER)
        return ImageSubmodel(name, encoder, IMAGES, model)
    return ImageSubmodel(name, _without_sampling(keras_model), IMAGES, model)


def _mean_of(tensor: Any) -> Any:
    """The mean that a drawn tensor is near; any other tensor itself."""
    call = call_of(tensor)
    return call.input_tensors[0] if isinstance(call.operation, Sampling) else tensor


def _without_sampling(model: KerasModel) -> KerasModel:
    """The same layers, with the means in place of what Sampling layers draw."""
    layers = cast("Any", model).layers
    drawn = [each for each in layers if isinstance(each, Sampling)]
    if not drawn:
        return model
    given = {id(each.output): _mean_of(each.output) for each in drawn}
    (output,) = call_again(model.outputs, given)
    made: KerasModel = keras.Model(model.inputs[0], output, name=model.name)
    return made


def refuse_part(part: str) -> None:
    """Refuse to export a part of a model that has none.

    Raises:
        UserError: It is not the whole.
    """
    if part != BOTH:
        raise UserError(
            _("This model does not reconstruct images."), _("Export all of it.")
        )
