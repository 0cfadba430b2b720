"""The inputs that the features of a project need."""

from __future__ import annotations

from dlstudio.data.features.base import InputForm, load_feature_type
from dlstudio.document.bindings import InputBinding
from dlstudio.document.graph import Node
from dlstudio.engine.features.base import load_tensor_feature
from dlstudio.engine.features.input_branch import BranchInput, InputBranch
from dlstudio.engine.problems.check_context import CheckContext


def feature_form(context: CheckContext, name: str) -> InputForm | None:
    """The input that a feature needs; None if it is unknown or not read from cells."""
    feature = context.project.data.features.get(name)
    described = context.catalog.get(feature.kind) if feature is not None else None
    if feature is None or described is None or not described.implementations.data:
        return None
    distinct = context.dataset.distinct.get(name) if context.dataset else None
    return load_feature_type(described).input_form(feature, distinct)


def feature_branch(context: CheckContext, name: str) -> InputBranch | None:
    """The input that a feature needs, with its layers; None if that is not known."""
    form = feature_form(context, name)
    if form is None or None in form.shape:
        return None
    feature = context.project.data.features[name]
    distinct = context.dataset.distinct.get(name, 0) if context.dataset else 0
    part = load_tensor_feature(context.catalog[feature.kind])
    return part.branch(BranchInput(feature, lambda: distinct))


def is_number(context: CheckContext, name: str) -> bool:
    """Whether a feature enters a model as one number."""
    form = feature_form(context, name)
    return form is not None and (form.shape, form.dtype) == ((1,), "float32")


def bindings_of(context: CheckContext, node: Node) -> list[InputBinding]:
    """The bindings that mean an input."""
    alone = len(context.graph.inputs) == 1
    return [
        each
        for each in context.project.inputs
        if each.input == node.id or (alone and not each.input)
    ]


def unused_features(context: CheckContext) -> list[str]:
    """Features that neither enter the model nor are predicted."""
    project = context.project
    used = {each.feature for each in project.inputs}
    used |= {each.feature for each in project.outputs}
    return [name for name in project.data.features if name not in used]
