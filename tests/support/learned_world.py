"""A project with a run whose layers have learned; nothing is trained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from tiny import layer, tiny_project
from tiny_features import connected

from dlstudio.document.bindings import InputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.graph import INPUT, node
from dlstudio.document.project import Project
from dlstudio.document.storage import project_to_json
from dlstudio.document.values import FrozenMap
from dlstudio.engine.preprocessing.learned_layers import checksum, write_learned
from dlstudio.engine.runs.store import RunStore

STATE: dict[str, dict[str, Any]] = {
    "scale": {"mean": [[3.0, 20.0]], "variance": [[4.0, 25.0]]},
    "words": {"vocabulary": ["[UNK]", "Rome", ""]},
    "bins": {"bin_boundaries": [1.5, 2.5]},
}


def learned_project() -> Project:
    """Two numbers, joined and scaled; a category; a number in intervals."""
    nodes = [
        *(node(each, INPUT, shape=(1,)) for each in ("in_a", "in_b", "in_c", "in_d")),
        layer("join", "Concatenate"),
        layer("scale", "Normalization"),
        layer("words", "StringLookup"),
        layer("bins", "Discretization", num_bins=3),
        layer("end", "Concatenate"),
    ]
    edges = [("in_a", "join"), ("in_b", "join"), ("join", "scale")]
    edges += [("in_c", "words"), ("in_d", "bins")]
    edges += [(each, "end") for each in ("scale", "words", "bins")]
    names = {"in_a": "rooms", "in_b": "area", "in_c": "city", "in_d": "year"}
    kinds = {"city": "category"}
    made = tiny_project(connected(nodes, edges))
    features = {
        each: Feature(f"dlstudio.features.{kinds.get(each, 'number')}")
        for each in names.values()
    }
    return replace(
        made,
        inputs=tuple(InputBinding(each, input=id) for id, each in names.items()),
        data=replace(made.data, features=FrozenMap(features)),
    )


def write_run(folder: Path) -> None:
    """Write a run that has learned, and a newer one without a file."""
    store = RunStore(folder)
    data = {"learned": checksum(STATE), "splits": {"train": 30_000}}
    run = store.create(project_to_json(learned_project()), data=data)
    write_learned(run.folder, STATE)
    store.create(project_to_json(learned_project()))
