"""What a project's graphs want of its data: which features, in which form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dlstudio.catalog.store import Catalog
from dlstudio.data.features.stored_values import ValueForm, load_stored_values
from dlstudio.document.project import Project


@dataclass(frozen=True, slots=True)
class DataForm:
    """What a project's graphs want of its data.

    Attributes:
        stored: The form of each feature that enters a graph and whose values are not in
            the cells but named there.
        inputs: Names of the features that enter a graph.
        targets: Names of the features that are predicted; the first decides how
            samples are stratified.
    """

    stored: Mapping[str, ValueForm] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


def data_form(project: Project, catalog: Catalog) -> DataForm:
    """What a project's graphs want of its data.

    Args:
        project: With its bindings.
        catalog: Describes the feature types.

    Raises:
        UserError: An input of a feature has no usable shape.
    """
    found = {}
    source = project.data.source
    for binding in project.inputs:
        feature = project.data.features.get(binding.feature)
        described = catalog.get(feature.kind) if feature is not None else None
        values = load_stored_values(described) if described is not None else None
        if values is not None:
            graph = project.graph(binding.graph)
            found[binding.feature] = values.form(graph, binding.input, source)
    return replace(used_features(project), stored=found)


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
