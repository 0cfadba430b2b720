"""A null key is treated as absent if it has a default."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dlstudio.document.graph import Edge, Graph, Group, Node, node
from dlstudio.document.plan import (
    DataRecipe,
    EarlyStopping,
    HeadFirst,
    Split,
    TrainingPlan,
)
from dlstudio.document.project import Project
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.document.values import FrozenMap, json_key

WHOLE = Project(
    name="p",
    graphs=FrozenMap(
        {
            "model": dataclasses.replace(
                Graph.chain(
                    [node("a", "keras.layers.ReLU"), node("b", "x", units=None)]
                ),
                groups=(Group("g", "G", ("a",)),),
            )
        }
    ),
    plan=TrainingPlan(early_stopping=EarlyStopping(), head_first=HeadFirst()),
)
PLACES: dict[tuple[str | int, ...], type] = {
    (): Project,
    ("data",): DataRecipe,
    ("data", "split"): Split,
    ("plan",): TrainingPlan,
    ("plan", "early_stopping"): EarlyStopping,
    ("plan", "head_first"): HeadFirst,
    ("graphs", "model"): Graph,
    ("graphs", "model", "nodes", "a"): Node,
    ("graphs", "model", "links", 0): Edge,
    ("graphs", "model", "groups", 0): Group,
}


def optional_keys() -> list[tuple[tuple[str | int, ...], str]]:
    """Every optional key of a file, with its location."""
    missing = dataclasses.MISSING
    return [
        (place, json_key(kind, field.name))
        for place, kind in PLACES.items()
        for field in dataclasses.fields(kind)
        if field.default is not missing or field.default_factory is not missing
        # Referenced objects must exist.
        if field.name not in ("graphs", "nodes") or place[-2:-1] == ("groups",)
    ]


def inside(item: Any, place: tuple[str | int, ...]) -> Any:
    for key in place:
        item = item[key]
    return item


@given(st.sets(st.sampled_from(optional_keys()), max_size=6))
def test_null_is_as_absent(keys: set[tuple[tuple[str | int, ...], str]]) -> None:
    with_nulls = project_to_json(WHOLE)
    without = copy.deepcopy(with_nulls)
    # Innermost first: removing a key removes everything inside it.
    for place, key in sorted(keys, key=lambda each: -len(each[0])):
        inside(with_nulls, place)[key] = None
        inside(without, place).pop(key, None)
    assert project_from_json(with_nulls) == project_from_json(without)


def test_every_one_by_itself() -> None:
    for place, key in optional_keys():
        item = project_to_json(WHOLE)
        inside(item, place)[key] = None
        project_from_json(item)


def test_a_parameter_that_is_none_stays() -> None:
    again = project_from_json(project_to_json(WHOLE))
    assert again.model.nodes["b"].params == FrozenMap({"units": None})
