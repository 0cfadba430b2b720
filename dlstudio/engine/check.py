"""Every check over a whole project; a new one is a function in one of these lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import NESTED
from dlstudio.document.problems import Problem
from dlstudio.document.project import MODEL, Project
from dlstudio.engine.block_weights import WeightsFiles
from dlstudio.engine.dataset_statistics import DatasetStatistics
from dlstudio.engine.problems.activation import ACTIVATION
from dlstudio.engine.problems.batch import BATCH
from dlstudio.engine.problems.blocks import BLOCKS
from dlstudio.engine.problems.calls import CALLS
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.classes import CLASSES
from dlstudio.engine.problems.devices import DEVICES
from dlstudio.engine.problems.fix_trials import FixTrials
from dlstudio.engine.problems.folders import FOLDERS
from dlstudio.engine.problems.head import HEAD
from dlstudio.engine.problems.inputs import INPUTS
from dlstudio.engine.problems.layer_order import HABITS
from dlstudio.engine.problems.linear import BETWEEN
from dlstudio.engine.problems.losses import LOSSES
from dlstudio.engine.problems.memory import MEMORY
from dlstudio.engine.problems.mirrored import MIRRORED
from dlstudio.engine.problems.mismatch import MISMATCH
from dlstudio.engine.problems.monitor import WATCHING
from dlstudio.engine.problems.outputs import ENDS, MODEL_ENDS
from dlstudio.engine.problems.params import PARAMS
from dlstudio.engine.problems.pixels import PICTURES
from dlstudio.engine.problems.plan import PLAN
from dlstudio.engine.problems.ports import PORTS
from dlstudio.engine.problems.samples import SAMPLES
from dlstudio.engine.problems.shared_weights import SHARING
from dlstudio.engine.problems.structure import STRUCTURE
from dlstudio.engine.problems.unusable import UNUSABLE
from dlstudio.engine.shapes import Shapes
from dlstudio.engine.tasks.base import Task, find_task
from dlstudio.i18n import _

Check = Callable[[CheckContext], Iterator[Problem]]

GRAPH_CHECKS: tuple[Check, ...] = (
    *STRUCTURE,
    *PARAMS,
    *CALLS,
    *BLOCKS,
    *SHARING,
    *PORTS,
    *ENDS,
    *MISMATCH,
    *BETWEEN,
    *HABITS,
    *BATCH,
    *MIRRORED,
)
"""For every graph of a project."""

MODEL_CHECKS: tuple[Check, ...] = (
    *MODEL_ENDS,
    *HEAD,
    *ACTIVATION,
    *LOSSES,
    *INPUTS,
    *PICTURES,
    *PLAN,
    *WATCHING,
    *SAMPLES,
    *DEVICES,
    *MEMORY,
    *FOLDERS,
    *CLASSES,
    *UNUSABLE,
)
"""For the graph that is trained, with the plan and the data."""

ORDER = {"error": 0, "warning": 1, "hint": 2}


def check(
    project: Project,
    catalog: Catalog,
    shapes: Shapes,
    facts: DatasetStatistics | None = None,
    files: WeightsFiles | None = None,
    *,
    fixes: bool = True,
) -> tuple[Problem, ...]:
    """What is wrong with a project, errors first.

    Every fix that is offered was tried: after it the problem is gone. Those that
    bring no other error are preferred. Never raises because of what a project says.

    Args:
        shapes: Remembers what is known about layers from one call to the next.
        facts: About the data; without them only graph and plan are checked.
        files: Beside the project; without them the weights of blocks are not.
        fixes: Without them only the problems are told, which is faster.
    """

    if not fixes:
        found = _look(project, catalog, shapes, facts, True, files)
        return tuple(sorted(found, key=lambda problem: ORDER[problem.severity]))

    def look(changed: Project, trying: bool = True) -> list[Problem]:
        return _look(changed, catalog, shapes, facts, trying, files)

    found = look(project, trying=False)
    trials = FixTrials(project, found, look)
    vetted = [trials.vet(problem) for problem in found]
    return tuple(sorted(vetted, key=lambda problem: ORDER[problem.severity]))


def _look(
    project: Project,
    catalog: Catalog,
    shapes: Shapes,
    facts: DatasetStatistics | None,
    trying: bool,
    files: WeightsFiles | None,
) -> list[Problem]:
    task = _task(project, catalog)
    used = _used(project)
    found: list[Problem] = [] if MODEL in project.graphs else [_no_model()]
    for name, graph in project.graphs.items():
        known = shapes.infer(graph, catalog, project.graphs, project.plan.precision)
        context = CheckContext(
            project, catalog, shapes, name, facts, task, known, trying, files
        )
        checks = (*GRAPH_CHECKS, *MODEL_CHECKS) if context.main else GRAPH_CHECKS
        for each in checks:
            found += each(context) if name in used else map(_milder, each(context))
    return found


def _no_model() -> Problem:
    message = _("The project has no graph called “{name}”, which is the one to train.")
    return Problem("error", "no-model", message.format(name=MODEL))


def _milder(problem: Problem) -> Problem:
    """A graph that the model does not use cannot keep it from training."""
    if problem.severity == "error":
        return replace(problem, severity="warning")
    return problem


def _task(project: Project, catalog: Catalog) -> Task | None:
    known = catalog.search("tasks", project.task) is not None
    return find_task(project.task, catalog) if known else None


def _used(project: Project) -> set[str]:
    """The graph that is trained and those nested in it."""
    used, waiting = {MODEL}, [MODEL]
    while waiting:
        graph = project.graphs.get(waiting.pop())
        for node in graph.nodes.values() if graph else ():
            name = str(node.params.get("graph", ""))
            if node.kind == NESTED and name not in used:
                used.add(name)
                waiting.append(name)
    return used
