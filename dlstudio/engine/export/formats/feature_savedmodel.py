"""Exports a model of features as a SavedModel: raw values in, answers out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import tensorflow as tf

from dlstudio.engine.export.exported_model import EntryPoint, ExportedModel
from dlstudio.engine.export.feature_signature import (
    STRING,
    ExportOutput,
    FeatureSignature,
    feature_signature,
    generation_notes,
)
from dlstudio.engine.export.formats import feature_snippets as snippets
from dlstudio.engine.export.formats.image_value import content_note
from dlstudio.engine.export.formats.resources import kept_programs
from dlstudio.engine.features.base import load_tensor_feature
from dlstudio.engine.heads.decisions import label_tensor
from dlstudio.engine.heads.tag_results import tag_tensor
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

SIGNATURE = "serving_default"


def export(model: FeatureModel, out: Path) -> ExportedModel:
    """Write `model` as a SavedModel folder with the signature `serving_default`.

    It takes one argument per input, as `ExportInput` says: numbers float32 (n,), NaN
    where one is missing, and strings (n,), "" where one is missing: categories, several
    names and dates as they are written in a table. It returns for each
    output what `ExportOutput` says: a number float32 (n,); or the scores of classes
    float32 (n, classes) and a label, string (n,), or of several labels (n, classes)
    with "" where a label is not predicted. Of tokens these are the scores of tags,
    float32 (n, length, tags), and the tags, string (n, length), "" behind the last.

    Args:
        model: A run's model.
        out: A folder that does not exist.

    Raises:
        UserError: An export cannot take values of a feature's type.
    """
    signature = feature_signature(model)
    keras_model = model.model
    module = tf.Module()
    module.kept = [variable.value for variable in keras_model.variables]
    # Tables of words are no variables; without them the graph has no vocabulary.
    module.resources = [
        each
        for each in tf.train.TrackableView(keras_model).descendants()
        if isinstance(each, tf.saved_model.experimental.TrackableResource)
    ]
    module.programs = kept_programs(keras_model)
    serve = tf.function(_serving(model, signature), autograph=False)
    specs = {
        each.argument: tf.TensorSpec(
            (None, *each.shape),
            tf.string if each.dtype == STRING else tf.float32,
            name=each.argument,
        )
        for each in signature.inputs
    }
    concrete = serve.get_concrete_function(**specs)
    tf.saved_model.save(module, str(out), signatures={SIGNATURE: concrete})
    return ExportedModel(
        path=out,
        load=snippets.LOAD,
        entries={SIGNATURE: EntryPoint("rows", snippets.call_code(SIGNATURE))},
        runtime=("tensorflow",),
        snippets=snippets.savedmodel(model, signature, SIGNATURE),
        notes=partial(_notes, signature),
    )


def _serving(
    model: FeatureModel, signature: FeatureSignature
) -> Callable[..., dict[str, Tensor]]:
    """The function from arguments to results."""

    def serve(**arguments: Tensor) -> dict[str, Tensor]:
        entered = []
        for each in signature.inputs:
            made = load_tensor_feature(model.catalog[each.feature.kind]).from_raw(
                arguments[each.argument], model.fitted[each.name], each.feature
            )
            entered.append(made)
        given = model.call(entered)
        results: dict[str, Tensor] = {}
        for output in signature.outputs:
            results |= _results(output, given[output.predicted.place])
        return results

    return serve


def _results(output: ExportOutput, given: Tensor) -> dict[str, Tensor]:
    """What an output returns, by name."""
    predicted = output.predicted
    tensors = predicted.head_type.tensors(
        given, predicted.fitted, predicted.from_logits
    )
    if output.tags:
        return {
            output.value: tensors["scores"],
            output.tags: tag_tensor(tensors["scores"], predicted.fitted["tags"]),
        }
    if not output.label:
        (value,) = tensors.values()
        return {output.value: value}
    scores, several = tensors["scores"], output.has_several_labels
    label = label_tensor(scores, output.classes, output.threshold, several=several)
    return {output.value: scores, output.label: label}


def _notes(signature: FeatureSignature) -> tuple[str, ...]:
    """What the code does not explain."""
    found = [
        *generation_notes(signature),
        _(
            "Every argument has one value per row. A missing number is NaN, and a "
            "missing string is empty. Missing values are filled inside the model, as "
            "in training."
        ),
    ]
    if any(each.is_file for each in signature.inputs):
        found.append(content_note())
    if any(each.has_several_labels for each in signature.outputs):
        found.append(
            _(
                "A result with labels has one column per class, which is empty where "
                "the label does not apply."
            )
        )
    for each in signature.outputs:
        if each.tags:
            found.append(_tag_note(each))
    return tuple(found)


def _tag_note(output: ExportOutput) -> str:
    """How tags belong to tokens."""
    return _(
        "“{tags}” has a tag for each token, and is empty behind the last one. The "
        "tokens of a sentence are one string with a space between each two."
    ).format(tags=output.tags)
