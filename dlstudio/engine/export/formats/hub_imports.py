"""Programs that load a model with layers of KerasHub have to import it first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel

LIBRARY = "keras_hub"
FIRST = "import keras\n"


def has_hub_layers(model: KerasModel) -> bool:
    """Whether any layer of a model, or inside of one, is KerasHub's own."""
    layers = cast("Any", model)._flatten_layers()
    return any(type(each).__module__.startswith(f"{LIBRARY}.") for each in layers)


def with_hub_import(code: str, model: KerasModel) -> str:
    """Python that loads a model, with the import of KerasHub if the model needs it.

    Args:
        code: Has the import of Keras.
        model: That is loaded.
    """
    if not has_hub_layers(model):
        return code
    return code.replace(FIRST, f"{FIRST}import {LIBRARY}  # has layers of the model\n")


def runtime_of(model: KerasModel) -> tuple[str, ...]:
    """The modules that a model needs to be loaded from a file of Keras."""
    own = (LIBRARY,) if has_hub_layers(model) else ()
    return ("keras", *own, "tensorflow")
