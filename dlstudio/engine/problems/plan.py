"""Checks the training plan: values, optimizer, schedule."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dlstudio.catalog.schema import Description
from dlstudio.catalog.validation import check_params
from dlstudio.document.edits.project import SetHead
from dlstudio.document.plan import (
    CONSTANT,
    DEFAULT_OPTIMIZER,
    PROCESSES,
    SUPERVISED,
    TrainingPlan,
)
from dlstudio.document.problems import Fix, Problem, Severity
from dlstudio.document.values import Spec
from dlstudio.engine.heads.base import short
from dlstudio.engine.model.dtype_policies import DTYPE_POLICIES
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.learning_rates import highest_rate
from dlstudio.engine.problems.node_queries import number
from dlstudio.engine.problems.params import nearest_value
from dlstudio.i18n import _, ngettext

DEVICE = re.compile(r"auto|cpu|all|gpu:\d{1,3}")
LEAST = {
    "epochs": 1,
    "batch_size": 1,
    "steps_per_execution": 0,
    "checkpoint_minutes": 0,
    "seed": 0,
}
LOWEST_RATE = 1e-7
FAMILIES = (
    ("optimizer", "optimizers"),
    ("schedule", "schedules"),
    ("loss", "losses"),
    ("method", "methods"),
)


def head_type(context: CheckContext) -> Iterator[Problem]:
    """A head that does not exist."""
    if context.head_type is None:
        yield context.problem(
            "error",
            "unknown-task",
            _(
                "There is no task called “{name}”. Choose one of the available tasks."
            ).format(name=context.project.head),
            fixes=[
                Fix(_("Choose {name}").format(name=each.name), (SetHead.of(each),))
                for each in context.catalog.family("heads")
            ],
        )


def values(context: CheckContext) -> Iterator[Problem]:
    """Invalid numbers and choices."""
    plan, usual = context.project.plan, TrainingPlan()
    for name, least in LEAST.items():
        if getattr(plan, name) < least:
            yield _value(
                context,
                name,
                _("{name} is {value}, but must be at least {least}.").format(
                    name=name, value=getattr(plan, name), least=least
                ),
                getattr(usual, name),
            )
    choices = {
        "precision": DTYPE_POLICIES,
        "class_weights": ("none", "balanced", "custom"),
        "process": PROCESSES,
    }
    for name, allowed in choices.items():
        if getattr(plan, name) not in allowed:
            yield _value(
                context,
                name,
                _("{name} is “{value}”, but must be one of {allowed}.").format(
                    name=name, value=getattr(plan, name), allowed=", ".join(allowed)
                ),
                getattr(usual, name),
            )
    if not DEVICE.fullmatch(plan.device):
        message = _("device is “{value}”, but must be auto, cpu, gpu:0 or all.")
        yield _value(context, "device", message.format(value=plan.device), usual.device)


def _value(context: CheckContext, name: str, message: str, usual: object) -> Problem:
    label = _("Set {name} to {value}").format(name=name, value=usual)
    fix = Fix.set_plan(label, name, usual)
    return context.problem("error", "plan-value", message, fixes=[fix])


def specs(context: CheckContext) -> Iterator[Problem]:
    """Optimizer, schedule, loss and metrics that are unknown or have invalid values."""
    plan = context.project.plan
    usual = {
        "optimizer": DEFAULT_OPTIMIZER,
        "schedule": CONSTANT,
        "loss": TrainingPlan().loss,
        "method": SUPERVISED,
    }
    for field, family in FAMILIES:
        chosen: Spec = getattr(plan, field)
        described = context.catalog.search(family, chosen.kind)
        if described is None:
            best = usual[field]
            yield context.problem(
                "error",
                f"unknown-{field}",
                _("There is no {field} called “{name}”.").format(
                    field=field, name=chosen.kind
                ),
                fixes=[
                    Fix.set_plan(
                        _("Use {name}").format(name=short(best.kind)), field, best
                    )
                ],
            )
            continue
        for name, sentence in check_params(described, chosen.params, context.catalog):
            yield context.problem(
                "error",
                "plan-parameter",
                f"{described.name}: {sentence}",
                fixes=_repair(field, chosen, described, name),
            )
    yield from _metrics(context)


def _repair(field: str, chosen: Spec, described: Description, name: str) -> list[Fix]:
    param = described.param(name)
    better = nearest_value(param, chosen.params.get(name)) if param else None
    if better is not None:
        label = _("Set {param} to {value}").format(param=name, value=better)
        return [Fix.set_plan(label, f"{field}.{name}", better)]
    if param is not None and param.required:
        return []
    plain = Spec(chosen.kind, chosen.params.without([name]))
    label = _("Reset {param} to {value}").format(
        param=name, value=param.default if param else _("nothing")
    )
    return [Fix.set_plan(label, field, plain)]


def _metrics(context: CheckContext) -> Iterator[Problem]:
    chosen = context.project.plan.metrics
    for at, metric in enumerate(chosen):
        described = context.catalog.get(metric.kind)
        if described is None or described.family != "plain_metrics":
            described = context.catalog.search("metrics", metric.kind)
        if described is None:
            continue  # reported by the metrics check
        for name, sentence in check_params(described, metric.params, context.catalog):
            fixed = Spec(metric.kind, metric.params.without([name]))
            label = _("Reset {param} to its default").format(param=name)
            changed = (*chosen[:at], fixed, *chosen[at + 1 :])
            param = described.param(name)
            fixable = param is None or not param.required
            yield context.problem(
                "error",
                "plan-parameter",
                f"{described.name}: {sentence}",
                fixes=[Fix.set_plan(label, "metrics", changed)] if fixable else [],
            )


def learning_rate(context: CheckContext) -> Iterator[Problem]:
    """A learning rate far from the optimizer's usual range."""
    chosen = context.project.plan.optimizer
    described = context.catalog.search("optimizers", chosen.kind)
    param = described.param("learning_rate") if described else None
    if described is None or param is None:
        return
    rate = number(chosen.params.get("learning_rate", param.default))
    if rate is None or rate < 0:
        return
    high = highest_rate(described.name)
    usual = number(param.default) or 0.001
    severity: Severity = "error" if rate == 0 else "warning"
    if rate == 0:
        message = _("The learning rate is 0, so the model would learn nothing.")
    elif rate > high:
        message = _(
            "A learning rate of {rate:g} is very high for {name}; the loss "
            "would probably diverge."
        )
    elif rate < LOWEST_RATE:
        message = _(
            "A learning rate of {rate:g} is so low that the weights would hardly "
            "change."
        )
    else:
        return
    text = message.format(rate=rate, name=described.name)
    advice = _("{usual:g} is a common choice.").format(usual=usual)
    label = _("Set the learning rate to {usual:g}").format(usual=usual)
    yield context.problem(
        severity,
        "learning-rate",
        f"{text} {advice}",
        fixes=[Fix.set_plan(label, "optimizer.learning_rate", usual)],
    )


def schedule(context: CheckContext) -> Iterator[Problem]:
    """A schedule that needs more epochs than the plan has."""
    plan = context.project.plan
    chosen = plan.schedule
    warm_up = number(chosen.params.get("warmup_epochs"))
    if warm_up is not None and warm_up >= plan.epochs >= 1:
        half = max(plan.epochs // 10, 0)
        yield context.problem(
            "warning",
            "warm-up-too-long",
            ngettext(
                "The learning rate warms up for {warm_up:g} epoch, but "
                "training takes only {epochs}, so it would never reach its "
                "full value.",
                "The learning rate warms up for {warm_up:g} epochs, but "
                "training takes only {epochs}, so it would never reach its "
                "full value.",
                1 if warm_up == 1 else 2,
            ).format(warm_up=warm_up, epochs=plan.epochs),
            fixes=[
                Fix.set_plan(
                    ngettext(
                        "Warm up for {count} epoch", "Warm up for {count} epochs", half
                    ).format(count=half),
                    "schedule.warmup_epochs",
                    float(half),
                )
            ],
        )
    every = number(chosen.params.get("every_epochs", 10))
    if short(chosen.kind) == "Step" and every is not None and every >= plan.epochs > 1:
        third = max(plan.epochs // 3, 1)
        yield context.problem(
            "hint",
            "step-never",
            ngettext(
                "The learning rate changes every {every:g} epoch, but training "
                "takes only {epochs}, so it would never change.",
                "The learning rate changes every {every:g} epochs, but "
                "training takes only {epochs}, so it would never change.",
                1 if every == 1 else 2,
            ).format(every=every, epochs=plan.epochs),
            fixes=[
                Fix.set_plan(
                    ngettext(
                        "Change it every {count} epoch",
                        "Change it every {count} epochs",
                        third,
                    ).format(count=third),
                    "schedule.every_epochs",
                    third,
                )
            ],
        )


PLAN_VALUES = (values, specs, learning_rate, schedule)
PLAN = (head_type, *PLAN_VALUES)
