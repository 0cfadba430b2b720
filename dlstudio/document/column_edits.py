"""Edits of what the columns of a table are, and what is predicted from them. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dlstudio.catalog.feature_heads import heads_of
from dlstudio.catalog.store import Catalog
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.edits.base import CompositeEdit, Edit
from dlstudio.document.edits.project import (
    ChangeValues,
    SetBindings,
    SetData,
    SetFeatures,
)
from dlstudio.document.feature import Feature
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Params, Spec
from dlstudio.errors import UserError
from dlstudio.i18n import _


def ignore_column(project: Project, name: str) -> Edit:
    """Use a feature neither as an input nor as a target."""
    features = project.data.features.without([name])
    inputs = tuple(each for each in project.inputs if each.feature != name)
    outputs = tuple(each for each in project.outputs if each.feature != name)
    return _composite(project, features, inputs, outputs)


def set_type(
    project: Project, name: str, kind: str, params: Params, catalog: Catalog
) -> Edit:
    """Give a column another type; one that was ignored becomes an input.

    Args:
        project: With the features so far.
        name: Of the feature, or of a column that is ignored.
        kind: The type.
        params: Its settings.
        catalog: With the heads that predict it.

    Raises:
        UserError: The column is predicted, and this type cannot be.
    """
    own = project.data.features.get(name)
    feature = Feature(kind, own.column if own is not None else "", params)
    inputs = project.inputs
    if own is None:
        inputs = (*inputs, InputBinding(name))
    outputs = tuple(
        _with_head(each, kind, catalog) if each.feature == name else each
        for each in project.outputs
    )
    features = project.data.features.set(name, feature)
    return _composite(project, features, inputs, outputs)


def treat(
    project: Project, name: str, params: Params, exclude: tuple[str, ...] = ()
) -> Edit:
    """Read a feature with other settings, and exclude rows.

    Args:
        project: As it is now.
        name: Of the feature; "" for none.
        params: Its settings that change.
        exclude: Ids of rows.
    """
    edits: list[Edit] = []
    features = project.data.features
    own = features.get(name)
    if own is not None and params:
        changed = replace(own, params=own.params.merge(params))
        edits.append(SetFeatures(features.set(name, changed)))
    if exclude:
        out = tuple(dict.fromkeys([*project.data.leave_out, *exclude]))
        edits.append(SetData("leave_out", out))
    return CompositeEdit(tuple(edits))


def use_as_target(project: Project, name: str, catalog: Catalog) -> Edit:
    """Predict a feature instead of the first one that is predicted.

    That one becomes an input, and the new one is none any more.

    Args:
        project: With this feature.
        name: Of the feature.
        catalog: With the heads.

    Raises:
        UserError: Its type cannot be predicted.
    """
    features = project.data.features
    first, *others = project.outputs
    if first.feature in {each.feature for each in project.inputs}:
        return _exchanged(project, name, first.feature)
    output = _with_head(replace(first, feature=name), features[name].kind, catalog)
    inputs = []
    for each in project.inputs:
        if each.feature != name:
            inputs.append(each)
        elif first.feature in features:  # the two change places
            inputs.append(InputBinding(first.feature, each.graph))
    known = {each.feature for each in inputs}
    if first.feature in features and first.feature not in known:
        inputs.append(InputBinding(first.feature))
    rest = [each for each in others if each.feature != name]
    return SetBindings(tuple(inputs), (output, *rest))


def _exchanged(project: Project, name: str, other: str) -> Edit:
    """Let two features change places wherever they are bound.

    Args:
        project: With both of them.
        name: A feature.
        other: The other one.
    """
    places = {name: other, other: name}
    return SetBindings(
        tuple(
            replace(each, feature=places.get(each.feature, each.feature))
            for each in project.inputs
        ),
        tuple(
            replace(each, feature=places.get(each.feature, each.feature))
            for each in project.outputs
        ),
    )


def use_as_input(project: Project, name: str) -> Edit:
    """Let a feature that is predicted enter the model instead."""
    outputs = tuple(each for each in project.outputs if each.feature != name)
    inputs = project.inputs
    if all(each.feature != name for each in inputs):
        inputs = (*inputs, InputBinding(name))
    return SetBindings(inputs, outputs)


def correct(ids: Iterable[str], feature: str, text: str) -> Edit:
    """Use another value in rows than the file has; "" for a missing one.

    Args:
        ids: Of the rows.
        feature: Its name.
        text: As a cell of the file would have it.
    """
    return ChangeValues(feature, FrozenMap(dict.fromkeys(ids, text)))


def clear_corrections(pairs: tuple[tuple[str, str], ...]) -> Edit:
    """Use the file's own values again.

    Args:
        pairs: Ids of rows, each with the name of a feature.
    """
    features = dict.fromkeys(feature for _id, feature in pairs)
    return CompositeEdit(
        tuple(
            ChangeValues(
                each, FrozenMap((id, None) for id, feature in pairs if feature == each)
            )
            for each in features
        )
    )


def _composite(
    project: Project,
    features: FrozenMap[str, Feature],
    inputs: tuple[InputBinding, ...],
    outputs: tuple[OutputBinding, ...],
) -> Edit:
    edits: list[Edit] = [SetFeatures(features)]
    if (inputs, outputs) != (project.inputs, project.outputs):
        edits.append(SetBindings(inputs, outputs))
    return CompositeEdit(tuple(edits))


def _with_head(output: OutputBinding, kind: str, catalog: Catalog) -> OutputBinding:
    """An output that predicts a type of feature; its own head where that fits."""
    heads = heads_of(kind, catalog)
    if not heads:
        raise UserError(
            _("“{column}” cannot be predicted with this type.").format(
                column=output.feature
            ),
            _("Choose another type, or predict another column."),
        )
    if output.head.kind in heads:
        return output
    return replace(output, head=Spec(heads[0]), loss=None, metrics=None)
