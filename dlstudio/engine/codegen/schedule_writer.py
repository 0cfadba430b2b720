"""The callbacks of a script: learning rate schedule and early stopping."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dlstudio.catalog.store import Catalog
from dlstudio.document.plan_metrics import larger_is_better
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.codegen.head_first_writer import head_first_call
from dlstudio.engine.codegen.literals import INDENT, fitted, quoted
from dlstudio.engine.codegen.output_plan import OutputPlan, monitored

Settings = Mapping[str, Any]
COSINE = "0.5 * (1 + math.cos(math.pi * {done}))"


def rate_rows(project: Project, catalog: Catalog) -> list[str]:
    """A callback that sets the learning rate of each step; [] if it never changes."""
    written = _factor(project, catalog)
    if written is None:
        return []
    why, body = written
    first = project.plan.head_first
    lowered = ["factor = rate_factor(place)"]
    if first is not None:
        lowered.append(f"if place >= {first.epochs}:  # all layers train")
        lowered.append(f"{INDENT}factor *= {first.rate!r}")
    return [
        "",
        "",
        "def rate_factor(place: float) -> float:",
        f'{INDENT}"""Factor of the learning rate after `place` epochs."""',
        *(f"{INDENT}{row}" for row in body),
        "",
        "",
        "class LearningRate(keras.callbacks.Callback):",
        f'{INDENT}"""{why}"""',
        "",
        f"{INDENT}def on_train_begin(self, logs=None) -> None:",
        f"{2 * INDENT}self.step = 0",
        f"{2 * INDENT}self.base = float(self.model.optimizer.learning_rate)",
        "",
        f"{INDENT}def on_train_batch_begin(self, batch, logs=None) -> None:",
        f'{2 * INDENT}place = self.step / self.params["steps"]',
        *(2 * INDENT + row for row in lowered),
        f"{2 * INDENT}self.model.optimizer.learning_rate = self.base * factor",
        f"{2 * INDENT}self.step += 1",
    ]


def callback_calls(
    project: Project,
    outputs: tuple[OutputPlan, ...],
    catalog: Catalog,
    *,
    validated: bool,
) -> list[list[str]]:
    """The callbacks of `fit`, each as the lines of its expression.

    Args:
        project: Has the plan.
        outputs: Of the model.
        catalog: Knows which metrics are to rise.
        validated: Whether there is a validation split.
    """

    plan, calls = project.plan, []
    name, settings = _settings(plan.schedule, catalog)
    if _factor(project, catalog) is not None:
        calls.append(["LearningRate()"])
    if name == "OnPlateau":
        pairs = [
            *_watch(str(settings["monitor"]), project, outputs, catalog, validated),
            f"factor={settings['factor']!r}",
            f"patience={settings['patience']!r}",
            "min_delta=0.0",
            f"min_lr={settings['minimum']!r}",
        ]
        calls.append(fitted("", "keras.callbacks.ReduceLROnPlateau", pairs, ""))
    stopping = stopping_call(project, outputs, catalog, validated=validated)
    if stopping:
        calls.append(["stopping"] if plan.head_first is not None else stopping)
    if plan.head_first is not None:
        calls.append([head_first_call(project)])
    return calls


def stopping_call(
    project: Project,
    outputs: tuple[OutputPlan, ...],
    catalog: Catalog,
    *,
    validated: bool,
) -> list[str]:
    """The callback that stops early, as lines; [] if the plan has none.

    Args:
        project, outputs, catalog, validated: As for `callback_calls`.
    """
    stop = project.plan.early_stopping
    if stop is None:
        return []
    pairs = _watch(stop.monitor, project, outputs, catalog, validated)
    pairs.append(f"patience={max(stop.patience, 1)}")
    if stop.min_delta:
        pairs.append(f"min_delta={stop.min_delta!r}")
    if stop.restore_best:
        pairs.append("restore_best_weights=True")
    return fitted("", "keras.callbacks.EarlyStopping", pairs, "")


def _watch(
    monitor: str,
    project: Project,
    outputs: tuple[OutputPlan, ...],
    catalog: Catalog,
    validated: bool,
) -> list[str]:
    """The first arguments of a callback that watches a metric."""
    up = larger_is_better(monitor, project, catalog)
    name = monitored(monitor, outputs, validated=validated)
    return [quoted(name), f'mode="{"max" if up else "min"}"']


def sets_rate(project: Project, catalog: Catalog) -> bool:
    """Whether a callback sets the learning rate of each step."""
    return _factor(project, catalog) is not None


def _factor(project: Project, catalog: Catalog) -> tuple[str, list[str]] | None:
    """What the schedule does and the lines of its factor; None if there is none."""
    if isinstance(project.plan.optimizer.params.get("learning_rate"), Spec):
        return None  # a schedule of Keras is in the optimizer
    name, settings = _settings(project.plan.schedule, catalog)
    return FACTORS.get(name, _nothing)(settings)


def _settings(schedule: Spec, catalog: Catalog) -> tuple[str, Settings]:
    described = catalog[schedule.kind]
    return described.name, {**described.defaults(), **schedule.params}


def _constant(settings: Settings) -> tuple[str, list[str]] | None:
    warm = settings.get("warmup_epochs") or 0.0
    if not warm:
        return None
    why = f"Raises the learning rate for {warm:g} epochs."
    return why, [f"return {_warm_up(warm)}"]


def _step(settings: Settings) -> tuple[str, list[str]]:
    factor, every = settings["factor"], settings["every_epochs"]
    why = f"Multiplies the learning rate by {factor:g} every {every} epochs."
    return why, [f"return {factor!r} ** math.floor(place / {every})"]


def _exponential(settings: Settings) -> tuple[str, list[str]]:
    factor = settings["factor"]
    why = f"Multiplies the learning rate by {factor:g} each epoch, smoothly."
    return why, [f"return {factor!r}**place"]


def _cosine(settings: Settings) -> tuple[str, list[str]]:
    warm, final = float(settings["warmup_epochs"] or 0.0), float(settings["final"])
    fall = _fall("done", 1.0, final)
    if not warm:
        why = "Lets the learning rate fall along half a cosine."
        return why, ["done = min(place / EPOCHS, 1)", f"return {fall}"]
    epochs = "epoch" if warm == 1 else "epochs"
    why = (
        f"Raises the learning rate for {warm:g} {epochs}, then lets it fall along half "
        "a cosine."
    )
    rows = [
        f"done = min(max((place - {warm:g}) / max(EPOCHS - {warm:g}, 1e-9), 0), 1)",
        f"return {_warm_up(warm)} * {fall}",
    ]
    return why, rows


def _one_cycle(settings: Settings) -> tuple[str, list[str]]:
    rise = float(settings["rise"])
    start, final = float(settings["start"]), float(settings["final"])
    why = "Raises the learning rate, then lets it fall to almost nothing."
    rows = [
        "done = min(place / EPOCHS, 1)",
        f"if done < {rise!r}:",
        f"{INDENT}up = done / {rise!r}",
        f"{INDENT}return {_fall('up', start, 1.0)}",
        f"down = (done - {rise!r}) / {1 - rise!r}",
        f"return {_fall('down', 1.0, final)}",
    ]
    return why, rows


def _warm_up(epochs: float) -> str:
    first = min(epochs, 1.0) * 1e-2
    over = "" if epochs == 1 else f" / {epochs:g}"
    inner = f"place + {first:g}" if not over else f"(place + {first:g}){over}"
    return f"min({inner}, 1)"


def _fall(done: str, high: float, low: float) -> str:
    cosine = COSINE.format(done=done)
    if (high, low) == (1.0, 0.0):
        return cosine
    return f"({low!r} + {high - low!r} * {cosine})"


def _nothing(settings: Settings) -> None:
    del settings


FACTORS: Mapping[str, Callable[[Settings], tuple[str, list[str]] | None]] = {
    "Constant": _constant,
    "Step": _step,
    "Exponential": _exponential,
    "Cosine": _cosine,
    "OneCycle": _one_cycle,
}
