"""Which feature enters a graph where, and what its outputs mean."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.document.graph_names import MODEL as MODEL
from dlstudio.document.values import CHECKED, Spec, SpecOf

CLASSIFICATION = Spec("dlstudio.heads.classification")


@dataclass(frozen=True, slots=True)
class InputBinding:
    """A feature and the input layer it enters.

    Attributes:
        feature: Name of a feature of the data recipe.
        graph: Name of a graph of the project.
        input: Id of the input layer; "" where the graph has only one. So the binding
            stays valid while that layer is deleted and drawn anew.
    """

    __pydantic_config__ = CHECKED

    feature: str
    graph: str = MODEL
    input: str = ""


@dataclass(frozen=True, slots=True)
class OutputBinding:
    """An output of a graph, what it means and how it learns.

    Attributes:
        feature: The feature it is to predict; the results bear its name.
        head: A description of family "heads" with its parameters.
        graph: Name of a graph of the project.
        output: Id of the layer that gives it; "" where the graph has only one output.
        loss: The loss of this output; None for the plan's.
        weight: What its loss is multiplied with before the losses are added up.
        metrics: The metrics of this output; None for the plan's.
    """

    __pydantic_config__ = CHECKED

    feature: str
    head: SpecOf = CLASSIFICATION
    graph: str = MODEL
    output: str = ""
    loss: SpecOf | None = None
    weight: float = 1.0
    metrics: tuple[SpecOf, ...] | None = None
