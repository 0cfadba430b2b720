"""Exports a .keras file without compile state, with a labels file beside it."""

from __future__ import annotations

from pathlib import Path

import keras

from dlstudio.document.export import Snippet
from dlstudio.engine.export.atomic_publish import beside
from dlstudio.engine.export.exported_model import EntryPoint, ExportedModel
from dlstudio.engine.export.formats.hub_imports import runtime_of, with_hub_import
from dlstudio.engine.export.formats.labels import PRINT_SCORES, READ_NAMES, labels_text
from dlstudio.engine.export.formats.read_image import read_image_code
from dlstudio.engine.export.inference_default import inference_by_default
from dlstudio.engine.export.inference_model import refuse_own_layers
from dlstudio.engine.prediction.image_classifier import TrainedModel
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

LABELS = "labels.txt"
SHOWN = "model(images, training=False)"
PLAIN = "model(images)"
"""Verified too, because many users will write this instead."""
_LOAD = f"""\
import keras
import numpy as np
from PIL import Image, ImageOps

model = keras.saving.load_model(@model)
{READ_NAMES}"""


def export(trained: TrainedModel, out: Path) -> ExportedModel:
    """Write `trained` as one .keras file, and `<name>.keras.labels.txt` beside it.

    Calls run in inference mode unless `training=True` is passed, including augmentation
    layers.

    Args:
        trained: The model.
        out: A file name that ends in .keras and does not exist.

    Raises:
        UserError: Keras alone could not load it.
    """
    refuse_own_layers(trained.model)
    keras.saving.save_model(inference_by_default(trained.model), out)
    labels = beside(out, LABELS)
    labels.write_text(labels_text(trained.classes), "utf-8", newline="\n")
    entries = {
        call: EntryPoint("pixels", _scores_code(trained, call))
        for call in (SHOWN, PLAIN)
    }
    load = with_hub_import(_LOAD, trained.model)
    blocks = (
        load,
        read_image_code(trained.image_spec),
        entries[SHOWN].code + PRINT_SCORES,
    )
    return ExportedModel(
        path=out,
        load=_python(load),
        entries=entries,
        runtime=runtime_of(trained.model),
        snippets=(_python("\n".join(blocks)),),
        notes=lambda: (
            _(
                "Augmentation and dropout are active only in calls with "
                "`training=True`, as in `fit`. `model(images)`, "
                "`model.predict(images)` and `model(images, training=False)` "
                "return the same scores."
            ),
        ),
    )


def _python(text: str) -> Snippet:
    return Snippet(mark("From Python"), "python", text, f".{LABELS}")


def _scores_code(trained: TrainedModel, call: str) -> str:
    """Python from `images` to `scores`, a column for each class; see `TrainedModel`."""
    lines = []
    if not trained.from_logits:
        lines.append(f'scores = np.asarray({call}, "float32")')
    else:
        by_unit = trained.has_several_labels or trained.one_unit
        head = "sigmoid" if by_unit else "softmax"
        lines.append(f'outputs = keras.ops.cast({call}, "float32")')
        lines.append(f"scores = np.asarray(keras.ops.{head}(outputs))")
    units = trained.model.outputs[0].shape[1:]
    if units == ():
        lines.append("scores = scores.reshape(-1, 1)")
    if trained.one_unit:
        lines.append("scores = np.concatenate([1 - scores, scores], axis=1)")
    elif units and (units[0] or 0) > len(trained.classes):
        lines.append("scores = scores[:, :len(names)]")
    return "".join(f"{line}\n" for line in lines)
