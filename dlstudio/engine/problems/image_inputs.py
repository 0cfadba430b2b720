"""Which inputs of a graph images enter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import Connect, Disconnect
from dlstudio.document.edits.nodes import RemoveNodes
from dlstudio.document.name_lists import list_names
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.project import IMAGE_TYPE, is_image_model
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.i18n import _


def image_inputs(context: CheckContext) -> dict[str, str]:
    """The feature of images that enters each of some inputs, by the input's id.

    Args:
        context: Of the graph that is trained.
    """
    project, nodes = context.project, context.graph.inputs
    if is_image_model(project):
        return {node.id: project.inputs[0].feature for node in nodes}
    only = nodes[0].id if len(nodes) == 1 else ""
    ids = {node.id for node in nodes}
    found = {}
    for binding in project.inputs:
        feature = project.data.features.get(binding.feature)
        input = binding.input or only
        if feature is not None and feature.kind == IMAGE_TYPE and input in ids:
            found[input] = binding.feature
    return found


def one_input(context: CheckContext) -> Iterator[Problem]:
    """An image model has one input."""
    inputs = context.graph.inputs
    if len(inputs) < 2 or context.head_type is None:
        return
    first = inputs[0]
    same = [n for n in inputs[1:] if n.params.get("shape") == first.params.get("shape")]
    fixes = []
    if len(same) == len(inputs) - 1:
        edits: list[Edit] = []
        for node in same:
            for edge in context.out_of(node.id):
                edits.append(Disconnect(edge, context.name))
                edits.append(Connect(replace(edge, source=first.id), context.name))
        edits.append(RemoveNodes(tuple(n.id for n in same), False, context.name))
        label = _("Use {node} as the input of all branches").format(node=first.name)
        fixes.append(Fix(label, tuple(edits)))
    yield context.problem(
        "error",
        "several-inputs",
        _(
            "The model has {count} inputs: {names}; expected one, because each "
            "sample is a single image. Use one input for all branches."
        ).format(count=len(inputs), names=list_names(node.name for node in inputs)),
        inputs[1].id,
        fixes,
    )


SINGLE_IMAGE = (one_input,)
