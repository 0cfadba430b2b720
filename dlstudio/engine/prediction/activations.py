"""Computes the output of one layer for one sample."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypedDict

import keras
import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.data.open_source import open_source
from dlstudio.data.samples import Samples
from dlstudio.document.graph import INPUT, NESTED, Edge, Graph, Node
from dlstudio.document.plan import LABEL, DataRecipe
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Value
from dlstudio.engine.custom_code.code_scope import project_code
from dlstudio.engine.model.build import build
from dlstudio.engine.model.call_arguments import layer_names, owner_of
from dlstudio.engine.prediction.image_sample import image_form, image_sample
from dlstudio.engine.prediction.model_file import load_run_model
from dlstudio.engine.runs.store import Run, RunStore
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, KerasTensor

OPEN_SIZE = 64  # replaces an unknown size of the input, for random samples
KEPT = 4  # cached models, so that other samples are fast
LARGEST_OUTPUT = 4_000_000  # values; larger outputs do not fit a small panel


class ActivationQuery(Protocol):
    """The request; see `dlstudio.workers.activation_jobs.ActivationRequest`."""

    @property
    def project(self) -> Project:
        """The current project."""

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
        """Whether to use trained weights."""

    @property
    def output(self) -> int:
        """Which of the node's outputs."""


class SampleFields(TypedDict, total=False):
    """Name and preview of a sample; empty for random numbers."""

    preview: npt.NDArray[np.uint8]
    sample: str
    label: str


class ActivationFields(SampleFields, total=False):
    """The fields of `dlstudio.workers.activation_jobs.Activation` except "node"."""

    values: npt.NDArray[np.generic]
    run: str
    outputs: int


class ActivationReader:
    """Computes activations; caches recent models and the data's index."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._models: OrderedDict[Hashable, tuple[Any, str]] = OrderedDict()
        self._trained: tuple[Path, int, Any] | None = None
        self._source: tuple[DataRecipe, Path, Samples] | None = None

    def read(self, query: ActivationQuery) -> ActivationFields:
        """The output of `query.node`, with the sample it was made from.

        Only the part of the model up to the node is built, so errors after it do not
        matter.

        Returns:
            The fields of `dlstudio.workers.activation_jobs.Activation` except "node".

        Raises:
            UserError: That part cannot be built, or the sample cannot be read.
        """
        whole = query.project.graph(query.graph)
        subgraph = subgraph_to(whole, query.node)
        model, run = self._model(subgraph, query)
        inputs, found = self._sample(model, query)
        outputs = keras.tree.flatten(model(inputs, training=False))
        chosen = outputs[min(max(query.output, 0), len(outputs) - 1)]
        if int(np.prod(chosen.shape)) > LARGEST_OUTPUT:
            raise UserError(
                _("The output has {count} values, too many to display.").format(
                    count=f"{int(np.prod(chosen.shape)):,}"
                )
            )
        answer = np.asarray(keras.ops.convert_to_numpy(chosen))
        values = answer[0] if answer.ndim else answer  # may lack a batch axis
        return {**found, "values": values, "run": run, "outputs": len(outputs)}

    def _model(self, subgraph: Graph, query: ActivationQuery) -> tuple[KerasModel, str]:
        run = _latest(query.folder) if query.trained else None
        nested = any(node.kind == NESTED for node in subgraph.nodes.values())
        graphs = query.project.graphs if nested else FrozenMap()
        precision = query.project.plan.precision
        key = (subgraph, graphs, precision, str(run.folder) if run else "")
        if key in self._models:
            self._models.move_to_end(key)
            return self._models[key]
        with project_code(query.project, query.folder):
            model = build(
                _identity_outputs(subgraph),
                self._catalog,
                query.graph,
                query.project.graphs,
                precision,
                query.folder,
            )
        used = run is not None and self._borrow(model, run)
        borrowed = str(run.number or run.id) if run is not None and used else ""
        self._models[key] = (model, borrowed)
        while len(self._models) > KEPT:
            self._models.popitem(last=False)
        return model, borrowed

    def _borrow(self, model: KerasModel, run: Run) -> bool:
        """Load a run's weights into unchanged layers; False if there are none."""
        path = run.model_path
        assert path is not None, "only runs with a model are found"
        stamp = path.stat().st_mtime_ns
        if self._trained is None or self._trained[:2] != (path, stamp):
            self._trained = (path, stamp, load_run_model(run))
        by_name = {layer.name: layer for layer in self._trained[2].layers}
        taken = 0
        for layer in model.layers:
            theirs = by_name.get(layer.name)
            if theirs is None or not layer.weights:
                continue
            mine = [tuple(weight.shape) for weight in layer.weights]
            if mine == [tuple(weight.shape) for weight in theirs.weights]:
                layer.set_weights(theirs.get_weights())
                taken += 1
        return bool(taken) or not model.weights

    def _sample(
        self, model: KerasModel, query: ActivationQuery
    ) -> tuple[object, SampleFields]:
        """A batch of one, a sample of the data or random numbers, with its fields."""
        spec = image_form(query.project, query.graph)
        if spec is not None and len(model.inputs) == 1:
            samples = self._samples(query.project.data, query.folder or Path.cwd())
            chosen = image_sample(samples, query.sample, spec)
            batch = chosen.preview[np.newaxis].astype(model.inputs[0].dtype)
            changed = query.project.data.changed_values(LABEL)
            label = str(changed.get(chosen.id) or chosen.label)
            fields: SampleFields = {"preview": chosen.preview, "sample": chosen.id}
            return batch, {**fields, "label": label}
        if any(each.dtype == "string" for each in model.inputs):
            raise UserError(
                _(
                    "Text enters this layer or one before it, so its output is not "
                    "shown here."
                ),
                _("The Predict room shows what the whole model predicts."),
            )
        random = np.random.default_rng(query.sample)
        made = [_random(tensor, random) for tensor in model.inputs]
        return (made if len(made) > 1 else made[0]), {}

    def _samples(self, recipe: DataRecipe, folder: Path) -> Samples:
        if self._source is None or self._source[:2] != (recipe, folder):
            found = open_source(recipe.source, self._catalog, folder)
            self._source = (recipe, folder, found)
        return self._source[2]


def subgraph_to(graph: Graph, node: str) -> Graph:
    """The subgraph that computes `node`, its only output.

    Layers keep their names. A layer that shares weights with a removed layer owns them
    here.

    Raises:
        UserError: There is no such node, or weights are shared with a missing node.
    """
    if node not in graph.nodes:
        raise UserError(_("There is no layer called “{name}”.").format(name=node))
    wanted, waiting = {node}, [node]
    while waiting:
        for edge in graph.into(waiting.pop()):
            if edge.source not in wanted:
                wanted.add(edge.source)
                waiting.append(edge.source)
    names = layer_names(graph)
    nodes: dict[str, Node] = {}
    adopted: dict[str, str] = {}
    for id in (each for each in graph.nodes if each in wanted):
        owner = owner_of(graph, graph.nodes[id])
        mine = replace(owner, id=id, position=(0.0, 0.0))
        if owner.id != id:
            holder = (
                owner.id if owner.id in wanted else adopted.setdefault(owner.id, id)
            )
            mine = replace(mine, shares=None if holder == id else holder)
        nodes[id] = replace(mine, params=mine.params.set("name", names[id]))
    edges = tuple(
        edge for edge in graph.edges if edge.source in wanted and edge.target in wanted
    )
    return Graph(FrozenMap(nodes), edges, (), (node,))


def _identity_outputs(subgraph: Graph) -> Graph:
    """The subgraph; a single input is extended by an identity layer.

    Keras 3.12 (the last for Python 3.10) cannot build a model from an input alone.
    """
    (output,) = subgraph.output_ids()
    node = subgraph.nodes[output]
    if node.kind != INPUT:
        return subgraph
    dtype = node.params.get("dtype") or "float32"  # else it would be cast to the plan's
    params: FrozenMap[str, Value] = FrozenMap({"dtype": dtype})
    after = Node(f"{output}_as_it_is", "keras.layers.Identity", params)
    nodes = subgraph.nodes.set(after.id, after)
    return Graph(nodes, (Edge(output, after.id),), (), (after.id,))


def _latest(folder: Path | None) -> Run | None:
    """The newest run with a trained model, if there is one."""
    if folder is None:
        return None
    try:
        return RunStore(folder).find("")
    except UserError:
        return None  # nothing trained yet


def _random(
    tensor: KerasTensor, random: np.random.Generator
) -> npt.NDArray[np.generic]:
    shape = [1, *(OPEN_SIZE if size is None else size for size in tensor.shape[1:])]
    if "int" in tensor.dtype:
        return random.integers(0, 10, shape).astype(tensor.dtype)
    return random.normal(size=shape).astype("float32")
