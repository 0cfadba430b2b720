"""Runs every check over a project; a new check is a function in one of the lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.project import RemoveGraph
from dlstudio.document.nested_graphs import graphs_in
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.project import (
    MODEL,
    Project,
    is_image_model,
    reconstructs_images,
)
from dlstudio.document.training_method import trains_layers
from dlstudio.engine.heads.base import HeadType
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.model.opaque_weights import WeightsFiles
from dlstudio.engine.problems.activation import ACTIVATION
from dlstudio.engine.problems.backbones import BACKBONE_PIXELS, BACKBONES
from dlstudio.engine.problems.batch_axis import BATCH
from dlstudio.engine.problems.bindings import BINDINGS
from dlstudio.engine.problems.call_values import CALLS
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.classes import CLASSES
from dlstudio.engine.problems.dataset import DATASET
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.problems.devices import DEVICES
from dlstudio.engine.problems.fix_trials import FixTrials
from dlstudio.engine.problems.head import HEAD
from dlstudio.engine.problems.hidden_activations import HIDDEN_ACTIVATIONS
from dlstudio.engine.problems.image_inputs import SINGLE_IMAGE
from dlstudio.engine.problems.image_samples import UNUSABLE
from dlstudio.engine.problems.image_values import PIXEL_CHECKS
from dlstudio.engine.problems.initial_vectors import INITIAL_VECTORS
from dlstudio.engine.problems.inputs import IMAGE_INPUTS, INPUTS
from dlstudio.engine.problems.layer_order import LAYER_ORDER
from dlstudio.engine.problems.losses import LOSSES
from dlstudio.engine.problems.masks import MASKS
from dlstudio.engine.problems.memory import MEMORY
from dlstudio.engine.problems.method_checks import METHOD
from dlstudio.engine.problems.mirrored_classes import MIRRORED
from dlstudio.engine.problems.monitor import MONITOR
from dlstudio.engine.problems.opaque_layers import OPAQUE_LAYERS
from dlstudio.engine.problems.output_bindings import OUTPUT_BINDINGS
from dlstudio.engine.problems.output_ends import OUTPUT_ENDS
from dlstudio.engine.problems.outputs import MODEL_OUTPUTS, OUTPUTS
from dlstudio.engine.problems.params import PARAMS
from dlstudio.engine.problems.plan import PLAN, PLAN_VALUES
from dlstudio.engine.problems.ports import PORTS
from dlstudio.engine.problems.reconstruction import RECONSTRUCTION
from dlstudio.engine.problems.repetitions import REPETITIONS
from dlstudio.engine.problems.sequence_lengths import SEQUENCE_LENGTHS
from dlstudio.engine.problems.shape_mismatch import MISMATCH
from dlstudio.engine.problems.shared_weights import SHARED_WEIGHTS
from dlstudio.engine.problems.source_layout import SOURCE_LAYOUT
from dlstudio.engine.problems.structure import STRUCTURE
from dlstudio.engine.problems.targets import TARGETS
from dlstudio.engine.problems.text_layers import TEXT_LAYERS
from dlstudio.engine.problems.vocabularies import VOCABULARIES
from dlstudio.engine.problems.word_checks import WORDS
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.i18n import _

Check = Callable[[CheckContext], Iterator[Problem]]

GRAPH_CHECKS: tuple[Check, ...] = (
    *STRUCTURE,
    *PARAMS,
    *CALLS,
    *OPAQUE_LAYERS,
    *SHARED_WEIGHTS,
    *REPETITIONS,
    *PORTS,
    *OUTPUTS,
    *MISMATCH,
    *BACKBONES,
    *TEXT_LAYERS,
    *HIDDEN_ACTIVATIONS,
    *LAYER_ORDER,
    *VOCABULARIES,
    *INITIAL_VECTORS,
    *MASKS,
    *SEQUENCE_LENGTHS,
    *BATCH,
    *MIRRORED,
)
"""Checks for every graph of a project."""

MODEL_CHECKS: tuple[Check, ...] = (
    *SINGLE_IMAGE,
    *MODEL_OUTPUTS,
    *HEAD,
    *ACTIVATION,
    *LOSSES,
    *INPUTS,
    *PIXEL_CHECKS,
    *BACKBONE_PIXELS,
    *PLAN,
    *MONITOR,
    *METHOD,
    *DATASET,
    *DEVICES,
    *MEMORY,
    *SOURCE_LAYOUT,
    *CLASSES,
    *UNUSABLE,
)
"""Checks for the trained graph, with the plan and the data."""

FEATURE_CHECKS: tuple[Check, ...] = (
    *BINDINGS,
    *OUTPUT_ENDS,
    *TARGETS,
    *OUTPUT_BINDINGS,
    *IMAGE_INPUTS,
    *PIXEL_CHECKS,
    *BACKBONE_PIXELS,
    *PLAN,
    *MONITOR,
    *METHOD,
    *DEVICES,
    *MEMORY,
)
"""Instead of these, where the columns of a table enter or leave the model."""

IMAGE_CHECKS: tuple[Check, ...] = (
    *SINGLE_IMAGE,
    *MODEL_OUTPUTS,
    *RECONSTRUCTION,
    *INPUTS,
    *PIXEL_CHECKS,
    *BACKBONE_PIXELS,
    *PLAN,
    *MONITOR,
    *METHOD,
    *DATASET,
    *DEVICES,
    *MEMORY,
    *SOURCE_LAYOUT,
    *UNUSABLE,
)
"""Instead of these, where what enters the model leaves it as well."""

WORD_CHECKS: tuple[Check, ...] = (*WORDS, *PLAN_VALUES, *MONITOR, *DEVICES)
"""Instead of these and those of the graph, where texts give vectors of words."""

ORDER = {"error": 0, "warning": 1, "hint": 2}


def check(
    project: Project,
    catalog: Catalog,
    shapes: ShapeInference,
    dataset: DatasetStatistics | None = None,
    files: WeightsFiles | None = None,
    *,
    fixes: bool = True,
) -> tuple[Problem, ...]:
    """The problems of a project, errors first.

    Every offered fix has been tried: it removes the problem. Fixes that cause no other
    error are preferred. Never raises for any content of a project.

    Args:
        project: The project with graphs, plan and data recipe.
        catalog: Describes layers, losses, data sources and so on.
        shapes: Caches inferred shapes between calls.
        dataset: Statistics of the data; if None, only graph and plan are checked.
        files: Weight files beside the project; if None, weights of opaque layers are
            not checked.
        fixes: Whether to find fixes; False is faster.
    """

    if not fixes:
        found = _find_problems(project, catalog, shapes, dataset, True, files)
        return tuple(sorted(found, key=lambda problem: ORDER[problem.severity]))

    def recheck(changed: Project, trying: bool = True) -> list[Problem]:
        return _find_problems(changed, catalog, shapes, dataset, trying, files)

    found = recheck(project, trying=False)
    trials = FixTrials(project, found, recheck)
    vetted = [trials.vet(problem) for problem in found]
    return tuple(sorted(vetted, key=lambda problem: ORDER[problem.severity]))


def _find_problems(
    project: Project,
    catalog: Catalog,
    shapes: ShapeInference,
    dataset: DatasetStatistics | None,
    trying: bool,
    files: WeightsFiles | None,
) -> list[Problem]:
    head_type = _head_type(project, catalog)
    used = _used(project)
    found: list[Problem] = [] if MODEL in project.graphs else [_no_model()]
    found += [_unused_graph(name) for name in project.graphs if name not in used]
    learns = trains_layers(project, catalog)
    for name, graph in project.graphs.items():
        known = shapes.infer(graph, catalog, project.graphs, project.plan.precision)
        context = CheckContext(
            project, catalog, shapes, name, dataset, head_type, known, trying, files
        )
        checks = GRAPH_CHECKS
        if context.main:
            own = (*GRAPH_CHECKS, *_model_checks(project))
            checks = own if learns else WORD_CHECKS
        for each in checks:
            found += each(context) if name in used else map(_milder, each(context))
    return found


def _model_checks(project: Project) -> tuple[Check, ...]:
    if reconstructs_images(project):
        return IMAGE_CHECKS
    return MODEL_CHECKS if is_image_model(project) else FEATURE_CHECKS


def _no_model() -> Problem:
    message = _(
        "The project has no model called “{name}”, which is the model to train."
    )
    return Problem("error", "no-model", message.format(name=MODEL))


def _unused_graph(name: str) -> Problem:
    message = _(
        "The model “{name}” is not used: the trained model does not contain it. Nest "
        "it in the model, or remove it."
    ).format(name=name)
    label = _("Remove the model “{name}”").format(name=name)
    fixes = (Fix(label, (RemoveGraph(name),)),)
    return Problem("warning", "unused-graph", message, "", name, fixes)


def _milder(problem: Problem) -> Problem:
    """Downgrade errors of graphs that the model does not use to warnings."""
    if problem.severity == "error":
        return replace(problem, severity="warning")
    return problem


def _head_type(project: Project, catalog: Catalog) -> HeadType | None:
    known = catalog.search("heads", project.head) is not None
    return find_head_type(project.head, catalog) if known else None


def _used(project: Project) -> set[str]:
    """The trained graphs and those nested in them."""
    used = {MODEL, *(each.graph for each in project.inputs)}
    used |= {each.graph for each in project.outputs}
    waiting = list(used)
    while waiting:
        graph = project.graphs.get(waiting.pop())
        for node in graph.nodes.values() if graph else ():
            new = [name for name in graphs_in(node) if name not in used]
            used.update(new)
            waiting += new
    return used
