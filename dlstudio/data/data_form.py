"""What a project's graphs want of its data: which features, in which form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dlstudio.data.images.spec import ImageSpec, image_spec, input_spec
from dlstudio.document.project import IMAGE_TYPE, Project


@dataclass(frozen=True, slots=True)
class DataForm:
    """What a project's graphs want of its data.

    Attributes:
        images: The form of each feature of images that enters a graph.
        inputs: Names of the features that enter a graph.
        targets: Names of the features that are predicted; the first decides how
            samples are stratified.
    """

    images: Mapping[str, ImageSpec] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


def data_form(project: Project) -> DataForm:
    """What a project's graphs want of its data.

    Raises:
        UserError: An input that images enter has no usable shape.
    """
    images = {}
    source = project.data.source
    for binding in project.inputs:
        feature = project.data.features.get(binding.feature)
        if feature is None or feature.kind != IMAGE_TYPE:
            continue
        graph = project.graph(binding.graph)
        images[binding.feature] = (
            input_spec(graph, binding.input, source)
            if binding.input
            else image_spec(graph, source)
        )
    return replace(used_features(project), images=images)


def used_features(project: Project) -> DataForm:
    """Which features a project's graphs take and predict, in whatever form.

    Args:
        project: With its bindings.
    """
    return DataForm(
        {},
        tuple(dict.fromkeys(binding.feature for binding in project.inputs)),
        tuple(dict.fromkeys(output.feature for output in project.outputs)),
    )
