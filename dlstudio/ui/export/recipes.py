"""What to type to use an exported file elsewhere. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlstudio.i18n import _


@dataclass(frozen=True, slots=True)
class Recipe:
    """A way to use the file: where, and what to type."""

    title: str
    text: str


def recipes(format: str, path: Path, card: Mapping[str, Any]) -> tuple[Recipe, ...]:
    """How to use an export.

    Args:
        format: Its short name ("savedmodel", "keras").
        card: The model card beside it, as JSON.
    """
    if format == "keras":
        return (Recipe(_("From Python"), _keras(path, card)),)
    return (
        Recipe(_("From Python"), _PYTHON.format(path=str(path))),
        Recipe(_("With TensorFlow Serving"), _SERVING.format(path=path)),
        Recipe(_("With saved_model_cli"), _CLI.format(path=path)),
    )


_PYTHON = """\
import tensorflow as tf

model = tf.saved_model.load({path!r})
ask = model.signatures["serve_bytes"]
with open("picture.jpg", "rb") as file:
    answer = ask(image_bytes=tf.constant([file.read()]))
print([label.decode() for label in answer["labels"].numpy().ravel()])
print(answer["scores"].numpy()[0])
"""

_SERVING = """\
docker run -p 8501:8501 -e MODEL_NAME=model \\
  -v "{path}:/models/model/1" tensorflow/serving

printf '{{"signature_name": "serve_bytes", "instances":
  [{{"image_bytes": {{"b64": "%s"}}}}]}}' "$(base64 < picture.jpg | tr -d '\\n')" |
  curl -d @- http://localhost:8501/v1/models/model:predict
"""

_CLI = """\
saved_model_cli show --dir "{path}" --all
saved_model_cli run --dir "{path}" --tag_set serve \\
  --signature_def serving_default --inputs images=pictures.npy
"""

_KERAS = """\
import keras
import numpy as np
from PIL import Image, ImageOps

model = keras.saving.load_model({path!r})
with open({labels!r}, encoding="utf-8") as file:
    labels = file.read().splitlines()
image = ImageOps.exif_transpose(Image.open("picture.jpg"))
image = image.convert({mode!r}).resize({size}, Image.Resampling.BILINEAR)
picture = np.asarray(image, "float32").reshape({shape})
answer = model(picture[None])
{scores}
print(labels, np.asarray(scores)[0])
"""

MODES = {1: "L", 4: "RGBA"}


def _keras(path: Path, card: Mapping[str, Any]) -> str:
    form = card["input"]
    shape = (form["height"], form["width"], form["channels"])
    head = "answer"
    if card["outputs_are_logits"] and card["multi_label"]:
        head = "keras.ops.sigmoid(answer)"
    elif card["outputs_are_logits"]:
        one = "keras.ops.sigmoid(answer) if answer.shape[-1] == 1 else"
        head = f"{one} keras.ops.softmax(answer)"
    return _KERAS.format(
        path=str(path),
        labels=f"{path}.labels.txt",
        mode=MODES.get(form["channels"], "RGB"),
        size=(form["width"], form["height"]),
        shape=shape,
        scores=f"scores = {head}",
    )
