"""What to type to use an exported file elsewhere. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dlstudio.i18n import _


@dataclass(frozen=True, slots=True)
class Recipe:
    """A way to use the file: where, and what to type."""

    title: str
    text: str


def recipes(format: str, path: Path) -> tuple[Recipe, ...]:
    """For a format's short name ("savedmodel", "keras")."""
    place = str(path)
    if format == "keras":
        return (Recipe(_("From Keras"), _KERAS.format(path=place)),)
    return (
        Recipe(_("From Python"), _PYTHON.format(path=place)),
        Recipe(
            _("With TensorFlow Serving"), _SERVING.format(path=place, name=path.name)
        ),
        Recipe(_("Looking inside"), _CLI.format(path=place)),
    )


_PYTHON = """\
import tensorflow as tf

model = tf.saved_model.load({path!r})
with open("picture.jpg", "rb") as file:
    answer = model.signatures["serve_bytes"](tf.constant([file.read()]))
print(answer["labels"].numpy()[0].decode(), answer["scores"].numpy()[0])
"""

_SERVING = """\
docker run -p 8501:8501 -v "{path}:/models/{name}/1" \\
  -e MODEL_NAME={name} tensorflow/serving

curl -X POST http://localhost:8501/v1/models/{name}:predict \\
  -d "{{\\"signature_name\\": \\"serve_bytes\\",
       \\"inputs\\": [{{\\"b64\\": \\"$(base64 -w0 picture.jpg)\\"}}]}}"
"""

_CLI = """\
saved_model_cli show --dir "{path}" --all
"""

_KERAS = """\
import keras
import numpy as np

model = keras.models.load_model({path!r})
pictures = np.zeros((1, *(size or 64 for size in model.input_shape[1:])))
print(model.predict(pictures))  # pixels from 0 to 255
"""
