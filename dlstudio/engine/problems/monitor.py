"""Checks monitored metrics: early stopping and the plateau schedule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from dlstudio.document.plan import HeadFirst
from dlstudio.document.plan_metrics import monitors
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.heads.base import short
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.i18n import _, ngettext


def monitored(context: CheckContext) -> Iterator[Problem]:
    """Monitored metrics that are not computed, or cannot be."""
    plan = context.project.plan
    places = []
    if plan.early_stopping is not None:
        places.append(("early_stopping.monitor", plan.early_stopping.monitor))
    if short(plan.schedule.kind) == "OnPlateau":
        monitor = plan.schedule.params.get("monitor", "val_loss")
        places.append(("schedule.monitor", str(monitor)))
    known = monitors(context.project, context.catalog)
    names = monitors(context.project, context.catalog, validated=False)
    for path, monitor in places:
        if monitor not in known:
            yield context.problem(
                "error",
                "unknown-monitor",
                _(
                    "{path} is “{name}”, which is not an available metric. Use "
                    "one of {names}, optionally with the prefix val_."
                ).format(path=path, name=monitor, names=", ".join(names)),
                fixes=[
                    Fix.set_plan(_("Monitor {name}").format(name=each), path, each)
                    for each in _instead(monitor, known)
                ],
            )
        elif monitor not in names and not _validates(context):
            yield _no_validation(context, path, monitor)


def _instead(monitor: str, known: Sequence[str]) -> list[str]:
    """The probably intended metric, and the loss."""
    near = get_close_matches(monitor, known, n=1, cutoff=0.6)
    return list(dict.fromkeys([*near, "val_loss", "loss"]))


def _validates(context: CheckContext) -> bool:
    if context.dataset is not None and context.dataset.validation is not None:
        return context.dataset.validation > 0
    split = context.project.data.split
    return split.mode == "folders" or split.validation > 0


def _no_validation(context: CheckContext, path: str, monitor: str) -> Problem:
    twin = monitor.removeprefix("val_")
    fixes = [Fix.set_plan(_("Monitor {name}").format(name=twin), path, twin)]
    if context.project.data.split.validation <= 0:
        fixes.insert(
            0, Fix.set_data(_("Hold out 15 % for validation"), "split.validation", 0.15)
        )
    return context.problem(
        "warning",
        "no-validation",
        _(
            "{path} is “{name}”, but no samples are held out for validation, "
            "so this metric is never computed. Hold out samples, or monitor "
            "{twin}."
        ).format(path=path, name=monitor, twin=twin),
        fixes=fixes,
    )


def patience(context: CheckContext) -> Iterator[Problem]:
    """Early stopping that stops at once or never."""
    stopping, epochs = context.project.plan.early_stopping, context.project.plan.epochs
    if stopping is None:
        return
    if stopping.patience < 1:
        yield context.problem(
            "error",
            "plan-value",
            _(
                "early_stopping.patience is {value}, but must be at least 1 epoch."
            ).format(value=stopping.patience),
            fixes=[
                _patience(_("Set it to {count}").format(count=5), 5),
            ],
        )
    elif stopping.patience >= epochs > 1:
        some = max(epochs // 3, 1)
        yield context.problem(
            "hint",
            "patience-too-long",
            ngettext(
                "Early stopping waits {patience} epoch, but training takes "
                "only {epochs}, so it would never stop early.",
                "Early stopping waits {patience} epochs, but training takes "
                "only {epochs}, so it would never stop early.",
                stopping.patience,
            ).format(patience=stopping.patience, epochs=epochs),
            fixes=[
                _patience(
                    ngettext("Wait {count} epoch", "Wait {count} epochs", some).format(
                        count=some
                    ),
                    some,
                )
            ],
        )


def phases(context: CheckContext) -> Iterator[Problem]:
    """A head-only phase of no or all epochs, or an invalid factor."""
    first, epochs = context.project.plan.head_first, context.project.plan.epochs
    if first is None:
        return
    usual = HeadFirst()
    wrong = (
        ("epochs", first.epochs, first.epochs >= 1, usual.epochs),
        ("rate", first.rate, first.rate > 0, usual.rate),
    )
    for name, value, fits, better in wrong:
        if not fits:
            yield context.problem(
                "error",
                "plan-value",
                _("head_first.{name} is {value}, but must be greater than 0.").format(
                    name=name, value=value
                ),
                fixes=[
                    Fix.set_plan(
                        _("Set it to {count}").format(count=better),
                        f"head_first.{name}",
                        better,
                    )
                ],
            )
    if first.epochs >= epochs > 1:
        some = max(epochs // 4, 1)
        label = ngettext(
            "Train only the head for {count} epoch",
            "Train only the head for {count} epochs",
            some,
        ).format(count=some)
        yield context.problem(
            "warning",
            "head-alone",
            ngettext(
                "Only the head is trained for {count} epoch, but training "
                "takes only {epochs}, so the other layers would never be "
                "trained.",
                "Only the head is trained for {count} epochs, but training "
                "takes only {epochs}, so the other layers would never be "
                "trained.",
                first.epochs,
            ).format(count=first.epochs, epochs=epochs),
            fixes=[Fix.set_plan(label, "head_first.epochs", some)],
        )


def _patience(label: str, count: int) -> Fix:
    return Fix.set_plan(label, "early_stopping.patience", count)


MONITOR = (monitored, patience, phases)
