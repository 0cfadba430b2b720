"""The fields of the curated overlay files."""

from __future__ import annotations

from typing import TypedDict

from dlstudio.json_values import JsonObject


class KindOverlay(TypedDict, total=False):
    """Overlay of one kind: fields of its `Description`, and how to derive them.

    Attributes:
        tensors: For an operation, the arguments that are tensors.
        direction: For a metric without one in Keras, "up" or "down".
    """

    category: str
    summary: str
    icon: str
    inputs: JsonObject
    params: dict[str, JsonObject]
    example: JsonObject
    example_inputs: list[list[int | None]]
    example_dtypes: list[str]
    extra: JsonObject
    aliases: list[str]
    tensors: list[str]
    direction: str


class CallOverlay(TypedDict):
    """Arguments that calls of layers may take.

    Attributes:
        tensors: Names of tensors passed by keyword.
        pairs: Layer → name → number of tensors passed as a list.
        values: Plain values, in the JSON form of `Param`.
    """

    tensors: list[str]
    pairs: dict[str, dict[str, int]]
    values: dict[str, JsonObject]


class Overlay(TypedDict):
    """`overlay.json` and `overlay_ops.json` in one.

    Attributes:
        params: Section → pattern of names → fields; see `ParamRules`.
        kinds: Section → name → its overlay.
        ports: Category → the JSON form of `Ports`.
        example_inputs: Category, rank or both → shapes.
        tensors: Names of arguments of operations that are tensors.
    """

    params: dict[str, dict[str, JsonObject]]
    kinds: dict[str, dict[str, KindOverlay]]
    ports: dict[str, JsonObject]
    call: CallOverlay
    example_inputs: dict[str, list[list[int | None]]]
    tensors: list[str]
