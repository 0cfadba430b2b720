"""Which features enter the built model where, and which its outputs predict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy.typing as npt

from dlstudio.data.pipeline import Rows
from dlstudio.document.bindings import MODEL, InputBinding, OutputBinding
from dlstudio.document.project import Project
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel


def bound_inputs(project: Project) -> tuple[InputBinding, ...]:
    """The binding of each input of the model, in the order of the inputs.

    Raises:
        UserError: A binding leads nowhere, or an input has no feature or several.
    """
    names = {node.id: node.name for node in project.model.inputs}
    found: dict[str, InputBinding] = {}
    for binding in _of_model(project, project.inputs):
        id = _input_id(binding, names)
        if id in found:
            raise UserError(
                _("Two features enter the input “{name}”: {features}.").format(
                    name=names[id],
                    features=f"{found[id].feature}, {binding.feature}",
                ),
                _("Add an Input layer, and let one of them enter it."),
            )
        found[id] = binding
    for id, name in names.items():
        if id not in found:
            raise UserError(
                _("No feature enters the input “{name}”.").format(name=name),
                _("Choose a feature of the data for it, or remove it."),
            )
    return tuple(found[id] for id in names)


def bound_outputs(
    project: Project, model: KerasModel
) -> tuple[tuple[OutputBinding, int], ...]:
    """The bindings of the model's outputs, each with its place among the outputs.

    Args:
        project: Project with the bindings.
        model: Built from the project's model.

    Raises:
        UserError: A binding leads nowhere, or an output has none.
    """
    graph = project.model
    ids = graph.output_ids()
    names = {id: graph.nodes[id].name for id in ids}
    # A layer may have several outputs; the first of them is the one that is meant.
    calls = [cast("Any", tensor)._keras_history[:2] for tensor in model.outputs]
    pairs = zip([None, *calls], calls, strict=False)
    starts = [place for place, (before, call) in enumerate(pairs) if before != call]
    places = dict(zip(ids, starts, strict=True))
    found = []
    for binding in _of_model(project, project.outputs):
        id = _output_id(binding, names)
        found.append((binding, places[id]))
    bound = {place for _binding, place in found}
    for id, name in names.items():
        if places[id] not in bound:
            raise UserError(
                _("The output “{name}” predicts no feature.").format(name=name),
                _("Choose a feature of the data for it, or remove it."),
            )
    return tuple(found)


def check_feature(rows: Rows, feature: str) -> npt.NDArray[Any]:
    """The rows of a feature.

    Raises:
        UserError: The data does not have it.
    """
    found = rows.get(feature)
    if found is None:
        raise UserError(
            _("The data has no feature called “{name}”.").format(name=feature),
            _("Its features are: {names}.").format(names=", ".join(rows)),
        )
    return found


def _of_model(project: Project, bindings: Iterable[Any]) -> list[Any]:
    """The bindings of the graph that is trained; the others' graphs must exist."""
    for binding in bindings:
        project.graph(binding.graph)
    return [binding for binding in bindings if binding.graph == MODEL]


def _input_id(binding: InputBinding, names: Mapping[str, str]) -> str:
    """The input that a binding means."""
    if binding.input in names:
        return binding.input
    if not binding.input and len(names) == 1:
        return next(iter(names))
    if binding.input:
        message = _("The feature “{feature}” enters “{id}”, which is no input.")
    else:
        message = _("The model has several inputs. Which does “{feature}” enter?")
    raise UserError(
        message.format(feature=binding.feature, id=binding.input),
        _("The inputs are: {names}.").format(names=", ".join(names.values())),
    )


def _output_id(binding: OutputBinding, names: Mapping[str, str]) -> str:
    """The output that a binding means."""
    if binding.output in names:
        return binding.output
    if not binding.output and len(names) == 1:
        return next(iter(names))
    if binding.output:
        message = _("“{id}” is to predict the feature “{feature}”, but is no output.")
    else:
        message = _("The model has several outputs. Which predicts “{feature}”?")
    raise UserError(
        message.format(feature=binding.feature, id=binding.output),
        _("The outputs are: {names}.").format(names=", ".join(names.values())),
    )
