"""Exports a model that reconstructs images, or half of it, as a .keras file."""

from __future__ import annotations

from pathlib import Path

import keras

from dlstudio.document.export import Snippet
from dlstudio.engine.export.exported_model import EntryPoint, ExportedModel
from dlstudio.engine.export.formats import image_snippets
from dlstudio.engine.export.formats.hub_imports import runtime_of, with_hub_import
from dlstudio.engine.export.image_submodel import ENCODER, ImageSubmodel
from dlstudio.engine.export.inference_default import inference_by_default
from dlstudio.engine.export.inference_model import refuse_own_layers
from dlstudio.i18n import _

CALL = "model(values, training=False)"
_LOAD = """\
import keras
import numpy as np

model = keras.saving.load_model(@model)
"""


def export(part: ImageSubmodel, out: Path) -> ExportedModel:
    """Write a part as one .keras file that Keras opens by itself.

    Args:
        part: All of the model, its encoder or its decoder.
        out: A file name that ends in .keras and does not exist.

    Raises:
        UserError: Keras alone could not load it.
    """
    refuse_own_layers(part.model)
    keras.saving.save_model(inference_by_default(part.model), out)
    code = _code(part)
    shown = "model = keras.saving.load_model(@model)\n"
    return ExportedModel(
        path=out,
        load=Snippet("", "python", with_hub_import(_LOAD, part.model)),
        entries={CALL: EntryPoint("rows", code)},
        runtime=runtime_of(part.model),
        snippets=(image_snippets.python(part, shown, code),),
        notes=lambda: (
            _(
                "The file has no layer of dlstudio: where one has drawn a vector in "
                "training, its mean is used."
            ),
        ),
    )


def _code(part: ImageSubmodel) -> str:
    """Python from `rows`, values by argument, to `results`, arrays by name."""
    name = "latent" if part.name == ENCODER else "image"
    lines = [
        f'values = np.asarray(rows["{part.argument}"], "float32")',
        f'outputs = keras.ops.cast({CALL}, "float32")',
    ]
    if name == "image" and part.whole.from_logits:
        lines.append("outputs = keras.ops.sigmoid(outputs)")
    if name == "image":
        lines.append("outputs = keras.ops.clip(outputs, 0, 1)")
    lines.append(f'results = {{"{name}": np.asarray(outputs)}}')
    return "".join(f"{line}\n" for line in lines)
