"""Folders in TensorFlow's SavedModel format that Keras 2 wrote.

Beside TensorFlow's own graph, which is not loaded, Keras kept the configuration of the
model in `keras_metadata.pb` and the weights in a checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.engine.model_files.protocol_buffers import fields
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import parse_json, read_regular
from dlstudio.json_values import JsonValue
from dlstudio.paths import user_errors

GRAPH, METADATA = "saved_model.pb", "keras_metadata.pb"
VARIABLES = "variables/variables"
LARGEST = 256 * 2**20
LARGEST_WEIGHTS = 16 * 2**30
DEEPEST_JSON = 256
NODES, PATH, TEXT = 1, 3, 5
"""Numbers of the fields in the file: its nodes, and of each its path and its JSON."""


class StoredType(Protocol):
    """Type of an array in a checkpoint."""

    @property
    def size(self) -> int: ...


class CheckpointReader(Protocol):
    """Reads the arrays of a checkpoint by their keys."""

    def get_variable_to_dtype_map(self) -> Mapping[str, StoredType]: ...

    def get_variable_to_shape_map(self) -> Mapping[str, Sequence[int]]: ...


class CheckpointChild(Protocol):
    """An object that another one has, with its name there."""

    node_id: int
    local_name: str


class CheckpointArray(Protocol):
    """Where the array of a variable is."""

    checkpoint_key: str


class CheckpointNode(Protocol):
    """An object with what it has."""

    children: Sequence[CheckpointChild]
    attributes: Sequence[CheckpointArray]


class CheckpointGraph(Protocol):
    """The objects of a checkpoint; the first one is the model."""

    nodes: Sequence[CheckpointNode]


class NoLayerList(UserError):
    """A SavedModel that does not say which layers its model has."""


def is_saved_model(path: Path) -> bool:
    """Whether a folder is in the SavedModel format."""
    return (path / GRAPH).is_file()


def saved_config(folder: Path) -> tuple[Mapping[str, JsonValue], str]:
    """The configuration of a model that Keras 2 saved, and the version of Keras.

    Raises:
        UserError: The folder has no configuration of a Keras model, or a damaged one.
    """
    path = folder / METADATA
    if not path.is_file():
        raise NoLayerList(
            _("{path} has no description of its layers ({file}).").format(
                path=folder, file=METADATA
            ),
            _(
                "Only Keras 2 writes one. Load the model where it was made and save "
                "it with model.save(“model.keras”)."
            ),
        )
    with user_errors(path, writing=False):
        data = read_regular(path, LARGEST)
    try:
        metadata = next(text for place, text in _nodes(data) if place in ("", "root"))
    except (StopIteration, IndexError, ValueError) as error:
        raise UserError(
            _("{path} is damaged.").format(path=path), _("Copy the folder again.")
        ) from error
    found = parse_json(metadata, DEEPEST_JSON)
    config = found.get("config") if isinstance(found, dict) else None
    if not isinstance(config, dict) or "layers" not in config:
        raise NoLayerList(
            _(
                "The model in {path} is defined by code; it has no list of layers."
            ).format(path=folder),
            how_to_save(),
        )
    name = str(found.get("class_name") or "Functional")
    return {"class_name": name, "config": config}, "2"


def how_to_save() -> str:
    """What to do about a model that is defined by code."""
    return _(
        "Where its code is, call model.export(“folder”) and import that folder: the "
        "model becomes one block. Only Sequential and functional models have layers "
        "that can be opened."
    )


def saved_arrays(folder: Path) -> list[npt.NDArray[np.generic]]:
    """The model's weights in the order of its `weights`.

    Raises:
        UserError: They are missing or damaged.
    """
    from tensorflow.core.protobuf import trackable_object_graph_pb2

    place = folder / VARIABLES
    try:
        reader = tf.train.load_checkpoint(str(place))
        _check_size(reader)
        graph = trackable_object_graph_pb2.TrackableObjectGraph()
        graph.ParseFromString(reader.get_tensor("_CHECKPOINTABLE_OBJECT_GRAPH"))
        keys = list(_keys(graph))
        return [np.asarray(reader.get_tensor(key)) for key in keys]
    except UserError:
        raise
    except Exception as error:  # TensorFlow's, of many kinds
        raise UserError(
            _("The weights in {path} cannot be read.").format(path=folder),
            _("Copy the folder again."),
        ) from error


def _check_size(reader: CheckpointReader) -> None:
    types = reader.get_variable_to_dtype_map()
    size = sum(
        int(np.prod(shape, dtype=object)) * max(types[name].size, 1)
        for name, shape in reader.get_variable_to_shape_map().items()
    )
    if size > LARGEST_WEIGHTS:
        raise UserError(_("The weights of this model are too large."))


def _keys(graph: CheckpointGraph) -> Iterator[str]:
    """The checkpoint's keys of the model's variables, in order."""
    (whole,) = (
        each.node_id
        for each in graph.nodes[0].children
        if each.local_name == "variables"
    )
    places = {int(e.local_name): e.node_id for e in graph.nodes[whole].children}
    for number in sorted(places):
        (attribute,) = graph.nodes[places[number]].attributes
        yield attribute.checkpoint_key


def _nodes(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The path and the JSON text of each object in `keras_metadata.pb`."""
    for key, node in fields(data):
        if key == NODES and isinstance(node, bytes):
            found = dict(fields(node))
            path, text = found.get(PATH, b""), found.get(TEXT, b"")
            if isinstance(path, bytes) and isinstance(text, bytes):
                yield path.decode("utf-8", "replace"), text
