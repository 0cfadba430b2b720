"""Arguments as scripts for Keras 1 and 2 write them, with the names of today."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.catalog.schema import Description
from dlstudio.engine.model_files.legacy_layer_names import BY_LAYER, OPTIONS
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.script_values import Unknown
from dlstudio.i18n import _

RENAMED = {"lr": "learning_rate"}
"""Arguments of optimizers."""
SILENT = ("input_length", "implementation")
"""Arguments that never changed what a layer computes."""
DTYPES = {"int": "int64"}
"""What Keras on TensorFlow means by them."""


def modern_arguments(
    description: Description, given: Mapping[str, object], context: ReadingContext
) -> dict[str, object]:
    """The arguments by the names they have today, without those that say nothing.

    Args:
        description: Of what is created.
        given: As the script writes them.
        context: Takes a note of weights, which are not read.
    """
    names = {**OPTIONS, **RENAMED, **BY_LAYER.get(description.name, {})}
    found: dict[str, object] = {}
    for name, value in given.items():
        if name == "weights" and _holds_unknown(value):
            text = _("The weights that {kind} begins with are not read.")
            context.note(context.line, text.format(kind=description.name))
        elif description.param(name) is not None:
            found[name] = _dtype(value) if name == "dtype" else value
        elif name in SILENT:
            continue
        else:
            found[names.get(name, name)] = value
    return found


def _holds_unknown(value: object) -> bool:
    """Whether it is an array that is computed, or a list with one."""
    items = value if isinstance(value, (list, tuple)) else [value]
    return any(isinstance(item, Unknown) for item in items)


def _dtype(value: object) -> object:
    return DTYPES.get(value, value) if isinstance(value, str) else value
