"""Weights as Keras 1 and 2 wrote them, given to a model of Keras 3.

There, the weights of each layer of the outermost model are listed in order, those of a
model inside all together: the trainable ones of all its layers first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import h5py
import keras
import numpy as np
import numpy.typing as npt

from dlstudio.engine.model.hdf5_file import text_of
from dlstudio.engine.model_files.legacy_cudnn import from_cudnn
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasLayer, KerasModel, Variable

MODEL = "model_weights"
Array: TypeAlias = "npt.NDArray[np.generic]"
Named: TypeAlias = "list[tuple[str, Array]]"


def legacy_arrays(file: h5py.File) -> dict[str, Named] | None:
    """The weights of each layer with their names; None if the file has another form.

    Args:
        file: Checked; of a model, or of weights alone.
    """
    group = file.get(MODEL, file)
    if not isinstance(group, h5py.Group) or "layer_names" not in group.attrs:
        return None
    found: dict[str, Named] = {}
    for layer in map(text_of, group.attrs["layer_names"]):
        inner = group.get(layer)
        if isinstance(inner, h5py.Group):
            found[layer] = [
                (name, np.asarray(inner[name][()]))
                for name in map(text_of, inner.attrs.get("weight_names", ()))
            ]
    return found


def assign_legacy(model: KerasModel, arrays: Mapping[str, Named]) -> None:
    """Give a model the weights of its own file.

    Args:
        model: Made from the configuration in the same file.
        arrays: By layer, as `legacy_arrays` gives them.

    Raises:
        UserError: They do not fit; the message names the layer.
    """
    for layer in model.layers:
        variables = _variables(layer)
        found = arrays.get(layer.name, [])
        if variables and not found:
            raise UserError(
                _("The file has no weights of the layer {name}.").format(
                    name=layer.name
                )
            )
        if variables:
            _assign(layer, variables, found)


def assign_in_order(model: KerasModel, arrays: Sequence[Array]) -> None:
    """Give a model weights that are listed layer by layer, as `model.weights` was.

    Args:
        model: Made from the configuration that belongs to them.
        arrays: All of them.

    Raises:
        UserError: Their number or shapes do not fit.
    """
    variables = [each for layer in _leaves(model) for each in _variables(layer)]
    arrays = from_cudnn([tuple(each.shape) for each in variables], arrays)
    if not _agree(variables, arrays):
        raise UserError(_("The weights of this model do not fit its configuration."))
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
    _finish(model)


def _leaves(model: KerasModel) -> list[KerasLayer]:
    """The layers in a model that are no models, each once."""
    found: dict[int, KerasLayer] = {}
    for each in model.layers:
        inner = _leaves(each) if isinstance(each, keras.Model) else [each]
        found.update((id(one), one) for one in inner)
    return list(found.values())


def _variables(layer: KerasLayer) -> list[Variable]:
    """In the order of the file: what is trained first."""
    return [*layer.trainable_weights, *layer.non_trainable_weights]


def _assign(layer: KerasLayer, variables: list[Variable], found: Named) -> None:
    arrays = [array for _name, array in found]
    if isinstance(layer, keras.Model):
        named = _by_name(variables, found)
        if named is not None:
            arrays = named
    arrays = from_cudnn([tuple(each.shape) for each in variables], arrays)
    if not _agree(variables, arrays):
        arrays = _adapted(layer, variables, found)
    if not _agree(variables, arrays):
        raise UserError(
            _("The weights of {name} have the shapes {found}, not {expected}.").format(
                name=layer.name,
                found=[array.shape for _name, array in found],
                expected=[tuple(each.shape) for each in variables],
            ),
            _("The file may be damaged, or written by a very old Keras."),
        )
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
    _finish(layer)


def _finish(layer: KerasLayer) -> None:
    """Let layers that have learned from data use what was assigned."""
    inner = _leaves(layer) if isinstance(layer, keras.Model) else [layer]
    for each in inner:
        if isinstance(each, keras.layers.Normalization):
            each.finalize_state()


def _agree(variables: Sequence[Variable], arrays: Sequence[Array]) -> bool:
    return [tuple(each.shape) for each in variables] == [each.shape for each in arrays]


def _by_name(variables: list[Variable], found: Named) -> list[Array] | None:
    """The arrays whose layer and name are those of the variables; None if unsure."""
    by_place: dict[str, list[Array]] = {}
    for name, array in found:
        by_place.setdefault(_ending(name.partition(":")[0]), []).append(array)
    chosen = [by_place.get(_ending(each.path), []) for each in variables]
    if any(len(each) != 1 for each in chosen):
        return None
    return [each[0] for each in chosen]


def _ending(path: str) -> str:
    return "/".join(path.split("/")[-2:])


def _adapted(layer: KerasLayer, variables: list[Variable], found: Named) -> list[Array]:
    """Arrays that are kept in another form today."""
    arrays = [array for _name, array in found]
    if isinstance(layer, keras.layers.Normalization):
        return arrays[: len(variables)]  # the count of samples is not kept any more
    count = {keras.layers.LSTM: 4, keras.layers.GRU: 3}.get(type(layer))
    if count is not None and len(arrays) == 3 * count:
        return _joined_gates(arrays, count)
    return arrays


def _joined_gates(arrays: list[Array], count: int) -> list[Array]:
    """The kernels of a recurrent layer of Keras 1, which kept one for each gate."""
    gates = [arrays[3 * gate : 3 * gate + 3] for gate in range(count)]
    if count == 4:  # input, cell, forget, output: today the forget gate is second
        gates = [gates[0], gates[2], gates[1], gates[3]]
    return [np.concatenate([gate[part] for gate in gates], -1) for part in range(3)]
