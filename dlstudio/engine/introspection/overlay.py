"""What the curated files beside the generated ones say, field by field."""

from __future__ import annotations

from typing import TypedDict

from dlstudio.json_values import JsonObject


class KindOverlay(TypedDict, total=False):
    """What is said of one kind: of its `Description`, and how to find that out.

    Attributes:
        tensors: Of an operation, the arguments that are tensors.
        direction: Of a metric of which Keras says nothing, "up" or "down".
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
    """What calls of layers may take.

    Attributes:
        tensors: Names of tensors that go in by name.
        pairs: Layer → name → how many of it go in as a list.
        values: Plain values, in the JSON form of `Param`.
    """

    tensors: list[str]
    pairs: dict[str, dict[str, int]]
    values: dict[str, JsonObject]


class Overlay(TypedDict):
    """`overlay.json` and `overlay_ops.json` in one.

    Attributes:
        params: Section → pattern of names → fields; see `ParamRules`.
        kinds: Section → name → what is said of it.
        ports: Category → the JSON form of `Ports`.
        example_inputs: Category, rank or both → shapes.
        tensors: What arguments of operations are called that are tensors.
    """

    params: dict[str, dict[str, JsonObject]]
    kinds: dict[str, dict[str, KindOverlay]]
    ports: dict[str, JsonObject]
    call: CallOverlay
    example_inputs: dict[str, list[list[int | None]]]
    tensors: list[str]
