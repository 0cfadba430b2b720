"""A .keras file without compile state, its labels beside it."""

from __future__ import annotations

from pathlib import Path

import keras

from dlstudio.engine.exported import Exported
from dlstudio.engine.exporters.labels import labels_text
from dlstudio.engine.placing import beside
from dlstudio.engine.trained import Trained

LOADER = Path(__file__).with_name("loaders") / "keras_file.py"


def export(trained: Trained, out: Path) -> Exported:
    """Write `trained` as one .keras file, and `<name>.keras.labels.txt` beside it.

    Args:
        trained: The model.
        out: A file name that ends in .keras and is not taken.
    """
    keras.saving.save_model(trained.model, out)
    labels = beside(out, "labels.txt")
    labels.write_text(labels_text(trained.classes), "utf-8", newline="\n")

    return Exported(
        path=out,
        loader=LOADER,
        entries={"model": "pixels"},
        to_scores=trained.to_scores,
        usage=_usage(trained),
        companions=(labels,),
    )


def _usage(trained: Trained) -> str:
    mode = {1: "L", 4: "RGBA"}.get(trained.picture.channels, "RGB")
    size = (trained.picture.width, trained.picture.height)
    scores = "model(picture[None])"
    if trained.from_logits:
        head = "sigmoid" if trained.multi_label or trained.one_unit else "softmax"
        scores = f"keras.ops.{head}({scores})"
    lines = (
        "```python",
        "import keras",
        "import numpy as np",
        "from PIL import Image, ImageOps",
        "",
        'model = keras.saving.load_model("{name}")',
        'with open("{name}.labels.txt", encoding="utf-8") as file:',
        "    labels = file.read().splitlines()",
        'image = ImageOps.exif_transpose(Image.open("{picture}"))',
        *_narrowing(trained.picture.value_range),
        f'image = image.convert("{mode}").resize({size}, Image.Resampling.BILINEAR)',
        f'picture = np.asarray(image, "float32").reshape({trained.picture.shape})',
        f"scores = np.asarray({scores})[0]",
        "print(labels, scores)",
        "```",
    )
    return "\n".join(lines) + "\n"


def _narrowing(ends: tuple[float, float] | None) -> tuple[str, ...]:
    """How images with more than 8 bits are read, where the project says it."""
    if ends is None:
        return ()
    low, high = ends
    return (
        'if image.mode.startswith(("I", "F")):  # more than 8 bits',
        f'    values = np.clip(np.asarray(image, "float64"), {low}, {high})',
        f"    values = np.rint((values - {low}) * (255 / ({high} - {low})))",
        '    image = Image.fromarray(values.astype("uint8"))',
    )
