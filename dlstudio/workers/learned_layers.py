"""The job that reads what a layer has learned in the newest run that has it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Graph
from dlstudio.document.learned_layer import LearnedLayer
from dlstudio.document.project import MODEL, Project
from dlstudio.document.sample_nouns import sample_noun
from dlstudio.workers.jobs import JobContext

if TYPE_CHECKING:
    from dlstudio.engine.runs.run import Run

MOST_FOR_STATISTICS = 20_000
"""As in `dlstudio.engine.preprocessing.adaptation`, which this thread cannot import."""
LAYERS = "keras.layers."
NORMALIZATION = f"{LAYERS}Normalization"
LEARNING = frozenset(
    (
        "dlstudio.layers.BytePair",
        "dlstudio.layers.WordPiece",
        f"{LAYERS}Discretization",
        f"{LAYERS}IntegerLookup",
        NORMALIZATION,
        f"{LAYERS}StringLookup",
        f"{LAYERS}TextVectorization",
    )
)
"""Layers that learn from the training split unless they are given values."""
COUNTED = frozenset(
    (
        "dlstudio.layers.BytePair",
        "dlstudio.layers.WordPiece",
        f"{LAYERS}StringLookup",
        f"{LAYERS}TextVectorization",
    )
)
"""Those whose vocabulary is counted in the texts of each split."""
JOINING = f"{LAYERS}Concatenate"


@dataclass(frozen=True, slots=True)
class LayerReference:
    """A layer of the model of a project.

    Attributes:
        folder: The project's folder.
        node: Id of the node.
        kind: Its kind: what another layer with this id has learned is not meant.
    """

    folder: Path
    node: str
    kind: str


def read_learned_layer(
    context: JobContext, catalog: Catalog, layer: LayerReference
) -> LearnedLayer | None:
    """What a layer has learned in the newest run that has it; needs no TensorFlow.

    Args:
        context: Context of the job.
        catalog: Describes the types of features.
        layer: The layer.

    Returns:
        None if no run has it, or if it was given its values.
    """
    from dlstudio.engine.preprocessing.learned_layers import LEARNED
    from dlstudio.engine.runs.run import Run
    from dlstudio.engine.runs.store import run_folders
    from dlstudio.errors import UserError

    for folder in reversed(run_folders(layer.folder)):
        if context.should_stop():
            return None
        if not (folder / LEARNED).exists():
            continue
        try:
            found = _learned(Run.read(folder), catalog, layer)
        except UserError:
            continue  # a damaged run; the Train room reports it
        if found is not None:
            return found
    return None


def count_learned_tokens(
    context: JobContext, catalog: Catalog, layer: LayerReference, project: Project
) -> LearnedLayer | None:
    """A layer's vocabulary with the frequency of each token; needs no TensorFlow.

    Args:
        context: Context of the job.
        catalog: Describes sources, layers and types of features.
        layer: The layer.
        project: What is edited now, for a layer that no run has learned yet.

    Returns:
        None if no text enters the layer directly, or its data cannot be read.
    """
    from dlstudio.data.token_report import TokenLayer, count_vocabulary
    from dlstudio.engine.runs.run import Run
    from dlstudio.engine.runs.store import run_folders
    from dlstudio.errors import UserError

    learned = read_learned_layer(context, catalog, layer)
    if learned is not None:
        named = (Run.read(each) for each in reversed(run_folders(layer.folder)))
        run = next(each for each in named if str(each.number or each.id) == learned.run)
        project = run.project()
    if layer.node not in project.model.nodes:
        return None
    asked = TokenLayer(project, layer.folder, layer.node)
    try:
        return count_vocabulary(asked, catalog, learned, context.should_stop)
    except UserError:
        return None  # the Data room reports it


def _learned(run: Run, catalog: Catalog, layer: LayerReference) -> LearnedLayer | None:
    from dlstudio.engine.model.call_arguments import layer_names
    from dlstudio.engine.preprocessing.learned_layers import read_learned

    project = run.project()
    node = project.model.nodes.get(layer.node)
    if node is None or node.kind != layer.kind:
        return None
    learned = read_learned(run.folder, str(run.record.data.get("learned", "")))
    state = (learned or {}).get(layer_names(project.model)[node.id])
    if state is None:
        return None
    count = int((run.record.data.get("splits") or {}).get("train", 0))
    if node.kind == NORMALIZATION:
        count = min(count, MOST_FOR_STATISTICS)
    found = LearnedLayer(
        str(run.number or run.id), count, sample_noun(project, catalog)
    )
    return _with_state(found, state, project, node.id)


def _with_state(
    found: LearnedLayer, state: Mapping[str, Any], project: Project, node: str
) -> LearnedLayer:
    if "vocabulary" in state:
        return replace(
            found,
            vocabulary=tuple(map(str, state["vocabulary"])),
            merges=tuple(map(str, state.get("merges") or ())),
            weights=tuple(map(float, state.get("idf_weights") or ())),
        )
    if "bin_boundaries" in state:
        return replace(found, boundaries=tuple(map(float, state["bin_boundaries"])))
    means = tuple(_numbers(state["mean"]))
    return replace(
        found,
        names=value_names(project, node, len(means)),
        means=means,
        deviations=tuple(map(math.sqrt, _numbers(state["variance"]))),
    )


def _numbers(values: Any) -> Iterator[float]:
    """Nested lists of numbers, flat."""
    if isinstance(values, list):
        for each in values:
            yield from _numbers(each)
    else:
        yield float(values)


def value_names(project: Project, node: str, count: int) -> tuple[str, ...]:
    """What the values that enter a layer are: the features that lead to it.

    Args:
        project: With the model and its bindings.
        node: Id of the layer.
        count: How many values there are.

    Returns:
        As many names; numbers from 1 where the features do not say it.
    """
    graph = project.model
    only = graph.inputs[0].id if len(graph.inputs) == 1 else ""
    features = {
        each.input or only: each.feature
        for each in project.inputs
        if each.graph == MODEL
    }
    names = _features_before(graph, features, node)
    if len(names) == count:
        return names
    numbers = tuple(str(number) for number in range(1, count + 1))
    if len(names) == 1:
        return tuple(f"{names[0]} [{number}]" for number in numbers)
    return numbers


def _features_before(
    graph: Graph, features: Mapping[str, str], node: str
) -> tuple[str, ...]:
    """The features that enter a layer, if they are only joined before it."""
    found: list[str] = []
    waiting = [edge.source for edge in reversed(graph.into(node))]
    seen: set[str] = set()
    while waiting:
        id = waiting.pop()
        known = graph.nodes.get(id)
        if known is None or id in seen:
            return ()
        seen.add(id)
        before = [edge.source for edge in graph.into(id)]
        if known.kind == INPUT:
            found.append(features.get(id, known.name))
        elif len(before) == 1 or known.kind == JOINING:
            waiting += reversed(before)
        else:
            return ()
    return tuple(found)
