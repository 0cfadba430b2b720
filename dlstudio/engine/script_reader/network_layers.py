"""The layers within networks of a script, and which of them are frozen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from dlstudio.document.backbone import BackboneConfig
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.script_values import ScriptLayer, Unknown
from dlstudio.errors import UserError
from dlstudio.i18n import _

SIZE = (224, 224, 3)
"""Shape for which the layers are named; the names are the same for others."""
KEPT = 4
FIRST = "trainable_from"


@dataclass(slots=True, eq=False)
class NetworkLayer:
    """A layer within a network.

    Attributes:
        name: As Keras calls it.
        kind: In the catalog.
        has_weights: Whether freezing it changes anything.
        trainable: Whether it is trained.
        line: Where that was said last; 0 if nowhere.
    """

    name: str
    kind: str
    has_weights: bool
    trainable: bool = True
    line: int = 0


@dataclass(slots=True, eq=False)
class BackboneLayer(ScriptLayer):
    """A network, and the shape of what it was created for.

    Attributes:
        shape: As written, or None.
        entry: The Input that its own `input` means, once it was asked for.
        inner: The layers within it, once one of them was asked for.
    """

    shape: object = None
    entry: object = None
    inner: list[NetworkLayer] | None = None

    def train_all(self, trainable: bool) -> None:
        """Freeze or thaw the layers within it, too, as Keras does."""
        self.params.pop(FIRST, None)
        for each in self.inner or ():
            each.trainable = trainable


@dataclass(frozen=True, slots=True)
class BackboneLayers:
    """The layers within a network, which are looked up only when one is needed."""

    backbone: BackboneLayer


def inner_layers(
    found: BackboneLayers, context: ReadingContext
) -> list[NetworkLayer] | Unknown:
    """The layers within a network, in the order of Keras.

    Args:
        found: Of which network.
        context: Knows the line.
    """
    layer = found.backbone
    if layer.params.get("preset"):
        text = _("Which layers a network of KerasHub has is known only to KerasHub.")
        return Unknown(text, context.line)
    if layer.inner is None:
        config = replace(BackboneConfig.of(layer.params), trainable_from="")
        try:
            scales = config.network.includes_preprocessing and config.preprocess
            rows = _named_layers(replace(config, weights="none", preprocess=scales))
        except UserError as error:
            return Unknown(error.message, context.line)
        layer.inner = [NetworkLayer(*row, not layer.frozen) for row in rows]
        place = _place(str(layer.params.get(FIRST, "")), layer.inner)
        for each in layer.inner[:place]:
            each.trainable = False
    context.count_items(len(layer.inner))
    return list(layer.inner)


@lru_cache(KEPT)
def _named_layers(config: BackboneConfig) -> tuple[tuple[str, str, bool], ...]:
    """Name, kind and whether it has weights, of each layer of a network."""
    # Loads TensorFlow, which most scripts do not need.
    from dlstudio.engine.model.backbone import make_network
    from dlstudio.engine.model.hub_network import network_layers

    return tuple(
        (each.name, f"keras.layers.{type(each).__name__}", bool(each.weights))
        for each in network_layers(make_network(config, SIZE))
    )


def _place(first: str, layers: Sequence[NetworkLayer]) -> int:
    """Where training begins for a name, as for `trainable_from`; 0 if nowhere."""
    names = [each.name for each in layers]
    if not first or first in names:
        return names.index(first) if first else 0
    return next((n for n, each in enumerate(names) if each.startswith(first)), 0)


def settle_frozen_layers(context: ReadingContext) -> None:
    """Let the networks of a script begin their training where its code says so.

    Args:
        context: Has the networks; takes a note for one that cannot be trained so.
    """
    for layer in dict.fromkeys(call.layer for call in context.calls):
        if isinstance(layer, BackboneLayer) and layer.inner is not None:
            _settle(layer, layer.inner, context)


def _settle(
    layer: BackboneLayer, inner: list[NetworkLayer], context: ReadingContext
) -> None:
    pretrained = BackboneConfig.of(layer.params).pretrained
    counted = [
        place
        for place, each in enumerate(inner)
        if each.has_weights
        and not (pretrained and each.kind.endswith(".BatchNormalization"))
    ]
    trained = [place for place in counted if inner[place].trainable]
    before = str(layer.params.pop(FIRST, ""))
    line = max((each.line for each in inner), default=0) or layer.line
    layer.frozen = not trained
    if not trained or trained == counted:
        return
    if trained != counted[-len(trained) :]:
        note_frozen_layers(line, context)
        return
    last = counted[len(counted) - len(trained) - 1]
    places = range(trained[0], last, -1)
    if before and _place(before, inner) in places:
        layer.params[FIRST] = before
        return
    name = next((inner[n].name for n in places if _is_sure(n, inner)), "")
    if name:
        layer.params[FIRST] = name
    else:
        note_frozen_layers(line, context)


def _is_sure(place: int, inner: Sequence[NetworkLayer]) -> bool:
    """Whether a layer is found by its name, whatever was built before."""
    each = inner[place]
    kind = re.sub("(?<=[a-z0-9])(?=[A-Z])", "_", each.kind.rpartition(".")[2]).lower()
    numbered = re.fullmatch(rf"{kind.replace('_', '_?')}(_\d+)?", each.name)
    return numbered is None and _first_like(each.name, inner) == place


def _first_like(name: str, inner: Sequence[NetworkLayer]) -> int:
    """Place of the first layer whose name begins so, where our scripts stop."""
    return next(n for n, each in enumerate(inner) if each.name.startswith(name))


def note_frozen_layers(line: int, context: ReadingContext) -> None:
    """Note that layers within a network are frozen in a way that is not read."""
    text = _(
        "Which layers of the network are frozen is not read: freeze them on the "
        "canvas, or set its “trainable_from” to the first layer that is trained."
    )
    context.note(line, text)
