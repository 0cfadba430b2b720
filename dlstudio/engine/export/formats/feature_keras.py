"""Exports a model of features as a .keras file: the model itself, without its data."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import keras

from dlstudio.document.export import Snippet
from dlstudio.engine.export.exported_model import EntryPoint, ExportedModel
from dlstudio.engine.export.feature_signature import (
    STRING,
    ExportOutput,
    FeatureSignature,
    feature_signature,
    generation_notes,
)
from dlstudio.engine.export.formats import written_keras
from dlstudio.engine.export.formats.feature_snippets import (
    PRINT,
    encoded_example,
    rows_code,
)
from dlstudio.engine.export.formats.hub_imports import runtime_of, with_hub_import
from dlstudio.engine.export.formats.image_value import IMPORT, READ, reading_code
from dlstudio.engine.export.inference_default import inference_by_default
from dlstudio.engine.export.inference_model import inference_model, refuse_own_layers
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

SHOWN = "model(inputs, training=False)"
PLAIN = "model(inputs)"
"""Verified too, because many users will write this instead."""
_TENSORFLOW = "import tensorflow as tf\n"
_LOAD = """\
import keras
import numpy as np
import tensorflow as tf

model = keras.saving.load_model(@model)
"""


def export(model: FeatureModel, out: Path) -> ExportedModel:
    """Write `model` as one .keras file, which takes rows as they are encoded.

    Args:
        model: A run's model.
        out: A file name that ends in .keras and does not exist.

    Raises:
        UserError: An export cannot take values of a feature's type.
    """
    if model.written is not None:
        return written_keras.export(model, model.written, out)
    signature = feature_signature(model)
    refuse_own_layers(model.model)
    keras.saving.save_model(inference_by_default(inference_model(model.model)), out)
    entries = {
        call: EntryPoint("encoded", _code(model, signature, call))
        for call in (SHOWN, PLAIN)
    }
    values = {each.argument: _example(model, each) for each in signature.inputs}
    reading = {
        reading_code(model.fitted[each.name])
        for each in signature.inputs
        if each.is_file
    }
    plain = with_hub_import(_LOAD, model.model)
    load = plain.replace(_TENSORFLOW, IMPORT + _TENSORFLOW) if reading else plain
    blocks = (load, *sorted(reading), rows_code(values), entries[SHOWN].code + PRINT)
    return ExportedModel(
        path=out,
        load=_python(plain),
        entries=entries,
        runtime=runtime_of(model.model),
        snippets=(_python("\n".join(blocks)),),
        notes=partial(_notes, signature),
    )


def _notes(signature: FeatureSignature) -> tuple[str, ...]:
    """What the code does not explain."""
    alone = _(
        "The file has the model alone. Its inputs, in this order, take values "
        "as they are prepared for training: missing ones are filled before, "
        "numbers are kept within their limits, and dates and lists of names "
        "are numbers already. A SavedModel does this itself."
    )
    return (alone, *generation_notes(signature))


def _example(model: FeatureModel, each: Any) -> Any:
    """A row as the model's input takes it; of a file, that of the code before."""
    if each.is_file:
        return READ
    return encoded_example(model, each)


def _python(text: str) -> Snippet:
    return Snippet(mark("From Python"), "python", text)


def _code(model: FeatureModel, signature: FeatureSignature, call: str) -> str:
    """Python from `rows`, encoded values by argument, to `results`."""
    inputs = [
        f'tf.constant(rows["{each.argument}"])'
        if each.model_dtype == STRING
        else f'tf.cast(rows["{each.argument}"], "{each.model_dtype}")'
        for each in signature.inputs
    ]
    lines = [f"inputs = {inputs[0]}"]
    if len(inputs) > 1:
        lines = ["inputs = [", *(f"    {each}," for each in inputs), "]"]
    lines += [f"outputs = {call}", "results = {}"]
    single = len(model.model.outputs) == 1
    for output in signature.outputs:
        place = output.predicted.place
        given = "outputs" if single else f"outputs[{place}]"
        lines += _result_lines(model, output, given)
    return "".join(f"{line}\n" for line in lines)


def _result_lines(
    model: FeatureModel, output: ExportOutput, given: str
) -> Iterator[str]:
    """Python from one output of the model to its result.

    Args:
        model: The model.
        output: The result.
        given: The output in Python.
    """
    result, predicted = f'results["{output.value}"]', output.predicted
    if output.tags or output.tokens:
        if predicted.from_logits:
            given = f"keras.ops.softmax({given})"
        yield f'{result} = np.asarray({given}, "float32")'
        return
    if not output.label:
        yield f'{result} = np.asarray({given}, "float32").reshape(-1)'
        return
    units = int(model.model.outputs[predicted.place].shape[-1])
    one = not output.has_several_labels and units == 1
    if predicted.from_logits:
        head = "sigmoid" if output.has_several_labels or one else "softmax"
        given = f'keras.ops.{head}(keras.ops.cast({given}, "float32"))'
    yield f'scores = np.asarray({given}, "float32")'
    if one:
        yield "scores = np.concatenate([1 - scores, scores], axis=1)"
    elif units > len(output.classes):
        yield f"scores = scores[:, :{len(output.classes)}]"
    yield f"{result} = scores"
