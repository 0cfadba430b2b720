"""The edits that lead from one project to another."""

from __future__ import annotations

from dataclasses import fields

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.project import (
    RemoveGraph,
    SetBindings,
    SetGraph,
    SetPlan,
    SetWordVectors,
)
from dlstudio.document.plan import TrainingPlan
from dlstudio.document.project import Project


def edits_between(before: Project, after: Project) -> tuple[Edit, ...]:
    """Edits of graphs, bindings, word vectors and plan; those of data are left out.

    Args:
        before: The project that they are applied to.
        after: What they make of it.
    """
    found: list[Edit] = [
        SetGraph(graph, name)
        for name, graph in after.graphs.items()
        if before.graphs.get(name) != graph
    ]
    found += [RemoveGraph(name) for name in before.graphs if name not in after.graphs]
    if (before.inputs, before.outputs) != (after.inputs, after.outputs):
        found.append(SetBindings(after.inputs, after.outputs))
    for node in {*before.word_vectors, *after.word_vectors}:
        reference = after.word_vectors.get(node)
        if before.word_vectors.get(node) != reference:
            found.append(SetWordVectors(node, reference))
    for each in fields(TrainingPlan):
        value = getattr(after.plan, each.name)
        if getattr(before.plan, each.name) != value:
            found.append(SetPlan(each.name, value))
    return tuple(found)
