"""Code that calls an export of a model of features, with values as an example."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from dlstudio.document.export import Snippet
from dlstudio.engine.export.feature_signature import (
    STRING,
    ExportInput,
    FeatureSignature,
)
from dlstudio.engine.export.formats.file_value import FileValue
from dlstudio.engine.export.formats.image_value import CONTENT
from dlstudio.engine.features.base import load_tensor_feature
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.i18n import marked as mark

_CONTENT = "<content of a file>"
_LOAD = """\
import tensorflow as tf

model = tf.saved_model.load(@model)
"""
LOAD = Snippet("", "python", _LOAD)
PRINT = """\
for name, values in results.items():
    print(name, values[0])
"""


def call_code(signature: str) -> str:
    """Python from `rows`, values by argument, to `results`, arrays by name."""
    return f"""\
arguments = {{name: tf.constant(values) for name, values in rows.items()}}
answer = model.signatures["{signature}"](**arguments)
results = {{name: values.numpy() for name, values in answer.items()}}
"""


def savedmodel(
    model: FeatureModel, signature: FeatureSignature, name: str
) -> tuple[Snippet, ...]:
    """The snippets that are shown beside a SavedModel.

    Args:
        model: Its features have learned the values of the example.
        signature: Arguments and results.
        name: Of the signature.
    """
    values = {each.argument: example(model, each) for each in signature.inputs}
    python = "\n".join((_LOAD, rows_code(values), call_code(name) + PRINT))
    return (
        Snippet(mark("From Python"), "python", python),
        Snippet(mark("With TensorFlow Serving"), "sh", _serving(values)),
        Snippet(mark("With saved_model_cli"), "sh", _CLI),
    )


def rows_code(values: dict[str, Any]) -> str:
    """Python that sets `rows`, one row of values by name."""
    lines = [
        f"    {_literal(name)}: [{_literal(each)}],\n" for name, each in values.items()
    ]
    return "rows = {\n" + "".join(lines) + "}\n"


def example(model: FeatureModel, each: ExportInput) -> Any:
    """A value of an argument, from what its feature has learned.

    Args:
        model: Has the feature.
        each: The argument.
    """
    if each.is_file:
        return CONTENT
    tensor_feature = load_tensor_feature(model.catalog[each.feature.kind])
    found = tensor_feature.example(model.fitted[each.name], each.feature)
    if isinstance(found, str):
        return found
    return np.full([side or 1 for side in each.shape], _rounded(found)).tolist()


def encoded_example(model: FeatureModel, each: ExportInput) -> Any:
    """A value of the model's own input, from what its feature has learned.

    Args:
        model: Has the feature.
        each: The input; not of files.
    """
    shape = tuple(side or 1 for side in each.model_shape)
    if each.model_dtype == STRING:
        return np.full(shape, example(model, each)).tolist()
    mean = np.asarray(model.fitted[each.name].get("mean", 0.0), np.float64)
    fits = mean.shape in ((), shape)
    rows = np.broadcast_to(mean if fits else 0.0, shape)
    return np.vectorize(_rounded, otypes=[float])(rows).tolist()


def _rounded(number: float) -> float:
    """A number with four significant digits; a float even if it is whole."""
    return float(f"{number:.4g}")


def _literal(value: Any) -> str:
    """A value as it is written in Python and in JSON; "@" means something in both."""
    if isinstance(value, FileValue):
        return value.code
    return json.dumps(value, ensure_ascii=False).replace("@", "@@")


def _serving(values: dict[str, Any]) -> str:
    # TensorFlow Serving decodes what stands under "b64".
    plain = {
        name: {"b64": _CONTENT} if isinstance(each, FileValue) else each
        for name, each in values.items()
    }
    lines = ",\n".join(
        f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in plain.items()
    )
    body = f'{{"instances": [{{\n{lines}\n}}]}}'
    quoted = body.replace("'", "'\\''").replace("@", "@@")
    quoted = quoted.replace(_CONTENT, f"'\"$({CONTENT.shell})\"'")
    return f"""\
docker run -p 8501:8501 -e MODEL_NAME=model \\
  -v @mount:/models/model/1 tensorflow/serving

curl -d '{quoted}' \\
  http://localhost:8501/v1/models/model:predict
"""


_CLI = """\
saved_model_cli show --dir @model --all
"""
