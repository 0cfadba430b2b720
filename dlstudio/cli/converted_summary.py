"""`summary` of a converted model, which can be viewed but not trained."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.byte_size import size_text
from dlstudio.catalog.keras_files import CONVERTED_SUFFIXES
from dlstudio.cli.output import Output
from dlstudio.document.viewed_model import (
    ViewedLayer,
    ViewedModel,
    WeightStatistics,
    shape_text,
)
from dlstudio.i18n import _, ngettext

if TYPE_CHECKING:
    from dlstudio.json_values import JsonObject

BARS = " ▁▂▃▄▅▆▇█"


def is_converted(path: Path) -> bool:
    """Whether a path is a file of a converted model."""
    return path.suffix.lower() in CONVERTED_SUFFIXES and path.is_file()


def show_converted(path: Path, output: Output) -> None:
    """Print the layers of a converted model, with shapes, sizes and weights.

    Args:
        path: `.tflite` or `.onnx`.
        output: Of the command.

    Raises:
        UserError: The file cannot be read.
    """
    from dlstudio.engine.runtime.startup import start_tensorflow

    with output.waiting(_("Reading the model…")):
        start_tensorflow()
        from dlstudio.engine.converted_models.view import view_model

        found = view_model(path)
    if output.as_json:
        output.json(_as_json(found))
        return
    headings = (_("Layer"), _("Type"), _("Output"), _("Parameters"), _("Size"))
    rows = [_row(layer) for layer in found.layers]
    output.table((*headings, _("Weights")), rows)
    count = len(found.layers)
    output.text(
        ngettext(
            "{format}: {count} layer, {total} parameters, {size}.",
            "{format}: {count} layers, {total} parameters, {size}.",
            count,
        ).format(
            format=found.format,
            count=count,
            total=f"{found.parameters:,}",
            size=size_text(found.size),
        )
    )


def _row(layer: ViewedLayer) -> tuple[str, ...]:
    shapes = ", ".join(shape_text(each) for each in layer.shapes) or "?"
    size = size_text(layer.size) if layer.size else ""
    count = f"{layer.parameters:,}" if layer.parameters else ""
    return layer.name, layer.kind, shapes, count, size, _weights(layer.weights)


def _weights(found: WeightStatistics | None) -> str:
    """The range of weights around their histogram."""
    if found is None:
        return ""
    most = max(found.histogram) or 1
    last = len(BARS) - 1
    bars = "".join(BARS[-(-each * last // most)] for each in found.histogram)
    return f"{found.least:.3g} {bars} {found.most:.3g}"


def _as_json(model: ViewedModel) -> JsonObject:
    return {
        "format": model.format,
        "parameters": model.parameters,
        "size": model.size,
        "inputs": {name: list(shape) for name, shape in model.inputs},
        "outputs": {name: list(shape) for name, shape in model.outputs},
        "layers": [
            {
                "name": layer.name,
                "kind": layer.kind,
                "outputs": [list(shape) for shape in layer.shapes],
                "parameters": layer.parameters,
                "size": layer.size,
                "weights": None
                if layer.weights is None
                else {
                    "min": layer.weights.least,
                    "max": layer.weights.most,
                    "mean": layer.weights.mean,
                    "histogram": list(layer.weights.histogram),
                },
            }
            for layer in model.layers
        ],
    }
