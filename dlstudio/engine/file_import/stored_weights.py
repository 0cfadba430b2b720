"""The weights of a model that cannot be made, by node, as its file has them.

Only layers whose weights stand in one place of the file, in the order of
`Layer.weights`, are read: not those made of other layers.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping

import h5py
import keras
import numpy as np
import numpy.typing as npt

from dlstudio.document.graph import INPUT, NESTED
from dlstudio.document.graph_names import MODEL
from dlstudio.engine.model.hdf5_file import opened_hdf5
from dlstudio.engine.model_files.legacy_weights import Named
from dlstudio.engine.model_files.model_file import ModelFile
from dlstudio.engine.model_files.serialized_objects import config_of
from dlstudio.engine.model_import.imported_graphs import ImportedGraphs, LayerPath
from dlstudio.engine.model_import.operations import is_operation

WEIGHTS = "model.weights.h5"
Arrays = list[npt.NDArray[np.generic]]


def stored_weights(file: ModelFile, imported: ImportedGraphs) -> dict[str, Arrays]:
    """The weights that a file has for single nodes; of graphs inside as "outer/inner".

    Args:
        file: Of the model.
        imported: Its graphs.

    Raises:
        UserError: The file is damaged.
    """
    if file.layers is not None:
        found = dict(_legacy(file.layers, imported))
    elif file.archive is not None and file.archive.weights is not None:
        with opened_hdf5(io.BytesIO(file.archive.weights), WEIGHTS) as stored:
            places = dict(_places(file.config, ""))
            found = {
                path: _leaf(stored, places[path])
                for path in imported.layer_paths.values()
                if path in places
            }
    else:
        return {}
    return {
        place: found[path] for place, path in _nodes(imported, MODEL) if found.get(path)
    }


def _nodes(imported: ImportedGraphs, name: str) -> Iterator[tuple[str, LayerPath]]:
    """The place of each node, and the path of its layer."""
    for id, node in imported.graphs[name].nodes.items():
        if node.kind == NESTED:
            inner = str(node.params.get("graph", ""))
            for place, path in _nodes(imported, inner):
                yield f"{id}/{place}", path
        elif node.kind != INPUT and node.shares is None:
            found = imported.layer_paths.get((name, id))
            if found is not None:
                yield id, found


def _legacy(
    layers: Mapping[str, Named], imported: ImportedGraphs
) -> Iterator[tuple[LayerPath, Arrays]]:
    for path in imported.layer_paths.values():
        named = layers.get(path[0], [])
        if len(path) > 1:  # all layers of a model inside are listed together
            named = [each for each in named if each[0].split("/")[-2:-1] == [path[-1]]]
        yield path, [array for _name, array in named]


def _places(config: object, before: str) -> Iterator[tuple[LayerPath, str]]:
    """The path of each layer of a model, and its group in a file of Keras 3."""
    layers = config_of(config).get("layers")
    used: Counter[str] = Counter()
    for layer in layers if isinstance(layers, list) else []:
        if not isinstance(layer, dict) or is_operation(layer):
            continue
        kind = str(layer.get("class_name"))
        key = keras.src.utils.naming.to_snake_case(kind)
        place = f"{before}layers/{key}" + (f"_{used[key]}" if used[key] else "")
        used[key] += 1
        name = str(layer.get("name") or config_of(layer).get("name"))
        yield (name,), place
        if isinstance(config_of(layer).get("layers"), list):
            for path, inner in _places(layer, f"{place}/"):
                yield (name, *path), inner


def _leaf(file: h5py.File, place: str) -> Arrays:
    """The arrays of a layer that is not made of others; [] of one that is."""
    group = file.get(place)
    if not isinstance(group, h5py.Group):
        return []
    inside: list[str] = []

    def note(name: str, item: object) -> None:
        if isinstance(item, h5py.Dataset):
            inside.append(name)

    group.visititems(note)
    if any(not name.startswith("vars/") for name in inside):
        return []
    return [np.asarray(group[f"vars/{number}"][()]) for number in range(len(inside))]
