"""Layers that learn from the training rows before they are called, in a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dlstudio.document.graph import INPUT, Graph, Node
from dlstudio.engine.codegen.literals import INDENT, quoted
from dlstudio.engine.model.kinds import RANDOM_TOKENS, SUBWORDS

LOOKUPS = (
    "keras.layers.StringLookup",
    "keras.layers.IntegerLookup",
    "keras.layers.TextVectorization",
)
NORMALIZATION = "keras.layers.Normalization"
MOST_STATISTICS = 20_000
"""Rows that mean and deviation are learned from; they hardly change with more."""
ADAPTED = (
    "def adapted(layer: layers.Layer, rows) -> layers.Layer:",
    f'{INDENT}"""The layer, after it has learned from the training rows."""',
    f"{INDENT}layer.adapt(rows)",
    f"{INDENT}return layer",
)

LEARNED_WORDS = (
    "def learned_words(layer: layers.Layer, rows) -> layers.Layer:",
    f'{INDENT}"""The layer with the words of the training rows as its vocabulary."""',
    f"{INDENT}layer.adapt(rows)",
    f"{INDENT}words = layer.get_vocabulary(include_special_tokens=False)",
    f"{INDENT}# Keras saves what is adapted as a file with a word in each line, where",
    f'{INDENT}# "" and line breaks are lost.',
    f'{INDENT}config = {{**layer.get_config(), "vocabulary": words}}',
    f"{INDENT}return type(layer).from_config(config)",
)


def helper_of(node: Node) -> str:
    """The function of the script that lets a layer learn."""
    words = node.kind == LOOKUPS[0] or node.params.get("split") == "character"
    words = words and node.params.get("output_mode") != "tf_idf"
    return "learned_words" if words else "adapted"


def helper_rows(graph: Graph) -> list[str]:
    """The functions that let the layers of a graph learn; [] if none has to."""
    used = {helper_of(node) for node in graph.nodes.values() if learns(node)}
    functions = {"adapted": ADAPTED, "learned_words": LEARNED_WORDS}
    return [
        row
        for name, function in functions.items()
        if name in used
        for row in ("", "", *function)
    ]


def learns(node: Node) -> bool:
    """Whether a layer learns from data: it has `adapt`, and nothing is given."""
    if node.kind == NORMALIZATION:
        return node.params.get("mean") is None
    if node.kind == RANDOM_TOKENS:
        return bool(node.params.get("synonyms"))
    if node.kind == "keras.layers.Discretization":
        given = node.params.get("bin_boundaries")
        return node.params.get("num_bins") is not None and not given
    looks_up = node.kind in (*LOOKUPS, *SUBWORDS)
    return looks_up and not node.params.get("vocabulary")


@dataclass(frozen=True, slots=True)
class TrainingRows:
    """What is known of the training rows while a graph is written.

    Attributes:
        layers: Name of the layer of each input, by node id.
        count: How many rows there are.
    """

    layers: Mapping[str, str]
    count: int

    def into(self, graph: Graph, node: Node, variables: Mapping[str, str]) -> str:
        """The expression of what enters a layer, for the training rows.

        Args:
            graph: Contains the layer.
            node: The layer.
            variables: Of the nodes before it.
        """
        source = graph.into(node.id)[0].source
        if node.kind == RANDOM_TOKENS:
            return f"{variables[source]}_layer"  # which numbers the words
        some = ""
        if node.kind == NORMALIZATION and self.count > MOST_STATISTICS:
            some = f"[:{MOST_STATISTICS:_}]"  # as many as the studio looks at
        if source in self.layers:
            return f"{self._of(source)}{some}"
        inputs = [id for id in self.layers if id in _before(graph, source)]
        names = ", ".join(variables[id] for id in inputs)
        given = ", ".join(f"{self._of(id)}{some}" for id in inputs)
        return f"keras.Model([{names}], {variables[source]})([{given}])"

    @property
    def annotation(self) -> str:
        """The type of the rows: a tensor for each input, or that of the only one."""
        return "tf.Tensor" if len(self.layers) == 1 else "dict[str, tf.Tensor]"

    def _of(self, id: str) -> str:
        """What enters an input."""
        if len(self.layers) == 1:
            return "rows"
        return f"rows[{quoted(self.layers[id])}]"


def _before(graph: Graph, id: str) -> set[str]:
    """The nodes that a node depends on."""
    found: set[str] = set()
    waiting = [id]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += [edge.source for edge in graph.into(each)]
    return found


def inputs_of(graph: Graph, names: Mapping[str, str]) -> dict[str, str]:
    """Name of the layer of each input of a graph, by node id.

    Args:
        graph: The graph.
        names: Of all layers.
    """
    return {node.id: names[node.id] for node in graph.inputs if node.kind == INPUT}


def numbers_synonyms(graph: Graph) -> set[str]:
    """The layers whose vocabulary numbers the synonyms of one behind them."""
    return {
        graph.into(node.id)[0].source
        for node in graph.nodes.values()
        if node.kind == RANDOM_TOKENS and learns(node) and graph.into(node.id)
    }
