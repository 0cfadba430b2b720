"""Applies interventions to a running training: layers, rates and weights."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import numpy.typing as npt

from dlstudio.document.values import FrozenMap
from dlstudio.engine.training import control
from dlstudio.engine.training.batch_feeder import BatchFeeder
from dlstudio.engine.training.class_weights import sample_weights
from dlstudio.engine.training.fused_normalization import all_layers
from dlstudio.engine.training.phases import ALL
from dlstudio.engine.training.state import LoopState
from dlstudio.engine.training.stepper_protocol import StepperProtocol
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, Variable

DROPOUTS = (
    keras.layers.Dropout,
    keras.layers.SpatialDropout1D,
    keras.layers.SpatialDropout2D,
    keras.layers.SpatialDropout3D,
    keras.layers.GaussianDropout,
    keras.layers.AlphaDropout,
)


class Steering:
    """Changes a running training; the step is retraced only when necessary.

    Args:
        stepper: The stepper; retraced when layers change.
        training: The training data; reweighted when class weights change.
        classes: Class names by number, of each target that has classes.
        body: Names of layers that are frozen while only the head is trained.
        later: Learning rate factor once they are unfrozen.
    """

    def __init__(
        self,
        stepper: StepperProtocol,
        training: BatchFeeder,
        classes: Mapping[str, tuple[str, ...]],
        body: tuple[str, ...] = (),
        later: float = 1.0,
    ) -> None:
        self._stepper = stepper
        self._training = training
        self._classes = classes
        self._body = body
        self._later = later
        self._layers = {layer.name: layer for layer in all_layers(stepper.model)}

    def apply(self, state: LoopState, what: str, value: Any) -> Any:
        """Apply one intervention.

        Args:
            state: The loop's state; updated.
            what: One of the names in `control`, such as `control.LEARNING_RATE`.
            value: A rate, a number of epochs, names of layers, or the weight of each
                class, depending on `what`.

        Returns:
            The value actually set, for the record.

        Raises:
            UserError: It cannot be applied; nothing changes.
        """
        if what == control.LEARNING_RATE:
            return _set_rate(state, value)
        if what == control.EPOCHS:
            return _set_epochs(state, value)
        if what == control.DROPOUT:
            return self._set_dropout(state, value)
        if what == control.CLASS_WEIGHTS:
            return self._weigh(state, value)
        if what == control.PHASE:
            return self._enter(state, int(value[0]))
        return self._train_layers(state, tuple(value), what == control.THAW)

    def restore(self, state: LoopState) -> None:
        """Restore all interventions from a checkpoint's state."""
        for name, trained in state.trainable.items():
            self._layer(name).trainable = trained
        for name, rate in state.dropout.items():
            self._layer(name).rate = rate
        if state.class_weights is not None:
            self._weigh(state, state.class_weights)

    def _layer(self, name: str) -> Any:
        if name not in self._layers:
            raise UserError(
                _("The model being trained has no layer “{name}”.").format(name=name),
                _("Existing layers: {names}.").format(
                    names=", ".join(list(self._layers)[:20])
                ),
            )
        return self._layers[name]

    def _train_layers(
        self, state: LoopState, names: Iterable[str], trained: bool
    ) -> tuple[str, ...]:
        wanted = {name: self._layer(name) for name in names}
        before = {name: layer.trainable for name, layer in self._layers.items()}
        for layer in wanted.values():
            layer.trainable = trained
        if not self._stepper.model.trainable_variables:
            for name, was in before.items():
                self._layers[name].trainable = was
            raise UserError(
                _("No layers would remain to train."),
                _("Keep at least one layer with weights unfrozen."),
            )
        for name in wanted:
            state.trainable.pop(name, None)  # the latest change comes last
            state.trainable[name] = trained
        self._stepper.retrace()
        return tuple(wanted)

    def _enter(self, state: LoopState, phase: int) -> tuple[int, float]:
        """Enter a phase: only the head, or all layers at another rate."""
        state.phase = phase
        state.stopping.waited = 0
        if self._body:
            self._train_layers(state, self._body, phase == ALL)
        if phase == ALL:
            state.lowered = self._later
        return phase, state.base_rate * state.lowered

    def _set_dropout(
        self, state: LoopState, rates: Mapping[str, float]
    ) -> FrozenMap[str, float]:
        layers = {name: self._layer(name) for name in rates}
        for name, layer in layers.items():
            if not isinstance(layer, DROPOUTS):
                raise UserError(_("“{name}” is not a dropout layer.").format(name=name))
            if not 0 <= rates[name] < 1:
                raise UserError(
                    _("The dropout rate {rate:g} is not valid.").format(
                        rate=rates[name]
                    ),
                    _("It must be at least 0 and less than 1."),
                )
            if getattr(layer, "seed_generator", None) is None:
                raise UserError(
                    _(
                        "“{name}” started without dropout, so its rate cannot be "
                        "changed."
                    ).format(name=name),
                    _("Set a small rate before training starts."),
                )
        for name, layer in layers.items():
            layer.rate = float(rates[name])
            state.dropout[name] = layer.rate
        self._stepper.retrace()
        return FrozenMap({name: float(rate) for name, rate in rates.items()})

    def _weigh(
        self, state: LoopState, weights: Mapping[str, float]
    ) -> FrozenMap[str, float]:
        known = list(
            dict.fromkeys(n for names in self._classes.values() for n in names)
        )
        unknown = sorted(set(weights) - set(known))
        if unknown:
            raise UserError(
                _("There is no class called “{name}”.").format(name=unknown[0]),
                _("The classes are: {names}.").format(names=", ".join(known[:20])),
            )
        heavy = {
            feature: self._sample_weights(weights, feature) for feature in self._classes
        }
        self._training.reweigh(heavy)
        self._stepper.weigh(heavy)
        state.class_weights = {name: float(w) for name, w in weights.items()}
        return FrozenMap(state.class_weights)

    def _sample_weights(
        self, weights: Mapping[str, float], feature: str
    ) -> npt.NDArray[np.float32] | None:
        names = self._classes[feature]
        row = np.array([weights.get(name, 1.0) for name in names], np.float64)
        if not np.all(np.isfinite(row)) or np.any(row < 0) or not row.any():
            raise UserError(
                _(
                    "Class weights must be at least 0, and at least one must be "
                    "greater than 0."
                ),
                _("The default weight is 1. A weight of 2 counts each sample twice."),
            )
        labels = self._training.split_view.rows[feature]
        return sample_weights(row if weights else None, labels)


def _set_rate(state: LoopState, rate: float) -> float:
    if not (math.isfinite(rate) and rate > 0):
        raise UserError(
            _("The learning rate {rate:g} is not valid.").format(rate=rate),
            _("It must be greater than 0."),
        )
    state.base_rate = float(rate)
    state.lowered, state.rate_set = 1.0, True
    return state.base_rate


def _set_epochs(state: LoopState, epochs: int) -> int:
    state.continue_until(max(int(epochs), state.epoch + bool(state.step), 1))
    return state.epochs


def every_weight(model: KerasModel) -> list[Variable]:
    """All weights that are trainable, or would be if nothing was frozen."""
    frozen = [layer for layer in all_layers(model) if not layer.trainable]
    for layer in frozen:
        layer.trainable = True
    found = list(model.trainable_variables)
    for layer in frozen:
        layer.trainable = False
    return found
