"""The project: all of the user's work as one immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dlstudio.document.graph import Graph
from dlstudio.document.plan import DataRecipe, TrainingPlan
from dlstudio.document.values import CHECKED, FrozenMap
from dlstudio.errors import UserError
from dlstudio.i18n import _

MODEL = "model"


@dataclass(frozen=True, slots=True)
class Project:
    """Named graphs, a data recipe and a training plan.

    Attributes:
        name: Displayed name; the folder's name may differ.
        task: A description of family "tasks", such as
            "dlstudio.tasks.image_classification".
        graphs: Graphs by name; the trained model is `MODEL`.
    """

    __pydantic_config__ = CHECKED

    name: str = ""
    task: str = "dlstudio.tasks.image_classification"
    graphs: FrozenMap[str, Graph] = field(
        default_factory=lambda: FrozenMap({MODEL: Graph()})
    )
    data: DataRecipe = field(default_factory=DataRecipe)
    plan: TrainingPlan = field(default_factory=TrainingPlan)

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
                _("The project has no graph called “{name}”.").format(name=name)
            )
        return found

    def with_graph(self, name: str, graph: Graph) -> Project:
        """A copy with one graph added or replaced."""
        return replace(self, graphs=self.graphs.set(name, graph))
