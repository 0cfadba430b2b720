"""The head of a model as seen by the checks: scoring layer and activation."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.document.graph import NESTED, OPAQUE, Node
from dlstudio.document.values import Spec
from dlstudio.engine.heads.base import short
from dlstudio.engine.model.output_activation import output_activation
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.node_queries import is_kind
from dlstudio.engine.shapes.layer_inference import TensorSpec

PASSING = (
    "ActivityRegularization",
    "AlphaDropout",
    "Dropout",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "Identity",
    "Reshape",
)
POOLING = ("GlobalAveragePooling2D", "GlobalMaxPooling2D", "GlobalAveragePooling1D")


@dataclass(frozen=True, slots=True)
class ModelHead:
    """The one output of a model.

    Attributes:
        output: The output node.
        form: Its output tensor.
        scorer: The Dense or convolution whose units are the scores; None if there is
            none.
        activation: "linear", "softmax", "sigmoid", "relu", ...; of the last layer with
            one.
        activated: The node that applies it; None if there is none.
    """

    output: Node
    form: TensorSpec
    scorer: Node | None
    activation: str
    activated: Node | None

    @property
    def is_unknown(self) -> bool:
        """Whether a block gives the output, whose activation nothing says."""
        return self.output.kind == OPAQUE and self.activated is None

    @property
    def units(self) -> int:
        """Scores per sample; 0 if unknown."""
        last = self.form.shape[-1] if len(self.form.shape) > 1 else None
        return last or 0


def find_head(context: CheckContext) -> ModelHead | None:
    """The head of a graph with exactly one output whose shape is known."""
    ends = context.graph.output_ids()
    if len(ends) != 1 or ends[0] not in context.graph.nodes:
        return None
    node = context.graph.nodes[ends[0]]
    form = context.output(node.id)
    if form is None:
        return None
    activation, activated = "linear", None
    scorer: Node | None = None
    each: Node | None = node
    for _step in range(16):
        if each is None:
            break
        own = activation_of(context, each)
        if own != "linear" and activated is None:
            activation, activated = own, each
        if width_param(context, each):
            scorer = each
            break
        each = _passed(context, each)
    return ModelHead(node, form, scorer, activation, activated)


def _passed(context: CheckContext, node: Node) -> Node | None:
    """The node before one that changes only values or shape, not their meaning."""
    before = context.before(node.id)
    through = is_kind(node, *PASSING, *POOLING, "Softmax", "Activation", "ReLU")
    return before[0] if through and len(before) == 1 else None


def width_param(context: CheckContext, node: Node) -> str:
    """The name of the layer's output size, "units" or "filters", else ""."""
    if is_kind(node, "Dense"):
        return "units"
    if is_kind(node, "Conv1D", "Conv2D", "SeparableConv2D", "SeparableConv1D"):
        return "filters"
    return ""


def activation_of(context: CheckContext, node: Node) -> str:
    """The name of a node's activation in lower case; "linear" if it has none."""
    if is_kind(node, "Softmax", "ReLU", "LeakyReLU", "PReLU", "ELU"):
        return short(node.kind).lower()
    if node.kind in (NESTED, OPAQUE):
        graphs = context.project.graphs
        return output_activation(graphs, context.name, node.id) or "linear"
    if is_kind(node, "Activation") or width_param(context, node):
        return activation_name(context.param(node, "activation"))
    return "linear"


def activation_name(value: object) -> str:
    """ "relu" from a name, a kind, or an object; None means "linear"."""
    if value is None:
        return "linear"
    text = value.kind if isinstance(value, Spec) else str(value)
    return (text.rpartition(".")[2] or text).lower()


def wrong_units(context: CheckContext, head: ModelHead) -> bool:
    """Whether units and head type differ, which the check of the units reports."""
    head_type = context.head_type
    classes = context.dataset.classes if context.dataset else 0
    if head_type is None or not head.units:
        return False
    # No head tells one class from nothing; that it is one is reported.
    few = 1 if head_type.labels != "single" else 2
    if head_type.scores_names and classes < few:
        return False
    return head.units not in head_type.fitting_units(classes)


def is_scoring(head: ModelHead) -> bool:
    """Whether the output looks like scores rather than features."""
    own = head.scorer is not None and head.output.id in (
        head.scorer.id,
        head.activated.id if head.activated else "",
    )
    return own and head.activation in ("linear", "softmax", "sigmoid")
