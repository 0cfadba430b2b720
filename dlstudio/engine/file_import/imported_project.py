"""The project that an imported model becomes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.graph import Edge, Graph, Node
from dlstudio.document.layout import COLUMN, ROW
from dlstudio.document.plan import (
    ACCURACY,
    IMAGE,
    IMAGE_AND_CLASS,
    LABEL,
    DataRecipe,
    TrainingPlan,
)
from dlstudio.document.project import MODEL, TABLE_SOURCE, Project
from dlstudio.document.values import FrozenMap, Spec, Value
from dlstudio.engine.file_import.model_ends import ModelAnswer, ModelEntry, are_known
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

FEATURE = "dlstudio.features."
HEADS = {"classes": "classification", "labels": "multi_label", "number": "regression"}
LABEL_KINDS = {"classes": "category", "labels": "categories", "number": "number"}
LEARNING_RATE = 1e-4
"""Small, so that the first steps do not undo what the weights have learned."""
UNCHANGED: Mapping[str, float] = {"fill": 0.0, "mean": 0.0, "deviation": 1.0}
"""What is kept of a number whose rows are not known."""


@dataclass(frozen=True, slots=True)
class ImportedProject:
    """A project made of a model.

    Attributes:
        project: With the model's graphs.
        fitted: What its features know without data, by name.
        predicts: Whether its inputs and outputs are bound, so that it predicts.
    """

    project: Project
    fitted: Mapping[str, JsonObject] = field(default_factory=dict)
    predicts: bool = True


@dataclass(frozen=True, slots=True)
class ModelEnds:
    """What enters a model and leaves it.

    Attributes:
        entries: Its inputs.
        answers: Its outputs.
        classes: Names of the classes of each answer, () where it has none.
        columns: Names of the columns of a table that enter it; () to number them.
    """

    entries: tuple[ModelEntry, ...]
    answers: tuple[ModelAnswer, ...]
    classes: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether all inputs and outputs mean something."""
        return are_known(self.entries, self.answers)

    @property
    def is_image_model(self) -> bool:
        """Whether one image enters, and its classes leave."""
        return (
            self.known
            and [each.kind for each in self.entries] == ["image"]
            and len(self.answers) == 1
            and self.answers[0].kind != "number"
        )


def imported_project(project: Project, ends: ModelEnds) -> ImportedProject:
    """The project with its inputs and outputs bound to features.

    Args:
        project: With the graphs, the name and the precision alone.
        ends: What enters the model and leaves it.

    Raises:
        UserError: The number of columns is another one, or one is named twice.
    """
    if not ends.known:
        return ImportedProject(project, predicts=False)
    if ends.is_image_model:
        return _image_project(project, ends)
    return _feature_project(project, ends)


def _image_project(project: Project, ends: ModelEnds) -> ImportedProject:
    (answer,) = ends.answers
    features = IMAGE_AND_CLASS.set(LABEL, Feature(FEATURE + LABEL_KINDS[answer.kind]))
    return ImportedProject(
        replace(
            project,
            data=DataRecipe(features=features),
            outputs=(OutputBinding(LABEL, _head(answer)),),
            plan=_plan(project.plan, answer),
        ),
        {IMAGE: {}, LABEL: {"names": list(ends.classes[0])}},
    )


def _feature_project(project: Project, ends: ModelEnds) -> ImportedProject:
    graph, inputs, features = _bound_inputs(project.model, ends)
    fitted: dict[str, JsonObject] = {
        name: dict(UNCHANGED) if each.kind == FEATURE + "number" else {}
        for name, each in features.items()
    }
    outputs = []
    several = len(ends.answers) > 1
    for answer, names in zip(ends.answers, ends.classes, strict=True):
        name = _free(answer.node if several else LABEL, features)
        features[name] = Feature(FEATURE + LABEL_KINDS[answer.kind])
        fitted[name] = {"names": list(names)} if names else dict(UNCHANGED)
        outputs.append(
            OutputBinding(
                name,
                _head(answer),
                output=answer.node,
                loss=_loss(answer) if several else None,
                metrics=_metrics(answer) if several else None,
            )
        )
    return ImportedProject(
        replace(
            project,
            graphs=project.graphs.set(MODEL, graph),
            data=DataRecipe(Spec(TABLE_SOURCE), features=FrozenMap(features)),
            inputs=inputs,
            outputs=tuple(outputs),
            plan=_plan(project.plan, ends.answers[0]),
        ),
        fitted,
    )


def _bound_inputs(
    graph: Graph, ends: ModelEnds
) -> tuple[Graph, tuple[InputBinding, ...], dict[str, Feature]]:
    """The graph with an input for each column, and the features that enter them."""
    names = list(_column_names(ends))
    features: dict[str, Feature] = {}
    bindings = []
    for entry in ends.entries:
        if entry.kind != "numbers":
            name = _free(names.pop(0), features)
            features[name] = Feature(FEATURE + entry.kind)
            bindings.append(InputBinding(name, MODEL, entry.node))
            continue
        count = entry.shape[0] or 0
        taken = [_free(each, features) for each in names[:count]]
        del names[:count]
        graph, ids = _split(graph, entry.node, taken)
        for name, id in zip(taken, ids, strict=True):
            features[name] = Feature(FEATURE + "number")
            bindings.append(InputBinding(name, MODEL, id))
    return graph, tuple(bindings), features


def _column_names(ends: ModelEnds) -> Sequence[str]:
    """The name of each column that enters the model."""
    counts = [
        (each.node, each.shape[0] or 0 if each.kind == "numbers" else 1)
        for each in ends.entries
    ]
    total = sum(count for _node, count in counts)
    if ends.columns:
        if len(ends.columns) != total:
            raise UserError(
                _(
                    "Columns of the model: {count}; columns that are named: {found}."
                ).format(found=len(ends.columns), count=total),
                _("Name them in the order of the model's inputs."),
            )
        twice = [each for each, many in Counter(ends.columns).items() if many > 1]
        if twice:
            raise UserError(
                _("The column “{name}” is named more than once.").format(name=twice[0]),
                _("Name each column once, in the order of the model's inputs."),
            )
        return ends.columns
    return [
        node if count == 1 else f"{node}_{number}"
        for node, count in counts
        for number in range(1, count + 1)
    ]


def _split(graph: Graph, input: str, names: Sequence[str]) -> tuple[Graph, list[str]]:
    """The graph with inputs for single numbers, joined where one for all was."""
    x, y = graph.nodes[input].position
    nodes: dict[str, Node] = {}
    ids: list[str] = []
    for place, name in enumerate(names):
        id = re.sub(r"\W+", "_", name.lower()).strip("_") or "column"
        while id in graph.nodes or id in nodes:
            id += "_"
        ids.append(id)
        across = (place - (len(names) - 1) / 2) * COLUMN
        shape: Mapping[str, Value] = {"shape": (1,)}
        nodes[id] = Node(id, INPUT_LAYER, FrozenMap(shape), (x + across, y - ROW))
    joined = Node(input, "keras.layers.Concatenate", position=(x, y))
    others = [(id, each) for id, each in graph.nodes.items() if id != input]
    place = list(graph.nodes).index(input)
    ordered = [*others[:place], *nodes.items(), (input, joined), *others[place:]]
    edges = tuple(Edge(id, input, 0, port) for port, id in enumerate(ids))
    return replace(graph, nodes=FrozenMap(ordered), edges=(*edges, *graph.edges)), ids


INPUT_LAYER = "keras.layers.InputLayer"


def _free(name: str, taken: Mapping[str, Feature]) -> str:
    found, number = name, 2
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found


def _head(answer: ModelAnswer) -> Spec:
    return Spec(f"dlstudio.heads.{HEADS[answer.kind]}")


def _loss(answer: ModelAnswer) -> Spec:
    if answer.kind == "number":
        return Spec("keras.losses.MeanSquaredError")
    binary = answer.kind == "labels" or answer.units == 1
    name = "BinaryCrossentropy" if binary else "SparseCategoricalCrossentropy"
    params = {"from_logits": True} if answer.from_logits else {}
    return Spec(f"keras.losses.{name}", FrozenMap(params))


def _metrics(answer: ModelAnswer) -> tuple[Spec, ...]:
    if answer.kind == "number":
        return (Spec("dlstudio.metrics.mae"), Spec("dlstudio.metrics.r2"))
    return (ACCURACY,)


def _plan(plan: TrainingPlan, answer: ModelAnswer) -> TrainingPlan:
    """A plan that begins with small steps, as the weights are good already."""
    adam = Spec("keras.optimizers.Adam", FrozenMap({"learning_rate": LEARNING_RATE}))
    return replace(plan, loss=_loss(answer), metrics=_metrics(answer), optimizer=adam)
