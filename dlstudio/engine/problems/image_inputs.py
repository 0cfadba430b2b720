"""Which inputs of a graph images enter."""

from __future__ import annotations

from dlstudio.document.project import IMAGE_TYPE, is_image_model
from dlstudio.engine.problems.check_context import CheckContext


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
