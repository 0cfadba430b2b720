"""Code that calls an export of a model that reconstructs images."""

from __future__ import annotations

from dlstudio.document.export import Snippet
from dlstudio.engine.export.formats.read_image import read_image_code
from dlstudio.engine.export.image_submodel import ImageSubmodel
from dlstudio.i18n import marked as mark

IMPORTS = """\
import keras
import numpy as np
from PIL import Image, ImageOps
"""
PRINT = """\
for name, values in results.items():
    print(name, values.shape)
"""


def python(part: ImageSubmodel, load: str, call: str) -> Snippet:
    """The whole program, from a file or random numbers to results.

    Args:
        part: What is exported.
        load: Python that loads it.
        call: Python from `rows`, values by argument, to `results`.
    """
    if part.takes_images:
        rows = read_image_code(part.whole.image_spec) + 'rows = {"images": images}\n'
        blocks = (IMPORTS + load, rows, call + PRINT)
    else:
        shape = (1, *part.whole.latent_shape)
        rows = (
            "random = np.random.default_rng(0)\n"
            f'rows = {{"latent": random.normal(size={shape}).astype("float32")}}\n'
        )
        blocks = ("import keras\nimport numpy as np\n" + load, rows, call + PRINT)
    return Snippet(mark("From Python"), "python", "\n".join(blocks))
