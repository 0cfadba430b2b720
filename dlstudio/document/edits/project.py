"""Edits of a project's graphs, plan, data, bindings and name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from dlstudio.catalog.schema import Description
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.dotted_fields import set_field
from dlstudio.document.feature import Feature
from dlstudio.document.graph import Graph
from dlstudio.document.initial_weights import InitialWeights
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec, Value
from dlstudio.document.vectors_reference import VectorsReference
from dlstudio.errors import UserError
from dlstudio.i18n import _


@dataclass(frozen=True, slots=True)
class SetGraph:
    """Add a graph or replace an existing one."""

    value: Graph
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        return project.with_graph(self.graph, self.value)


@dataclass(frozen=True, slots=True)
class RemoveGraph:
    """Remove a graph; the trained one cannot be removed."""

    graph: str

    def apply(self, project: Project) -> Project:
        project.graph(self.graph)
        if self.graph == MODEL:
            raise UserError(_("The model to train cannot be removed."))
        return replace(project, graphs=project.graphs.without([self.graph]))


@dataclass(frozen=True, slots=True)
class SetPlan:
    """Set one field of the training plan: "epochs", "optimizer.learning_rate"."""

    path: str
    value: Any

    def apply(self, project: Project) -> Project:
        plan = set_field(project.plan, self.path, self.value, "plan.")
        return replace(project, plan=plan)


@dataclass(frozen=True, slots=True)
class SetData:
    """Set one field of the data recipe: "split.seed", "source"."""

    path: str
    value: Any

    def apply(self, project: Project) -> Project:
        data = set_field(project.data, self.path, self.value, "data.")
        return replace(project, data=data)


@dataclass(frozen=True, slots=True)
class SetName:
    """Rename the project."""

    name: str

    def apply(self, project: Project) -> Project:
        return replace(project, name=self.name)


@dataclass(frozen=True, slots=True)
class SetHead:
    """Let an output mean something else.

    Attributes:
        head: A kind of family "heads".
        feature_type: The type that the predicted feature gets, too; "" if it stays.
        output: Number of the output among the project's, from 0.
        of_input: Whether the output predicts the feature that enters the model.
    """

    head: str
    feature_type: str = ""
    output: int = 0
    of_input: bool = False

    @classmethod
    def of(cls, head: Description) -> SetHead:
        """The head of a description, and the type of feature it predicts."""
        feature_type = next(iter(head.extra.get("features", ())), "")
        return cls(head.kind, feature_type, of_input=bool(head.extra.get("of_input")))

    def apply(self, project: Project) -> Project:
        outputs = list(project.outputs)
        output = outputs[self.output]
        output = replace(output, head=Spec(self.head), feature=self._feature(project))
        outputs[self.output] = output
        data = project.data
        feature = data.features.get(output.feature)
        if feature is not None and self.feature_type not in ("", feature.kind):
            other = Feature(self.feature_type, feature.column)
            data = replace(data, features=data.features.set(output.feature, other))
        return replace(project, outputs=tuple(outputs), data=data)

    def _feature(self, project: Project) -> str:
        """What the output predicts from now on: an input, or never one."""
        own = project.outputs[self.output].feature
        given = [binding.feature for binding in project.inputs]
        if self.of_input:
            return given[0] if given else own
        others = (name for name in project.data.features if name not in given)
        return next(others, own) if own in given else own


@dataclass(frozen=True, slots=True)
class ChangeValues:
    """Give samples other values of a feature than the source says.

    Attributes:
        feature: Its name.
        values: Sample id → value; None for the source's own.
    """

    feature: str
    values: FrozenMap[str, Value]

    def apply(self, project: Project) -> Project:
        changed = dict(project.data.changed)
        for id, value in self.values.items():
            own = changed.get(id, FrozenMap()).without([self.feature])
            if value is not None:
                own = own.set(self.feature, value)
            changed[id] = own
        kept = FrozenMap((id, values) for id, values in changed.items() if values)
        return replace(project, data=replace(project.data, changed=kept))


@dataclass(frozen=True, slots=True)
class SetFeatures:
    """Use other columns of the data, or the same with other types and settings."""

    features: FrozenMap[str, Feature]

    def apply(self, project: Project) -> Project:
        return replace(project, data=replace(project.data, features=self.features))


@dataclass(frozen=True, slots=True)
class SetBindings:
    """Bind other features to the graphs' inputs and outputs."""

    inputs: tuple[InputBinding, ...]
    outputs: tuple[OutputBinding, ...]

    def apply(self, project: Project) -> Project:
        if not self.outputs:
            raise UserError(
                _("A project needs at least one output."),
                _("Choose a column to predict."),
            )
        return replace(project, inputs=self.inputs, outputs=self.outputs)


@dataclass(frozen=True, slots=True)
class SetInitialWeights:
    """Let the layers of the model begin with the weights of a file.

    Attributes:
        reference: The file; None to begin with what layers initialize.
    """

    reference: InitialWeights | None

    def apply(self, project: Project) -> Project:
        return replace(project, initial_weights=self.reference)


@dataclass(frozen=True, slots=True)
class SetCode:
    """Let custom layers be defined by code files.

    Attributes:
        code: Their paths in the project's folder.
    """

    code: tuple[str, ...]

    def apply(self, project: Project) -> Project:
        return replace(project, code=self.code)


@dataclass(frozen=True, slots=True)
class SetWordVectors:
    """Let an Embedding layer of the model begin with word vectors.

    Attributes:
        node: Id of the layer.
        reference: The file; None to begin with random weights.
    """

    node: str
    reference: VectorsReference | None

    def apply(self, project: Project) -> Project:
        others = project.word_vectors.without([self.node])
        if self.reference is not None:
            others = others.set(self.node, self.reference)
        return replace(project, word_vectors=others)
