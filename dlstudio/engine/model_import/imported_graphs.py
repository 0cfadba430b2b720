"""What a Keras model becomes: graphs, and what could not be taken over."""

from __future__ import annotations

from dataclasses import dataclass, field

from dlstudio.document.graph import Graph
from dlstudio.document.graph_names import MODEL
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.errors import UserError

LayerPath = tuple[str, ...]
"""Names of a layer in the original model, from the outermost model to the layer."""
NodePlace = tuple[str, str]
"""Name of a graph, and id of a node in it."""


class UnopenedLayer(UserError):
    """A layer that cannot be a node of its own; it is kept as an opaque block."""


@dataclass(frozen=True, slots=True)
class OpaqueBlock:
    """A layer that was kept as it is, without being opened.

    Attributes:
        graph: Name of the graph.
        node: Id of the node in it.
        class_name: Class of the layer, with its package if it is not Keras' own.
        reason: Why it could not be opened, one sentence.
    """

    graph: str
    node: str
    class_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportNote:
    """Something that is different from the original model.

    Attributes:
        graph: Name of the graph.
        node: Id of the node that it is about; "" for the whole graph.
        text: One sentence.
    """

    graph: str
    node: str
    text: str


@dataclass(frozen=True, slots=True)
class CompileSettings:
    """What the original model was compiled with, where the catalog knows it.

    Attributes:
        optimizer: With its learning rate; None if unknown.
        losses: By the name of the output; "" for all outputs.
        loss_weights: By the name of the output.
        metrics: By the name of the output; "" for all outputs.
    """

    optimizer: Spec | None = None
    losses: FrozenMap[str, Spec] = field(default_factory=FrozenMap)
    loss_weights: FrozenMap[str, float] = field(default_factory=FrozenMap)
    metrics: FrozenMap[str, tuple[Spec, ...]] = field(default_factory=FrozenMap)


@dataclass(frozen=True, slots=True)
class ImportedGraphs:
    """The graphs of a Keras model.

    Attributes:
        graphs: By name; `MODEL` is the model itself, the others are nested in it.
        name: Of the original model.
        precision: The dtype policy that most of its layers have; nodes with another one
            have a parameter "dtype".
        settings: What it was compiled with; None if it was not.
        opaque: Layers that could not be opened.
        notes: What is different from the original.
        layer_paths: Where each node's layer is in the original model; nodes that share
            weights have the same path.
    """

    graphs: FrozenMap[str, Graph]
    name: str = ""
    precision: str = "float32"
    settings: CompileSettings | None = None
    opaque: tuple[OpaqueBlock, ...] = ()
    notes: tuple[ImportNote, ...] = ()
    layer_paths: FrozenMap[NodePlace, LayerPath] = field(default_factory=FrozenMap)

    @property
    def model(self) -> Graph:
        """The graph of the model itself."""
        return self.graphs[MODEL]
