"""Looking into a model: what one layer gives for one real sample."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.data.open_source import open_source
from dlstudio.data.picture import read_picture
from dlstudio.data.picture_spec import PictureSpec, picture_spec
from dlstudio.document.graph import Graph
from dlstudio.document.project import Project
from dlstudio.engine.build import build
from dlstudio.engine.runs import RunStore
from dlstudio.errors import UserError
from dlstudio.i18n import _

OPEN_SIZE = 64  # stands for a size the input leaves open, for random samples


class Wish(Protocol):
    """What is asked for; see `dlstudio.workers.peeking.Wish`."""

    @property
    def project(self) -> Project:
        """The project as it is."""

    @property
    def graph(self) -> str:
        """Name of the graph."""

    @property
    def node(self) -> str:
        """Id of the node."""

    @property
    def folder(self) -> Path | None:
        """The project's folder."""

    @property
    def sample(self) -> int:
        """Number of the sample."""

    @property
    def trained(self) -> bool:
        """Whether trained weights are wanted."""


class Peeks(Protocol):
    """What remembers the catalog; the analyser does."""

    catalog: Catalog


def look(memo: Peeks, wish: Wish) -> dict[str, Any]:
    """The output of `wish.node`, with the sample it was made from.

    Only the part of the model that leads to the node is built, so that a mistake
    behind it does not matter.

    Returns:
        The fields of `Peek` beside "node".

    Raises:
        UserError: The part cannot be built, or the sample cannot be read.
    """
    graph = wish.project.graph(wish.graph)
    part = _up_to(graph, wish.node)
    model = build(
        part, memo.catalog, wish.graph, wish.project.graphs, wish.project.plan.precision
    )
    run = _borrow_weights(model, wish) if wish.trained else ""
    inputs, found = _sample(model, part, wish, memo.catalog)
    outputs = keras.tree.flatten(model(inputs, training=False))
    values = np.asarray(keras.ops.convert_to_numpy(outputs[0]))[0]
    return {**found, "values": values, "run": run}


def _up_to(graph: Graph, node: str) -> Graph:
    """The graph with `node` as its only output and nothing that does not lead there."""
    if node not in graph.nodes:
        raise UserError(_("There is no layer called “{name}”.").format(name=node))
    wanted, waiting = {node}, [node]
    while waiting:
        for link in graph.into(waiting.pop()):
            if link.source not in wanted:
                wanted.add(link.source)
                waiting.append(link.source)
    owners = {n.shares for id in wanted if (n := graph.nodes[id]).shares}
    strangers = set(graph.nodes) - wanted - {each for each in owners if each}
    links = tuple(
        link for link in graph.links if link.source in wanted and link.target in wanted
    )
    return Graph(graph.nodes.without(strangers), links, (), (node,))


def _borrow_weights(model: Any, wish: Wish) -> str:
    """Take the weights of the latest run for the layers that are still the same."""
    if wish.folder is None:
        return ""
    try:
        run = RunStore(wish.folder).find("")
    except UserError:
        return ""  # nothing was trained yet
    trained = keras.models.load_model(run.model_path, compile=False, safe_mode=True)
    by_name = {layer.name: layer for layer in trained.layers}
    taken = 0
    for layer in model.layers:
        theirs = by_name.get(layer.name)
        if theirs is None or not layer.weights:
            continue
        mine = [tuple(weight.shape) for weight in layer.weights]
        if mine == [tuple(weight.shape) for weight in theirs.weights]:
            layer.set_weights(theirs.get_weights())
            taken += 1
    return run.id if taken or not model.weights else ""


def _sample(
    model: Any, graph: Graph, wish: Wish, catalog: Catalog
) -> tuple[Any, dict[str, Any]]:
    """A batch of one, and what it is: a picture of the data, or random numbers."""
    if wish.project.data.source.kind and len(graph.inputs) == 1:
        try:
            spec = picture_spec(wish.project.graph(wish.graph))
        except UserError:
            spec = None
        if spec is not None:
            return _picture(model, spec, wish, catalog)
    random = np.random.default_rng(wish.sample)
    made = [_random(tensor, random) for tensor in model.inputs]
    return (made if len(made) > 1 else made[0]), {}


def _picture(
    model: Any, spec: PictureSpec, wish: Wish, catalog: Catalog
) -> tuple[Any, dict[str, Any]]:
    samples = open_source(wish.project.data.source, catalog, wish.folder or Path.cwd())
    index = _spread(wish.sample, len(samples))
    if samples.in_arrays:
        picture = _encoded(samples.pixels(index), spec)
    else:
        picture = read_picture(samples.path(index), spec)
    label = samples.labels[index]
    names = (
        ", ".join(samples.classes[i] for i in np.flatnonzero(label))
        if samples.multi_label
        else samples.classes[int(label)]
    )
    batch = picture[np.newaxis].astype(model.inputs[0].dtype)
    return batch, {"picture": picture, "sample": samples.ids[index], "label": names}


def _spread(number: int, count: int) -> int:
    """Neighbouring numbers give samples far apart, so that classes change."""
    return (number * 7919) % count


def _encoded(pixels: npt.NDArray[np.uint8], spec: PictureSpec) -> Any:
    """Pixels take the way of pictures: encoded without loss, then read as a file."""
    import io

    from PIL import Image

    plain = pixels[..., 0] if pixels.shape[-1] == 1 else pixels
    stream = io.BytesIO()
    Image.fromarray(plain).save(stream, "PNG")
    return read_picture(stream.getvalue(), spec)


def _random(tensor: Any, random: np.random.Generator) -> Any:
    shape = [1, *(OPEN_SIZE if size is None else size for size in tensor.shape[1:])]
    if "int" in tensor.dtype:
        return random.integers(0, 10, shape).astype(tensor.dtype)
    return random.normal(size=shape).astype("float32")
