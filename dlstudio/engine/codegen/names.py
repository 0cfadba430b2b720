"""Names in a script: a function for each graph, a variable for each node."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping

from dlstudio.document.graph import Graph
from dlstudio.document.project import MODEL

RESERVED = {
    *("keras", "layers", "np", "name", "model", "build_model", "compile_model"),
    *("Sampling", "pd", "tf", "rows", "adapted", "learned_words"),
    *("RandomTokens", "SubwordLayer", "WordPiece", "BytePair"),
}
INPUTS = "inputs"
"""The list of the inputs, where there are several."""


def functions_of(graphs: Iterable[str]) -> dict[str, str]:
    """The function name of each graph; names that collide in Python are numbered."""
    taken, found = {"build_model"}, {MODEL: "build_model"}
    for name in graphs:
        if name == MODEL:
            continue
        stem = function = f"build_{identifier(name)}"
        number = 2
        while function in taken:
            function = f"{stem}_{number}"
            number += 1
        taken.add(function)
        found[name] = function
    return found


def variables_of(graph: Graph, order: Iterable[str]) -> dict[str, str]:
    """A variable for each node: its name where it is a valid identifier."""
    taken, variables = set(RESERVED), dict[str, str]()
    if len(graph.inputs) > 1:
        taken.add(INPUTS)
    for id in order:
        stem = name = identifier(graph.nodes[id].name)
        number = 2
        while name in taken or f"{name}_layer" in taken or keyword.iskeyword(name):
            name = f"{stem}_{number}"
            number += 1
        taken |= {name, f"{name}_layer"}
        variables[id] = name
    return variables


def apart_from(names: Mapping[str, str], operations: Iterable[str]) -> dict[str, str]:
    """Layer names that do not collide with the operations of the script.

    Operations have no names in a script: Keras names them "add", "add_1" and so on, and
    rejects a model in which a layer has the same name.

    Args:
        names: Layer names, by node id.
        operations: Kinds of the operations in all graphs.
    """
    stems = "|".join({re.escape(each.rpartition(".")[2]) for each in operations})
    taken = re.compile(rf"({stems})(_\d+)?")
    found, used = {}, set(names.values())
    for id, name in names.items():
        free = f"{name}_layer" if stems and taken.fullmatch(name) else name
        while free != name and free in used:
            free += "_"
        found[id] = free
    return found


def identifier(text: str) -> str:
    """The text as a valid Python identifier."""
    plain = re.sub(r"\W+", "_", text).strip("_")
    if not plain or not plain.isidentifier():
        plain = f"x_{plain}"
    return plain if plain.isidentifier() else "x_" + plain.encode().hex()[:40]
