"""Weights in a file of any of Keras' formats, given to layers of the same name.

Only arrays are read, of variables that have the same shape, and only from the file
itself: HDF5 may refer to other files.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import keras
import numpy as np

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, Variable

LARGEST = 4 * 2**30
WHOLE_MODEL = "model_weights"
DEEPEST = 6


@dataclass(frozen=True, slots=True)
class MatchedWeights:
    """What of a file was given to a network.

    Attributes:
        matched: Names of layers whose weights were found.
        missing: Names of layers with weights that keep their own.
        unused: What else the file has.
    """

    matched: tuple[str, ...]
    missing: tuple[str, ...]
    unused: tuple[str, ...]


def load_matching(model: KerasModel, path: Path) -> MatchedWeights:
    """Give layers the weights of the file's layers with the same name and shapes.

    Args:
        model: Functional; its layers are built.
        path: `.h5`, `.weights.h5` or `.keras`.

    Raises:
        UserError: The file cannot be read, or nothing in it fits.
    """
    return _match(model, path, _assign)


def find_matching(model: KerasModel, path: Path) -> MatchedWeights:
    """What `load_matching` would do; no weights change.

    Args:
        model: Functional; its layers are built.
        path: `.h5`, `.weights.h5` or `.keras`.

    Raises:
        UserError: The file cannot be read, or nothing in it fits.
    """
    return _match(model, path, lambda _variable, _array: None)


Use = Callable[["Variable", h5py.Dataset], None]
"""Called with each variable that has found its array."""


def _match(model: KerasModel, path: Path, use: Use) -> MatchedWeights:
    with user_errors(path, writing=False), _opened(path) as file:
        legacy = _legacy(file)
        found = (
            _from_legacy(model, legacy, use) if legacy else _by_key(model, file, use)
        )
    if not found.matched:
        raise UserError(
            _("{path} has no layer like those of {name}.").format(
                path=path, name=model.name
            ),
            _("Choose weights of the same network, or the network that they fit."),
        )
    return found


@contextmanager
def _opened(path: Path) -> Iterator[h5py.File]:
    """The HDF5 file at a path, or in a `.keras` archive there."""
    if not path.is_file():
        raise UserError(
            _("The weights {path} are missing.").format(path=path),
            _("Put the file back, or choose other weights."),
        )
    try:
        source: Any = path
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                if archive.getinfo("model.weights.h5").file_size > LARGEST:
                    raise UserError(_("{path} is too large.").format(path=path))
                source = io.BytesIO(archive.read("model.weights.h5"))
        with h5py.File(source, "r") as file:
            yield file
    except (KeyError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise UserError(
            _("{path} has no weights of a Keras model.").format(path=path),
            _("Choose a file of the format .h5, .weights.h5 or .keras."),
        ) from error


Saved = Mapping[str, list[h5py.Dataset]]
"""The arrays of each layer of a file, by its name."""


def _legacy(file: h5py.File) -> Saved:
    """The layers of a file as Keras 2 wrote it; {} if it is another."""
    whole = file if "layer_names" in file.attrs else _inner(file, WHOLE_MODEL)
    if not isinstance(whole, h5py.Group) or "layer_names" not in whole.attrs:
        return {}
    found = {}
    for name in map(_text, whole.attrs["layer_names"]):
        group = _inner(whole, name)
        if isinstance(group, h5py.Group):
            paths = map(_text, group.attrs.get("weight_names", ()))
            arrays = [_inner(group, path) for path in paths]
            found[name] = [each for each in arrays if _is_array(each)]
    return found


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _inner(group: h5py.Group, path: str) -> Any:
    """What is in a group, unless it is in another file."""
    for part in path.split("/"):
        if not isinstance(group, h5py.Group):
            return None
        if not isinstance(group.get(part, getlink=True), h5py.HardLink):
            return None
        group = group[part]
    return group


def _is_array(value: object) -> bool:
    if not isinstance(value, h5py.Dataset):
        return False
    return not value.external and not value.is_virtual  # in other files


def _from_legacy(model: KerasModel, saved: Saved, use: Use) -> MatchedWeights:
    """By name or, if that does not find all layers, in order where all shapes agree.

    Keras numbers layers without a name of their own by how many it has made before,
    so that a few of the same name may be others.
    """
    layers = _weighty(model)
    places = {name: name for name in layers}
    pairs = ((layers[name], saved.get(name, [])) for name in layers)
    if not all(_agree(*pair) for pair in pairs):
        places = _in_order(layers, saved) or places
    matched: dict[str, str] = {}
    for name, place in places.items():
        if _agree(layers[name], saved.get(place, [])):
            matched[name] = place
            for pair in zip(layers[name], saved[place], strict=True):
                use(*pair)
    missing = [name for name in layers if name not in matched]
    used = set(matched.values())
    unused = [n for n, arrays in saved.items() if arrays and n not in used]
    return MatchedWeights(tuple(matched), tuple(missing), tuple(unused))


def _in_order(
    layers: Mapping[str, list[Variable]], saved: Saved
) -> dict[str, str] | None:
    """The layer of the file for each of a network's; None unless all shapes agree.

    Args:
        layers: Of the network.
        saved: The same ones in a file; others, of a head, may follow.
    """
    weighty = [name for name, arrays in saved.items() if arrays]
    places = dict(zip(layers, weighty, strict=False))
    if len(places) < len(layers):
        return None
    agree = all(_agree(layers[name], saved[place]) for name, place in places.items())
    return places if agree else None


def _weighty(model: KerasModel) -> dict[str, list[Variable]]:
    return {each.name: list(each.weights) for each in model.layers if each.weights}


def _agree(variables: list[Variable], arrays: list[h5py.Dataset]) -> bool:
    return [tuple(each.shape) for each in variables] == [each.shape for each in arrays]


def _assign(variable: Variable, array: h5py.Dataset) -> None:
    variable.assign(np.asarray(array[()]))


def _by_key(model: KerasModel, file: h5py.File, use: Use) -> MatchedWeights:
    """As Keras 3 numbers layers by their class; of a model inside another, too."""
    named = [(name, list(entries)) for name, entries in _keys(model, "")]
    places = _models(file)
    counts = [sum(_fits(each, entries) for _, entries in named) for each in places]
    best = places[int(np.argmax(counts))] if places else file
    matched: list[str] = []
    missing: list[str] = []
    used: set[str] = set()
    for name, entries in named:
        if _fits(best, entries):
            matched.append(name)
            used |= {key for key, _variable in entries}
            for key, variable in entries:
                use(variable, _inner(best, key))
        else:
            missing.append(name)
    unused = sorted(set(_arrays(best)) - used)
    return MatchedWeights(tuple(matched), tuple(missing), tuple(unused))


def _fits(group: h5py.Group, entries: list[tuple[str, Variable]]) -> bool:
    found = [_inner(group, key) for key, _variable in entries]
    shapes = [each.shape if _is_array(each) else None for each in found]
    return shapes == [tuple(variable.shape) for _key, variable in entries]


def _keys(
    model: KerasModel, before: str
) -> Iterator[tuple[str, Iterator[tuple[str, Variable]]]]:
    """The layers that have weights, with the place of each variable in a file."""
    used: Counter[str] = Counter()
    for layer in model.layers:
        key = keras.src.utils.naming.to_snake_case(type(layer).__name__)
        place = f"{before}layers/{key}" + (f"_{used[key]}" if used[key] else "")
        used[key] += 1
        if isinstance(layer, keras.Model):
            yield from _keys(layer, f"{place}/")
        elif layer.weights:
            entries = [(f"{place}/vars/{i}", v) for i, v in enumerate(layer.weights)]
            yield layer.name, iter(entries)


def _models(group: h5py.Group, depth: int = 0) -> list[h5py.Group]:
    """The groups of a file that are models: itself, and those inside."""
    layers = _inner(group, "layers")
    if not isinstance(layers, h5py.Group) or depth > DEEPEST:
        return []
    inside = [_inner(layers, name) for name in layers]
    found = [group]
    for each in inside:
        if isinstance(each, h5py.Group):
            found += _models(each, depth + 1)
    return found


def _arrays(group: h5py.Group, before: str = "", depth: int = 0) -> Iterator[str]:
    """The places of all arrays in a group."""
    for name in group if depth < 2 * DEEPEST else ():
        value = _inner(group, name)
        if isinstance(value, h5py.Group):
            yield from _arrays(value, f"{before}{name}/", depth + 1)
        elif _is_array(value):
            yield f"{before}{name}"
