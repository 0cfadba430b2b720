"""The text of a layer's card: kind and main parameters. Independent of Qt."""

from __future__ import annotations

from dlstudio.byte_size import size_text
from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.schema import Description, Param
from dlstudio.document.analysis import NodeReport
from dlstudio.document.backbone_text import backbone_title, weights_text
from dlstudio.document.canvas.number_format import multiply_adds_text, total_text
from dlstudio.document.graph import INPUT, NESTED, OPAQUE, Node
from dlstudio.document.nested_graphs import GRAPH
from dlstudio.document.repetition import Repetition
from dlstudio.document.saved_model_block import block_title
from dlstudio.document.thawed_blocks import thawed_text
from dlstudio.document.values import Array, Spec, Value
from dlstudio.i18n import _, ngettext
from dlstudio.short_number import short_number

# Shown even at their defaults: without them the card is not informative.
ALWAYS_SHOWN = frozenset(
    (
        "pool_size", "size", "rate", "cropping", "negative_slope", "alpha", "mode",
        "n", "output_size",
    )
)  # fmt: skip
OPS_PREFIX = "keras.ops."
MAX_LISTED = 4
SEPARATOR = " · "


def kind_name(kind: str) -> str:
    """Return the display name of a kind: "Conv2D", "Input"."""
    if kind == INPUT:
        return _("Input")
    if kind == NESTED:
        return _("Nested model")
    if kind == OPAQUE:
        return _("Opaque block")
    if kind.startswith(OPS_PREFIX):
        return f"ops.{kind.removeprefix(OPS_PREFIX)}"
    if kind.startswith(f"{NESTED}:"):
        return kind.partition(":")[2] or _("New nested model")
    return kind.rpartition(".")[2]


def summary(node: Node, description: Description | None, inputs: int = 1) -> str:
    """Return a summary line: "Conv2D · 32 filters 3×3 · relu".

    Args:
        node: The node to summarize.
        description: None for a kind that is not in the catalog.
        inputs: Number of input edges; shown for layers with any number of inputs.
    """
    texts = [kind_name(node.kind)]
    if node.kind == INPUT:
        texts.append(" × ".join(map(_size, _tuple(node.params.get("shape")))))
    elif node.kind == NESTED:
        texts += _nested_texts(node)
    elif node.kind == OPAQUE:
        texts.append(block_title(node))
    elif node.kind == BACKBONE:
        texts = [backbone_title(node), weights_text(node), thawed_text(node)]
    elif description is None:
        texts.append(_("unknown layer"))
    else:
        if description.inputs.maximum is None:
            texts.append(
                ngettext("{count} input", "{count} inputs", inputs).format(count=inputs)
            )
        texts += _param_texts(description, node)
    return SEPARATOR.join(part for part in texts if part)


def _nested_texts(node: Node) -> list[str]:
    """The graph's name, and the number of its copies: "encoder ×4"."""
    name, repetition = str(node.params.get("graph", "")), Repetition.of(node)
    if not repetition:
        return [name]
    found = [f"{name} ×{repetition.count}"]
    return [*found, _("shared weights")] if repetition.shared else found


def _param_texts(description: Description, node: Node) -> list[str]:
    texts: list[str] = []
    # A narrow card cuts the end off: the padding matters less than an activation.
    params = sorted(description.params, key=lambda param: param.name == "padding")
    for param in params:
        if param.advanced or param.name in ("name", "dtype", "trainable"):
            continue
        is_set = param.name in node.params
        if not (is_set or param.required or param.name in ALWAYS_SHOWN):
            continue
        value = node.params.get(param.name, param.default)
        text = "" if value is None else _param_text(param, value)
        if param.name == "kernel_size" and texts and "filters" in node.params:
            texts[-1] = f"{texts[-1]} {text}"
        elif param.name == "width" and texts and "height" in node.params:
            texts[-1] = f"{texts[-1]}×{text}"
        elif text:
            texts.append(text)
    return texts


def _param_text(param: Param, value: Value) -> str:
    if param.name == "filters" and isinstance(value, int):
        return ngettext("{count} filter", "{count} filters", value).format(
            count=f"{value:,}"
        )
    if param.name == "strides":
        return _("stride {size}").format(size=_even(value))
    if isinstance(value, bool):
        return _words(param.name) if value else ""
    if param.type == "size":
        return "×".join(map(_size, _spread(value, param.rank)))
    return value_text(value)


def value_text(value: object) -> str:
    """Return a short text for a parameter value."""
    if isinstance(value, Spec):
        return _spec_text(value)
    if isinstance(value, Array):
        return _("array")
    if isinstance(value, tuple):
        if len(value) > MAX_LISTED:
            return ngettext("{count} value", "{count} values", len(value)).format(
                count=len(value)
            )
        return ", ".join(map(value_text, value))
    if isinstance(value, float):
        return "1/255" if abs(value * 255 - 1) < 1e-6 else f"{value:.3g}"
    return "?" if value is None else str(value)


def _spec_text(spec: Spec) -> str:
    if spec.kind == NESTED:
        return str(spec.params.get(GRAPH) or kind_name(NESTED))
    first = next(
        (v for v in spec.params.values() if isinstance(v, (int, float)) and v), None
    )
    name = kind_name(spec.kind)
    return name if first is None else f"{name} {value_text(first)}"


def _words(name: str) -> str:
    return name.removeprefix("return_").removeprefix("use_").replace("_", " ")


def _tuple(value: Value) -> tuple[Value, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _spread(value: Value, rank: int | None) -> tuple[Value, ...]:
    """Return a size with one number per axis: 3 → (3, 3)."""
    if isinstance(value, tuple):
        return value
    return (value,) * (rank or 1)


def _even(value: Value) -> str:
    """Return a size whose numbers are all equal as a single number."""
    sizes = dict.fromkeys(_tuple(value))
    return "×".join(map(_size, sizes if len(sizes) == 1 else _tuple(value)))


def _size(value: Value) -> str:
    return "?" if value is None else str(value)


def count_text(count: int) -> str:
    """Return a number of weights or multiply-adds: "18,496", "23.6 M"."""
    return f"{count:,}" if count < 1_000_000 else short_number(count)


def details(node: Node, title: str, report: NodeReport | None) -> str:
    """Return the lines of a card's tooltip: shapes, weights, costs and memory.

    Args:
        node: The card's node.
        title: The displayed kind.
        report: Shapes and costs; None if not known yet.
    """
    lines = [node.name, title]
    if report is None or report.error:
        return "\n".join(lines)
    given = ", ".join(f"({tensor}) {tensor.dtype}" for tensor in report.outputs)
    if given:
        lines.append(_("Output: {shapes}").format(shapes=given))
    lines.append(
        ngettext(
            "{count} parameter, {trainable} trainable",
            "{count} parameters, {trainable} trainable",
            report.parameters,
        ).format(
            count=f"{report.parameters:,}",
            trainable=f"{0 if node.frozen else report.trainable:,}",
        )
    )
    lines.append(
        _("{work} and {memory} per sample").format(
            work=multiply_adds_text([report.multiply_adds]),
            memory=total_text([report.memory], size_text),
        )
    )
    if node.frozen:
        lines.append(_("Frozen: weights are not updated during training."))
    if node.shares:
        lines.append(_("Shares the weights of “{name}”.").format(name=node.shares))
    return "\n".join(lines)
