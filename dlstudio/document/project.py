"""The project: all of the user's work as one immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.graph import Graph
from dlstudio.document.graph_names import MODEL as MODEL
from dlstudio.document.initial_weights import InitialWeights
from dlstudio.document.plan import IMAGE, LABEL, NO_SOURCE, DataRecipe, TrainingPlan
from dlstudio.document.values import CHECKED, FrozenMap, Spec
from dlstudio.document.vectors_reference import VectorsReference
from dlstudio.errors import UserError
from dlstudio.i18n import _

IMAGE_TYPE = "dlstudio.features.image"
TABLE_SOURCE = "dlstudio.sources.table"
"""The source whose samples are rows with any features, images among them."""
RECONSTRUCTION = "dlstudio.heads.reconstruction"


@dataclass(frozen=True, slots=True)
class Project:
    """Named graphs, a data recipe, what binds the two, and a training plan.

    Attributes:
        name: What the user calls it; the folder may be named otherwise.
        graphs: By name; the model that is trained is `MODEL`.
        inputs: Which feature of the data enters which input of a graph.
        outputs: What the outputs of the graphs mean; at least one.
        word_vectors: By the id of an Embedding node of the model, what it begins with.
        initial_weights: What the layers begin with; None for what they initialize.
        code: Python files in the project's folder that define custom layers, such as
            "code/layers.py". They are run only if the user trusts them.
    """

    __pydantic_config__ = CHECKED

    name: str = ""
    graphs: FrozenMap[str, Graph] = field(
        default_factory=lambda: FrozenMap({MODEL: Graph()})
    )
    data: DataRecipe = field(default_factory=DataRecipe)
    inputs: tuple[InputBinding, ...] = (InputBinding(IMAGE),)
    outputs: tuple[OutputBinding, ...] = (OutputBinding(LABEL),)
    plan: TrainingPlan = field(default_factory=TrainingPlan)
    word_vectors: FrozenMap[str, VectorsReference] = field(default_factory=FrozenMap)
    initial_weights: InitialWeights | None = None
    code: tuple[str, ...] = ()

    @property
    def output(self) -> OutputBinding:
        """The first output: the one a run is judged by."""
        return self.outputs[0]

    @property
    def head(self) -> str:
        """The kind of the first output's head."""
        return self.output.head.kind

    @property
    def heads(self) -> tuple[tuple[str, str], ...]:
        """The feature that each output predicts, and the kind of its head."""
        return tuple((each.feature, each.head.kind) for each in self.outputs)

    def loss_of(self, output: OutputBinding) -> Spec:
        """The loss of an output."""
        return self.plan.loss if output.loss is None else output.loss

    def metrics_of(self, output: OutputBinding) -> tuple[Spec, ...]:
        """The metrics of an output."""
        return self.plan.metrics if output.metrics is None else output.metrics

    @property
    def model(self) -> Graph:
        """The graph that is trained."""
        return self.graph(MODEL)

    def graph(self, name: str) -> Graph:
        """The graph named `name`.

        Raises:
            UserError: The graph does not exist.
        """
        found = self.graphs.get(name)
        if found is None:
            raise UserError(
                _("The project has no model called “{name}”.").format(name=name)
            )
        return found

    def with_graph(self, name: str, graph: Graph) -> Project:
        """A copy with one graph added or replaced."""
        return replace(self, graphs=self.graphs.set(name, graph))


def is_image_model(project: Project) -> bool:
    """Whether a single image of a data set of images enters the model.

    Its classes leave it. An image that a table names is one of its features.
    """
    return takes_one_image(project) and not reconstructs_images(project)


def reconstructs_images(project: Project) -> bool:
    """Whether a single image of a data set of images enters the model, and leaves it.

    The output means the same image.
    """
    return takes_one_image(project) and project.head == RECONSTRUCTION


def takes_one_image(project: Project) -> bool:
    """Whether there is one input, for images of a data set of them, and one output."""
    if len(project.inputs) != 1 or len(project.outputs) != 1:
        return False
    if project.data.source.kind == TABLE_SOURCE:
        return False
    feature = project.data.features.get(project.inputs[0].feature)
    return feature is None or feature.kind == IMAGE_TYPE


def has_no_data(project: Project) -> bool:
    """Whether it is not known on which data a model was trained."""
    source = project.data.source
    return source == NO_SOURCE or (
        source.kind == TABLE_SOURCE and not source.params.get("path")
    )
