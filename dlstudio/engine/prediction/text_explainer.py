"""Explains predictions of models that read texts, token by token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from dlstudio.document.text_explanation import TextAttention, TextExplanation
from dlstudio.engine.prediction.attention_weights import AttentionReader, Weights
from dlstudio.engine.prediction.feature_model import FeatureModel, PredictedFeature
from dlstudio.engine.prediction.integrated_gradients import IntegratedGradients
from dlstudio.engine.prediction.predict_rows import one_row, predict_sample
from dlstudio.engine.prediction.text_entries import (
    ReadText,
    TextEntry,
    entered_text,
    text_entries,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    import numpy.typing as npt

    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import KerasTensor


def reads_texts(model: FeatureModel) -> bool:
    """Whether a text enters a model."""
    return any(_is_text(model, name) for name in model.inputs)


class TextExplainer:
    """Explains the predictions of one model; the first one of an output takes longest.

    Args:
        model: A run's model.

    Raises:
        UserError: No text enters it, or by layers of which no attribution is known.
    """

    def __init__(self, model: FeatureModel) -> None:
        self.model = model
        if model.written is not None:
            raise _unexplained(model.outputs[0].name)
        names = [name if _is_text(model, name) else "" for name in model.inputs]
        self._entries = text_entries(model.model, names)
        self._attention = AttentionReader(model.model, self._entries)
        self._gradients: dict[str, IntegratedGradients] = {}

    def explain(
        self, values: Mapping[str, str], output: str = "", label: str = ""
    ) -> TextExplanation:
        """What the model looks at to predict one sample.

        Args:
            values: By feature, as they are typed; one that is not there is missing.
            output: Name of the feature that is predicted; "" for the first one.
            label: The class to explain; "" for the predicted one.

        Raises:
            UserError: A value cannot be used, or the output is none of one class or
                one number.
        """
        predicted = self._output(output)
        classes = tuple(predicted.head_type.class_names(predicted.fitted))
        if classes and not label:
            label = self._label(values, predicted.name)
        place = classes.index(label) if classes else 0
        rows = self.model.encode(one_row(self.model, values))
        arrays = self.model.values(rows)
        pairs = zip(arrays, self.model.model.inputs, strict=True)
        tensors = [_tensor(each, wanted) for each, wanted in pairs]
        read = []
        for entry in self._entries:
            entered = entered_text(arrays[self.model.inputs.index(entry.feature)])
            read.append(entry.read(entered, values.get(entry.feature, "")))
        integral = self._gradient(predicted).explain(tensors, place)
        parts = [
            entry.shares(text, found)
            for entry, text, found in zip(
                self._entries, read, integral.attributions, strict=True
            )
        ]
        total = float(sum(abs(value) for part in parts for value in part))
        return TextExplanation(
            predicted.name,
            label if classes else "",
            integral.value,
            integral.baseline,
            integral.gap,
            total,
            tuple(
                text.shown.with_shares([value / (total or 1.0) for value in part])
                for text, part in zip(read, parts, strict=True)
            ),
            self._looked_at(tensors, read),
        )

    def _output(self, name: str) -> PredictedFeature:
        """An output by its name, or the first one."""
        outputs = self.model.outputs
        found = next((each for each in outputs if each.name == name or not name), None)
        if found is None:
            raise UserError(
                _("The model does not predict “{name}”.").format(name=name),
                _("It predicts: {names}.").format(
                    names=", ".join(each.name for each in outputs)
                ),
            )
        head = found.head_type
        if head.AXES != 1 or not (head.has_classes or self._is_number(found)):
            raise _unexplained(found.name)
        return found

    def _is_number(self, output: PredictedFeature) -> bool:
        """Whether an output is one number."""
        sizes = self.model.model.outputs[output.place].shape[1:]
        example = tf.zeros((1, *(size or 1 for size in sizes)))
        return "value" in self._tensors(output, example)

    def _tensors(self, output: PredictedFeature, values: Tensor) -> dict[str, Tensor]:
        return output.head_type.tensors(values, output.fitted, output.from_logits)

    def _label(self, values: Mapping[str, str], output: str) -> str:
        """The class that is predicted; of several labels the most likely one."""
        found = predict_sample(self.model, values)
        if found.error:
            raise UserError(found.error)
        answer = found.outputs[output]
        scores: dict[str, float] = answer["scores"]
        if "labels" in answer:
            return max(scores, key=lambda name: scores[name])
        return str(answer["label"])

    def _gradient(self, output: PredictedFeature) -> IntegratedGradients:
        if output.name not in self._gradients:

            def score(values: Tensor) -> Tensor:
                found = self._tensors(output, values)
                scores: Tensor = tf.reshape(
                    found["scores" if "scores" in found else "value"],
                    (tf.shape(values)[0], -1),
                )
                return scores

            self._gradients[output.name] = IntegratedGradients(
                self.model.model, self._entries, output.place, score
            )
        return self._gradients[output.name]

    def _looked_at(
        self, tensors: list[Tensor], read: list[ReadText]
    ) -> tuple[TextAttention, ...]:
        """The attention layers' weights of tokens."""
        texts = dict(zip((each.feature for each in self._entries), read, strict=True))
        return tuple(
            _weights_of(call.layer.name, call.entry, texts[call.entry.feature], weights)
            for call, weights in zip(
                self._attention.calls, self._attention.read(tensors), strict=True
            )
        )


def _weights_of(
    layer: str, entry: TextEntry, read: ReadText, weights: Weights
) -> TextAttention:
    """The weight of each token.

    Args:
        layer: Name of the layer.
        entry: The text that it looks at.
        read: The text.
        weights: Of each head, query and position.
    """
    if weights.shape[1] == weights.shape[2]:
        # The queries are the positions themselves: those of padding do not count.
        real = np.array([bool(tokens) for tokens in read.positions])
        weights = weights[:, real] if real.any() else weights
    heads = [entry.shares(read, head.mean(axis=0)) for head in weights]
    return TextAttention(layer, entry.feature, tuple(map(tuple, heads)))


def _unexplained(feature: str) -> UserError:
    """The error for an output that is none of one class or one number."""
    return UserError(
        _("No attribution is available for “{feature}”.").format(feature=feature),
        _("Only predictions of one class or one number are explained."),
    )


def _is_text(model: FeatureModel, name: str) -> bool:
    return bool(model.catalog[model.feature(name).kind].extra.get("prose"))


def _tensor(values: npt.NDArray[Any], wanted: KerasTensor) -> Tensor:
    """A value of an input, in the type that the model takes."""
    if values.dtype == object:
        text: Tensor = tf.constant(values.tolist(), tf.string)
        return text
    number: Tensor = tf.cast(tf.constant(values), wanted.dtype)
    return number
