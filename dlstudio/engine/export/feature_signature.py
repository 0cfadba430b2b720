"""What an export of a model of features takes and returns, under which names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dlstudio.document.feature import Feature
from dlstudio.engine.features.base import load_tensor_feature
from dlstudio.engine.heads.decisions import decision_threshold
from dlstudio.engine.model.argument_names import argument_names
from dlstudio.engine.prediction.feature_model import FeatureModel, PredictedFeature
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasTensor

NUMBER = "float32"
STRING = "string"


@dataclass(frozen=True, slots=True)
class ExportInput:
    """An argument of an export.

    Attributes:
        name: The feature.
        argument: The feature's name as a valid argument.
        feature: Its type and settings.
        dtype: "float32" or "string".
        shape: Of one sample; () for a number or a string.
        model_shape: Of one sample at the model's own input.
        model_dtype: Data type of the model's own input.
        is_file: Whether a string is the content of a file.
    """

    name: str
    argument: str
    feature: Feature
    dtype: str
    shape: tuple[int | None, ...]
    model_shape: tuple[int | None, ...]
    model_dtype: str
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class ExportOutput:
    """The results of one output of an export.

    Attributes:
        predicted: The output of the model.
        value: Name of the result with the number, or the scores.
        label: Name of the result with the label; "" where numbers are predicted.
        tags: Name of the result with a tag for each token; "" where there is none.
    """

    predicted: PredictedFeature
    value: str
    label: str = ""
    tags: str = ""

    @property
    def name(self) -> str:
        """The predicted feature."""
        return self.predicted.name

    @property
    def dtype(self) -> str:
        """ "float32" of numbers and scores, "string" of texts."""
        return STRING if self.predicted.head_type.labels == "text" else NUMBER

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, in the order of the scores."""
        return self.predicted.head_type.class_names(self.predicted.fitted)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens of a text, in the order of their probabilities; of others none."""
        known = self.predicted.fitted.get("vocabulary", ())
        return tuple(known) if self.predicted.head_type.of_tokens else ()

    @property
    def threshold(self) -> float:
        """The lowest probability at which a label is predicted."""
        return decision_threshold(self.predicted.fitted)

    @property
    def has_several_labels(self) -> bool:
        """Whether a sample may have any number of labels."""
        return self.predicted.head_type.has_several_labels


@dataclass(frozen=True, slots=True)
class FeatureSignature:
    """All arguments, in the order of the model's inputs, and all results."""

    inputs: tuple[ExportInput, ...]
    outputs: tuple[ExportOutput, ...]


def feature_signature(model: FeatureModel) -> FeatureSignature:
    """What an export of `model` takes and returns.

    Raises:
        UserError: An export cannot take values of a feature's type.
    """
    names = argument_names(model.inputs, "input")
    inputs = tuple(
        _input(model, name, argument, tensor)
        for name, argument, tensor in zip(
            model.inputs, names, model.model.inputs, strict=True
        )
    )
    results = argument_names([each.name for each in model.outputs], "output")
    outputs = tuple(
        _output(each, result)
        for each, result in zip(model.outputs, results, strict=True)
    )
    return FeatureSignature(inputs, outputs)


def _input(
    model: FeatureModel, name: str, argument: str, tensor: KerasTensor
) -> ExportInput:
    feature = model.feature(name)
    description = model.catalog[feature.kind]
    if not description.implementations.engine:
        raise UserError(
            _("An export cannot take “{name}”, of type {type}.").format(
                name=name, type=description.name
            ),
            _("Remove this input, and train the model again."),
        )
    tensor_feature = load_tensor_feature(description)
    return ExportInput(
        name,
        argument,
        feature,
        STRING if tensor_feature.dtype == "str" else NUMBER,
        () if tensor_feature.scalar else tuple(tensor.shape)[1:],
        tuple(tensor.shape)[1:],
        tensor.dtype,
        tensor_feature.is_file,
    )


def _output(predicted: PredictedFeature, result: str) -> ExportOutput:
    if predicted.head_type.AXES > 1:
        return ExportOutput(predicted, f"{result}_scores", tags=result)
    if not predicted.head_type.has_classes:
        each = ExportOutput(predicted, result)
        return replace(each, value=f"{result}_probabilities") if each.tokens else each
    several = predicted.head_type.has_several_labels
    label = f"{result}_labels" if several else f"{result}_label"
    return ExportOutput(predicted, f"{result}_scores", label)


def generation_notes(signature: FeatureSignature) -> tuple[str, ...]:
    """How text is written with an export of a language model; of others nothing."""
    if not any(each.tokens for each in signature.outputs):
        return ()
    return (
        _(
            "The probabilities are those of the next token; the model card in JSON "
            "lists the tokens in the same order. To write text, draw a token that is "
            "neither padding nor unknown (the first two), put it behind the text, and "
            "repeat."
        ),
    )
