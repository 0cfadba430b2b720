"""Opaque layers in a script: created from their Keras configuration."""

from __future__ import annotations

import pprint
from collections.abc import Sequence
from typing import Any

from dlstudio.document.graph import Node
from dlstudio.document.values import Json
from dlstudio.engine.codegen.custom_code import code_comment, names_argument
from dlstudio.engine.codegen.literals import INDENT, WIDTH, fitted, quoted
from dlstudio.errors import UserError
from dlstudio.i18n import _


class _Written(str):
    """A variable's name, among values that are written as string literals."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def saved_model_rows(
    layer: str, variable: str, node: Node, name: str, call: str
) -> tuple[list[str], list[str]]:
    """The lines that create a layer which calls a SavedModel, and those that call it.

    Args:
        layer: The variable of the layer.
        variable: The one of its result.
        node: The block.
        name: The layer's name in the model.
        call: Tensors in parentheses.

    Raises:
        UserError: Keras' own layer cannot call it.
    """
    config = node.params.get("config")
    whole: Any = config.value if isinstance(config, Json) else {}
    takes, gives = list(whole.get("takes", [])), list(whole.get("gives", []))
    if len(takes) != 1:
        raise UserError(
            _("A script cannot call a SavedModel that takes several tensors."),
            _("Export the model instead: its file has the SavedModel."),
        )
    pairs = [
        quoted(str(node.params.get("weights"))),
        f"call_endpoint={quoted(str(whole.get('signature')))}",
        "trainable=False",
        f"name={quoted(name)}",
    ]
    made = fitted(f"{layer} = ", "keras.layers.TFSMLayer", pairs, "")
    names = [quoted(str(each.get("name"))) for each in gives]
    if len(names) == 1:
        return made, [f"{variable} = {layer}{call}[{names[0]}]"]
    return made, [
        f"{variable} = {layer}{call}",
        f"{variable} = [{', '.join(f'{variable}[{each}]' for each in names)}]",
    ]


def opaque_rows(
    layer: str, node: Node, name: str, code: Sequence[str] = ()
) -> list[str]:
    """The lines that create the layer.

    Args:
        layer: The variable it is assigned to.
        node: The opaque node.
        name: The layer's name in the model.
        code: Code files of the project, which the script imports.

    Nothing is run: of code, the script says what it needs.

    Raises:
        UserError: It needs a class that is not installed or that runs code.
    """
    from dlstudio.engine.model.opaque import configuration, serialized_block  # Keras

    whole = serialized_block(node.params, name)
    comment = code_comment(whole, layer, name)
    if not comment and not code:
        configuration(node.params, name)  # raises if Keras cannot make it
    registered = whole.get("registered_name")
    text = pprint.pformat(whole, width=WIDTH - 2 * len(INDENT), sort_dicts=False)
    rows = comment
    if not code and registered and not str(whole["module"]).startswith("keras"):
        rows.append(f"# Import the module with {registered!r} first.")
    rows.append(f"{layer} = keras.saving.deserialize_keras_object(")
    rows += [f"{INDENT}{row}" for row in text.splitlines()]
    rows[-1] += ","
    if code:
        rows.append(f"{INDENT}{names_argument(code)}")
    rows += [f"{INDENT}safe_mode=True,", ")"]
    if node.frozen:
        rows.append(f"{layer}.trainable = False")
    return rows


def weight_rows(layer: str, node: Node) -> list[str]:
    """The lines that load its weights; none if it has no weights file."""
    weights = node.params.get("weights")
    if not isinstance(weights, str) or not weights:
        return []
    return [
        f"with np.load({quoted(weights)}) as kept:  # beside the project",
        f"{INDENT}arrays = [kept[str(number)] for number in range(len(kept.files))]",
        f"{INDENT}{layer}.set_weights(arrays)",
    ]


def _revived(item: dict[str, Any]) -> _Written:
    """A call that makes a slice, an array, … of its serialized form."""
    return _Written(f"keras.saving.deserialize_keras_object({item!r})")


def opaque_arguments(
    node: Node, variables: Sequence[str]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The layer's call arguments as text, positional and by name.

    Raises:
        UserError: The stored call is invalid.
    """
    from dlstudio.engine.model.opaque import filled

    template: Any = node.params.get("arguments")
    plain = template.value if isinstance(template, Json) else None
    args, named = filled(plain, [_Written(each) for each in variables], _revived)
    return tuple(map(repr, args)), {name: repr(v) for name, v in named.items()}
