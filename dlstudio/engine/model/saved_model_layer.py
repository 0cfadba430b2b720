"""The layer that calls a SavedModel: one block, of which nothing is trained."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import keras
import tensorflow as tf

from dlstudio.engine.model.saved_model_files import copy_saved_model
from dlstudio.engine.model.saved_model_program import (
    SavedProgram,
    loaded_program,
    open_program,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import KerasModel, KerasTensor
    from dlstudio.json_values import JsonObject

T = TypeVar("T")
FOLDER = "saved_model"


@keras.saving.register_keras_serializable("dlstudio")
class SavedModelLayer(keras.layers.Layer):  # type: ignore[misc]
    """Calls a signature of a SavedModel. Its weights stay as they are.

    The configuration says what the signature takes and gives, so that a model can be
    built without the files. They are opened before it is called, from beside a project
    or from within a `.keras` file, and have to be those that were imported.

    Args:
        signature: Name of the signature.
        takes: Its arguments: "name", "shape" with the batch first, and "dtype".
        gives: Its results that are used, likewise, with their "activation".
        digest: Of the files of the SavedModel.
        parameters: Number of its weights.
        **options: Those of `keras.layers.Layer`, such as its name.
    """

    def __init__(
        self,
        signature: str,
        takes: Sequence[JsonObject],
        gives: Sequence[JsonObject],
        digest: str,
        parameters: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(**{**options, "autocast": False, "trainable": False})
        self.signature, self.digest = signature, digest
        self.parameters = parameters
        self._takes = tuple(dict(each) for each in takes)
        self._gives = tuple(dict(each) for each in gives)
        self._program = loaded_program(digest)

    @property
    def program(self) -> SavedProgram:
        """The loaded SavedModel.

        Raises:
            UserError: Its files were not opened.
        """
        if self._program is None:
            raise UserError(
                _("The SavedModel of the block “{name}” is missing.").format(
                    name=self.name
                ),
                _("Import it again."),
            )
        return self._program

    def open(self, folder: Path) -> None:
        """Open the files of the SavedModel; later calls use them.

        Args:
            folder: Of the SavedModel.

        Raises:
            UserError: They are missing, others than expected, or not safe to load.
        """
        self._program = open_program(folder, self.digest)

    def call(self, inputs: Tensor | Sequence[Tensor]) -> Tensor | list[Tensor]:
        """The results for tensors, one for each argument in their order."""
        given = _listed(inputs)
        function = self.program.function(self.signature)
        named = {
            str(each["name"]): _with_dtype(tensor, str(each["dtype"]))
            for each, tensor in zip(self._takes, given, strict=True)
        }
        results = function(**named)
        found = [results[str(each["name"])] for each in self._gives]
        return found if found[1:] else found[0]

    def compute_output_spec(
        self, inputs: KerasTensor | Sequence[KerasTensor]
    ) -> KerasTensor | list[KerasTensor]:
        """Shapes of the results, which are those of the configuration.

        Raises:
            ValueError: The number of tensors or a shape does not fit.
        """
        given = _listed(inputs)
        if len(given) != len(self._takes):
            raise ValueError(f"It takes {len(self._takes)} tensors, not {len(given)}.")
        for each, tensor in zip(self._takes, given, strict=True):
            wanted = _shape(each)
            if len(wanted) != len(tensor.shape) or any(
                side not in (None, found) and found is not None
                for side, found in zip(wanted[1:], tensor.shape[1:], strict=True)
            ):
                raise ValueError(
                    f"It takes the shape {wanted} and not {tuple(tensor.shape)}."
                )
        batch = given[0].shape[0]
        found: list[KerasTensor] = [
            keras.KerasTensor((batch, *_shape(each)[1:]), str(each["dtype"]))
            for each in self._gives
        ]
        return found if found[1:] else found[0]

    def save_assets(self, folder: str) -> None:
        """Put the files of the SavedModel into a `.keras` file."""
        place = Path(folder)
        copy_saved_model(self.program.folder, place / FOLDER, place)

    def load_assets(self, folder: str) -> None:
        """Open the files that are in a `.keras` file.

        They are copied, for the folder is one that is removed afterwards.

        Raises:
            UserError: They are missing, damaged, or not safe to load.
        """
        if self._program is not None:
            return
        kept = tempfile.mkdtemp(prefix="dlstudio-")
        place = Path(kept) / FOLDER
        program = None
        try:
            shutil.copytree(Path(folder) / FOLDER, place, symlinks=True)
            program = open_program(place, self.digest)
        finally:
            if program is not None and program.folder == place:
                weakref.finalize(program, shutil.rmtree, kept, ignore_errors=True)
            else:
                shutil.rmtree(kept, ignore_errors=True)
        self._program = program

    def get_config(self) -> dict[str, Any]:
        """The parameters, for saving."""
        return {
            **super().get_config(),
            "signature": self.signature,
            "takes": [dict(each) for each in self._takes],
            "gives": [dict(each) for each in self._gives],
            "digest": self.digest,
            "parameters": self.parameters,
        }


def parameter_count(model: KerasModel) -> int:
    """Number of all weights of a model, also of those that Keras does not see."""
    layers = cast("Any", model)._flatten_layers()
    kept = (each.parameters for each in layers if isinstance(each, SavedModelLayer))
    return int(model.count_params()) + sum(kept)


def _listed(inputs: T | Sequence[T]) -> list[T]:
    """The tensors of a call with one or several."""
    return list(inputs) if isinstance(inputs, (list, tuple)) else [cast("T", inputs)]


def _shape(each: Mapping[str, object]) -> tuple[int | None, ...]:
    sides = each["shape"]
    return tuple(sides) if isinstance(sides, (list, tuple)) else ()


def _with_dtype(tensor: Tensor, dtype: str) -> Tensor:
    if dtype == "string":
        return tensor
    found: Tensor = tf.cast(tensor, dtype)
    return found
