"""Layers and models that a script freezes or thaws by `trainable`."""

from __future__ import annotations

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, NESTED, OPAQUE
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.model_calls import calls_of, layers_of
from dlstudio.engine.script_reader.network_layers import (
    BackboneLayer,
    NetworkLayer,
    note_frozen_layers,
    settle_frozen_layers,
)
from dlstudio.engine.script_reader.script_callables import ScriptObject
from dlstudio.engine.script_reader.script_objects import layers_within
from dlstudio.engine.script_reader.script_values import (
    ScriptLayer,
    ScriptModel,
    ScriptSequential,
    Unknown,
)

AROUND = ("layer", "cell")
"""Parameters of layers whose weights are those of another one."""
SCALED = ("Attention", "AdditiveAttention")
"""Layers with weights that have no initializer."""


def set_trainable(owner: object, value: object, context: ReadingContext) -> None:
    """Set `trainable` of something, as Keras does.

    Args:
        owner: A layer or a model; other things have no such attribute.
        value: What it is set to.
        context: Notes what is not read; remembers the line of what is.
    """
    if isinstance(value, Unknown) or isinstance(owner, Unknown):
        note_frozen_layers(context.line, context)
        return
    trainable = bool(value)
    if isinstance(owner, NetworkLayer):
        owner.trainable, owner.line = trainable, context.line
    elif isinstance(owner, (ScriptModel, ScriptSequential)):
        _set_model(owner, trainable)
    elif isinstance(owner, ScriptLayer):
        _set_layer(owner, trainable, context.catalog)
    elif isinstance(owner, ScriptObject):
        for each in layers_within(owner):
            set_trainable(each, value, context)
    else:
        return
    context.applied.add(context.line)


def _set_layer(layer: ScriptLayer, trainable: bool, catalog: Catalog) -> None:
    layer.frozen = not trainable and has_weights(layer.kind, catalog)
    if isinstance(layer, BackboneLayer):
        layer.train_all(trainable)
    if layer.model is not None:
        _set_model(layer.model, trainable)


def _set_model(model: ScriptModel | ScriptSequential, trainable: bool) -> None:
    """Freeze a model as a whole; to thaw it thaws each layer."""
    model.frozen = not trainable
    if isinstance(model, ScriptModel) and model.layer is not None:
        model.layer.frozen = not trainable
    for each in layers_of(model) if trainable else ():
        if isinstance(each, ScriptLayer):
            each.frozen = False
            if isinstance(each, BackboneLayer):
                each.train_all(True)
        else:
            _set_model(each, True)


def has_weights(kind: str, catalog: Catalog) -> bool:
    """Whether layers of a kind have weights to train, so that one may freeze them.

    Args:
        kind: In the catalog.
        catalog: Describes it.
    """
    if kind in (NESTED, OPAQUE, BACKBONE):
        return True
    described = catalog.get(kind)
    if described is None or kind == INPUT or described.family == "ops":
        return False
    names = [param.name for param in described.params]
    return described.name in SCALED or any(
        name in AROUND or name.endswith("_initializer") for name in names
    )


def settle(model: ScriptModel, context: ReadingContext) -> None:
    """What is frozen at the end of a script.

    Args:
        model: That is trained; where it is frozen, all its layers are.
        context: Has all layers.
    """
    settle_frozen_layers(context)
    for call in calls_of(model) if model.frozen else ():
        call.layer.frozen |= has_weights(call.layer.kind, context.catalog)
