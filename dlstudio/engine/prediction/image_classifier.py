"""A trained model that tells the classes of images, with their preprocessing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.catalog.store import Catalog
from dlstudio.data.images.spec import ImageSpec, image_spec
from dlstudio.document.plan import LABEL
from dlstudio.document.project import is_image_model, reconstructs_images
from dlstudio.engine.heads.base import HeadType
from dlstudio.engine.heads.decisions import (
    decision_threshold,
    predicted_classes,
    with_decision,
)
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.prediction.model_file import load_run_model
from dlstudio.engine.prediction.model_origin import ModelFacts, model_facts
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runs.thresholds import kept_thresholds
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext

if TYPE_CHECKING:
    from dlstudio.data.features.base import Fitted
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import KerasModel

Scores = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]


class TrainedModel:
    """Predicts probabilities; one compiled function handles every batch size.

    Args:
        model: Functional, one input (n, height, width, channels), one output.
        classes: Their names in the order of the scores.
        image_spec: The form images are brought to before they enter the model.
        head_type: Turns outputs into probabilities.
        from_logits: The model's outputs are logits.
        target: Name of the feature that the output predicts.
        facts: For reports and cards.
        device: A TensorFlow device, or "" for its own choice.
        threshold: The one that was chosen for the output; None for the default.

    Raises:
        UserError: The number of outputs does not match the classes.
    """

    def __init__(
        self,
        model: KerasModel,
        classes: Sequence[str],
        image_spec: ImageSpec,
        head_type: HeadType,
        *,
        from_logits: bool,
        target: str = LABEL,
        facts: ModelFacts | None = None,
        device: str = "",
        threshold: float | None = None,
    ) -> None:
        self.model = model
        self.classes = tuple(classes)
        self.image_spec = image_spec
        self.head_type = head_type
        self.from_logits = from_logits
        self.target = target
        self.fitted: Fitted = with_decision({"names": self.classes}, threshold)
        self.facts = facts or ModelFacts()
        self.device = device
        self._check_ends()
        spec = tf.TensorSpec((None, *model.inputs[0].shape[1:]), tf.uint8)
        self._compiled = tf.function(
            self.outputs_of, input_signature=[spec], autograph=False
        )

    @property
    def has_several_labels(self) -> bool:
        """Each image may have any number of the labels."""
        return self.head_type.has_several_labels

    def _check_ends(self) -> None:
        inputs, outputs = self.model.inputs, self.model.outputs
        if len(inputs) != 1 or len(outputs) != 1 or len(inputs[0].shape) != 4:
            raise UserError(
                _(
                    "Images need a model with exactly one input (height, width, "
                    "channels) and one output, but this model has {inputs} and "
                    "{outputs}."
                ).format(inputs=len(inputs), outputs=len(outputs))
            )
        answers = self._answers(outputs[0].shape[1:])
        if answers < len(self.classes) or (
            self.has_several_labels and answers > len(self.classes)
        ):
            raise UserError(
                ngettext(
                    "The model outputs {units} score, but its run lists "
                    "{classes} classes.",
                    "The model outputs {units} scores, but its run lists "
                    "{classes} classes.",
                    answers,
                ).format(units=answers, classes=len(self.classes)),
                _("The run does not match its model. Train the project again."),
            )

    def _answers(self, shape: Sequence[int | None]) -> int:
        sizes = [size for size in shape if size is not None]
        if len(shape) > 1 or len(sizes) < len(shape):
            return 0
        example = np.zeros((1, *sizes), np.float32)
        return int(self.head_type.scores(example, self.from_logits).shape[-1])

    def outputs_of(self, images: npt.ArrayLike | Tensor) -> Tensor:
        """The model's raw outputs, as graph operations.

        Args:
            images: Tensor (n, height, width, channels) of 0 to 255, any numeric dtype.

        Returns:
            Tensor float32 (n, units).
        """
        values = tf.cast(images, self.model.inputs[0].dtype)
        outputs: Tensor = tf.cast(self.model(values, training=False), tf.float32)
        return outputs

    def scores_of(self, images: npt.ArrayLike | Tensor) -> Tensor:
        """Probabilities as graph operations: `head_type.scores`, for an exported file.

        Returns:
            Tensor float32 (n, classes).
        """
        outputs = self.outputs_of(images)
        found = self.head_type.tensors(outputs, self.fitted, self.from_logits)
        return found["scores"]

    @property
    def one_unit(self) -> bool:
        """Whether one output unit represents two classes."""
        return not self.has_several_labels and self.model.outputs[0].shape[1:] in (
            (),
            (1,),
        )

    def to_scores(self, outputs: Scores) -> Scores:
        """Probabilities (n, classes) of outputs (n, units); more units are left out."""
        scores = self.head_type.scores(outputs, self.from_logits)
        return scores[:, : len(self.classes)]

    def outputs(self, images: Pixels, batch: int = 64) -> Scores:
        """The model's raw outputs for prepared images.

        Args:
            images: uint8 (n, height, width, channels).
            batch: Batch size.

        Returns:
            float32 (n, units).
        """
        answers = [
            self._batch(images[start : start + batch])
            for start in range(0, len(images), batch)
        ]
        if not answers:
            units = [size or 0 for size in self.model.outputs[0].shape[1:]]
            return np.zeros((0, *units), np.float32)
        return np.concatenate(answers)

    def scores(self, images: Pixels, batch: int = 64) -> Scores:
        """Probabilities (n, classes), float32, of prepared images; see `outputs`."""
        return self.to_scores(self.outputs(images, batch))

    def _batch(self, images: Pixels) -> Scores:
        with tf.device(self.device or None):
            answer: Scores = self._compiled(tf.constant(images)).numpy()
        return answer

    def labels(self, scores: Scores) -> list[str] | list[list[str]]:
        """The predicted class of each row, or for tagging its labels.

        Args:
            scores: Probabilities (n, classes).
        """
        threshold = decision_threshold(self.fitted)
        if self.has_several_labels:
            return [
                [self.classes[index] for index in np.flatnonzero(row >= threshold)]
                for row in scores
            ]
        return [self.classes[index] for index in predicted_classes(scores, threshold)]


def load_trained(run: Run, catalog: Catalog, device: str = "") -> TrainedModel:
    """The model of a run, ready to predict.

    Args:
        run: With a trained model.
        catalog: Where its head is described.
        device: A TensorFlow device, or "" for its own choice.

    Raises:
        UserError: There is no model yet, it is damaged, or does not match the record.
    """
    if run.model_path is None:
        raise UserError(
            _("Run {id} has no trained model yet.").format(id=run.label),
            _(
                "Finish or resume its training with “dlstudio train --resume {id}”."
            ).format(id=run.number or run.id),
        )
    with tf.device(device or None):
        model = load_run_model(run)
    return trained_of(run, catalog, model, device)


def trained_of(
    run: Run, catalog: Catalog, model: KerasModel, device: str = ""
) -> TrainedModel:
    """A model with the classes and preprocessing from its run's record.

    Args:
        run: Its record names the classes, its project the preprocessing.
        catalog: Describes the head.
        model: The Keras model, loaded.
        device: A TensorFlow device such as "/CPU:0"; "" for the default.

    Raises:
        UserError: The record has no classes, or does not match the model.
    """
    project = run.project()
    if reconstructs_images(project):
        raise UserError(_("This model reconstructs images; it has no classes."))
    if not is_image_model(project):
        raise UserError(
            _("This model predicts from columns of a table, not from an image."),
            _("Use it on the command line: “dlstudio predict PROJECT TABLE”."),
        )
    classes = run.record.data.get("classes")
    if not isinstance(classes, list) or not all(isinstance(c, str) for c in classes):
        raise UserError(
            _("The record of run {id} does not list its classes.").format(id=run.label),
            _("The record is damaged. Train the project again."),
        )
    return TrainedModel(
        model,
        classes,
        image_spec(project.model, project.data.source),
        find_head_type(project.head, catalog),
        from_logits=project.plan.loss.params.get("from_logits") is True,
        target=project.output.feature,
        facts=model_facts(run, project, catalog),
        device=device,
        threshold=kept_thresholds(run.folder).get(project.output.feature),
    )
