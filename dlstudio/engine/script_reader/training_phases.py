"""Trainings of one script in turn: a frozen network first, and then all layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dlstudio.catalog.store import Catalog
from dlstudio.document.plan import HeadFirst, TrainingPlan
from dlstudio.document.values import Spec
from dlstudio.engine.script_reader.limits import ReadingContext, ScriptFit
from dlstudio.engine.script_reader.model_calls import layers_of
from dlstudio.engine.script_reader.script_callables import Arguments, ScriptObject
from dlstudio.engine.script_reader.script_values import ScriptModel, ScriptSequential
from dlstudio.i18n import _


def note_fit(
    model: ScriptModel | ScriptSequential | ScriptObject,
    arguments: Arguments,
    context: ReadingContext,
) -> None:
    """Remember a call of `fit`, and what is frozen in it.

    Args:
        model: That is trained.
        arguments: Of the call.
        context: Takes it; has the optimizer.
    """
    if isinstance(model, ScriptObject):
        return
    epochs = arguments.named.get("epochs", 1)
    frozen = {id(each) for each in layers_of(model) if each.frozen}
    optimizer = context.settings.get("optimizer")
    context.fits.append(
        ScriptFit(
            id(model),
            arguments.line,
            epochs if isinstance(epochs, int) and epochs > 0 else 0,
            "initial_epoch" in arguments.named,
            frozenset(frozen),
            optimizer.value if optimizer is not None else None,
        )
    )


def phases_of(context: ReadingContext) -> tuple[ScriptFit, ...]:
    """The trainings of the model that was trained last; noted if no plan has them."""
    if not context.fits:
        return ()
    fits = [each for each in context.fits if each.model == context.fits[-1].model]
    if len(fits) > 1 and not _thaws(fits):
        text = _("The model is trained {count} times; the plan takes the last one.")
        context.note(fits[-1].line, text.format(count=len(fits)))
    return tuple(fits)


def _thaws(fits: Sequence[ScriptFit]) -> bool:
    """Whether layers are frozen in the first of two trainings alone."""
    if len(fits) != 2 or not all(each.epochs for each in fits):
        return False
    first, last = fits
    return bool(first.frozen - last.frozen)


def merged_phases(
    fits: Sequence[ScriptFit], plan: TrainingPlan, catalog: Catalog
) -> TrainingPlan:
    """The plan with the head trained first, where a script does so.

    Args:
        fits: The trainings of a script.
        plan: With what the last of them says.
        catalog: Describes optimizers.
    """
    if not _thaws(fits):
        return plan
    first, last = fits
    total = last.epochs if last.continues else first.epochs + last.epochs
    if total <= first.epochs:
        return plan
    rates = [_rate(each.optimizer, catalog) for each in fits]
    rate = HeadFirst().rate
    if rates[0] and rates[1]:
        rate = round(rates[1] / rates[0], 6)
    if isinstance(first.optimizer, Spec):
        plan = replace(plan, optimizer=first.optimizer)
    return replace(plan, epochs=total, head_first=HeadFirst(first.epochs, rate))


def _rate(optimizer: object, catalog: Catalog) -> float:
    """The learning rate of an optimizer; 0 if it is no number."""
    if not isinstance(optimizer, Spec):
        return 0.0
    found = catalog.get(optimizer.kind)
    param = found.param("learning_rate") if found is not None else None
    value = optimizer.params.get("learning_rate", param.default if param else 0)
    return float(value) if isinstance(value, (int, float)) else 0.0
