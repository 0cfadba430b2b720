"""Metrics, weights of losses and early stopping after a script was edited."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dlstudio.catalog.store import Catalog
from dlstudio.document.bindings import OutputBinding
from dlstudio.document.plan import EarlyStopping
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.codegen.graph_writer import written_names
from dlstudio.engine.codegen.literals import LiteralWriter
from dlstudio.engine.codegen.output_plan import units_of
from dlstudio.engine.codegen.plan import SEVERAL, Labels, metric_call
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.script_reader.limits import Setting
from dlstudio.engine.script_reader.reader import ScriptReading
from dlstudio.engine.script_reader.script_before import ScriptBefore
from dlstudio.errors import UserError

OWN = "dlstudio.metrics."
SHORT = {"acc": "accuracy"}
NAMED = re.compile(r"(, )?name=\"[^\"]*\"")
STOPPING = "keras.callbacks.EarlyStopping"


def metrics_are_read(setting: Setting | None, catalog: Catalog) -> bool:
    """Whether all metrics of a script are known.

    Args:
        setting: What `compile` says; None if it says nothing.
        catalog: Describes metrics.
    """
    lists = list(_lists(setting).values())
    return all(_spec(each, catalog) is not None for items in lists for each in items)


def merged_metrics(
    reading: ScriptReading, before: ScriptBefore, project: Project, catalog: Catalog
) -> Project:
    """The project with the metrics and weights that a script says.

    Args:
        reading: What the script says.
        before: The script as it was.
        project: What it was written from.
        catalog: Describes metrics and heads.
    """
    new, old = (
        _lists(each.settings.get("metrics") if each is not None else None)
        for each in (reading, before.reading)
    )
    weights = _weights(reading.settings.get("loss_weights"))
    names = written_names(project, project.model, catalog)
    ends = project.model.output_ids()
    if "optimizer" in reading.settings:  # where there is compile, no metrics are none
        new = {**{key: [] for key in old}, **new}
    for place, output in enumerate(project.outputs):
        id = output.output or (ends[0] if len(ends) == 1 else "")
        key = names.get(id, id) if len(project.outputs) > 1 else ""
        weight = weights.get(key)
        if weight is not None and weight != output.weight:
            project = _with_output(project, place, replace(output, weight=weight))
        if key not in new or (before.reading is not None and key not in old):
            continue
        merger = _MetricMerger(project, place, catalog)
        project = merger.merged(new[key], old.get(key))
    return project


class _MetricMerger:
    """Merges the metrics of one output."""

    def __init__(self, project: Project, place: int, catalog: Catalog) -> None:
        self._project = project
        self._place = place
        self._catalog = catalog
        self._values = LiteralWriter(catalog)
        self._output = project.outputs[place]

    def merged(self, new: Sequence[object], old: Sequence[object] | None) -> Project:
        """The project with its metrics; those that no script has stay.

        Args:
            new: As the script has them.
            old: As it had them before; None if that is not known.
        """
        given = [each for item in new if (each := _spec(item, self._catalog))]
        texts = [self._text(each) for each in given]
        if old is None:
            return self._with(given) if given else self._project
        known = [each for item in old if (each := _spec(item, self._catalog))]
        before = [self._text(each) for each in known]
        gone = set(before) - set(texts)
        kept = [each for each in self._specs if not self._written(each) & gone]
        kept += [
            each
            for each, text in zip(given, texts, strict=True)
            if text not in before and each not in kept
        ]
        return self._project if kept == list(self._specs) else self._with(kept)

    @property
    def _specs(self) -> tuple[Spec, ...]:
        return self._project.metrics_of(self._output)

    def _with(self, metrics: Sequence[Spec]) -> Project:
        project, output = self._project, self._output
        if output.metrics is None and len(project.outputs) == 1:
            return replace(project, plan=replace(project.plan, metrics=tuple(metrics)))
        return _with_output(
            project, self._place, replace(output, metrics=tuple(metrics))
        )

    def _written(self, spec: Spec) -> set[str]:
        """What a script has for a metric of the plan."""
        try:
            text, _note = metric_call(spec, self._labels(), self._values)
        except UserError:
            return set()
        if not text.startswith("keras."):
            text = self._text(Spec(f"{OWN}{text.strip(chr(34))}"))
        return {NAMED.sub("", text)}

    def _labels(self) -> Labels:
        output, project = self._output, self._project
        loss = project.loss_of(output)
        ends = project.model.output_ids()
        end = output.output or (ends[0] if len(ends) == 1 else "")
        units = units_of(project.model, end) or SEVERAL
        head = find_head_type(output.head.kind, self._catalog)
        logits = loss.params.get("from_logits") is True
        return Labels(head.label_form(loss.kind, units), logits)

    def _text(self, spec: Spec) -> str:
        """A metric as it is compared: without its name."""
        try:
            return NAMED.sub("", self._values.spec(spec))
        except UserError:
            return spec.kind


def _lists(setting: Setting | None) -> dict[str, list[object]]:
    """The metrics of each output by its name; those of the only one by ""."""
    value = setting.value if setting is not None else None
    if isinstance(value, (str, Spec)):
        value = [value]
    if isinstance(value, (list, tuple)):
        return {"": list(value)}
    if not isinstance(value, Mapping):
        return {}
    return {
        str(name): list(each) if isinstance(each, (list, tuple)) else [each]
        for name, each in value.items()
    }


def _spec(item: object, catalog: Catalog) -> Spec | None:
    """A metric of a script as the plan has it; None if it is not known."""
    if isinstance(item, Spec):
        return item
    if not isinstance(item, str):
        return None
    own = f"{OWN}{SHORT.get(item, item)}"
    if own in catalog:
        return Spec(own)
    found = catalog.search("metrics", item)
    return None if found is None else Spec(found.kind)


def _weights(setting: Setting | None) -> dict[str, float]:
    value = setting.value if setting is not None else None
    if isinstance(value, (list, tuple)) and len(value) == 1:
        value = {"": value[0]}
    if not isinstance(value, Mapping):
        return {}
    return {
        str(name): float(each)
        for name, each in value.items()
        if isinstance(each, (int, float)) and each >= 0
    }


def _with_output(project: Project, place: int, output: OutputBinding) -> Project:
    outputs = list(project.outputs)
    outputs[place] = output
    return replace(project, outputs=tuple(outputs))


def merged_stopping(
    reading: ScriptReading, before: ScriptBefore, plan: EarlyStopping | None
) -> EarlyStopping | None:
    """When training stops early, as a script says it.

    Args:
        reading: What the script says.
        before: The script as it was.
        plan: When it stopped before.
    """
    setting = reading.settings.get("callbacks")
    if setting is None:
        return plan
    new, old = _stopping(setting), _stopping(before.setting("callbacks"))
    if new == old:
        return plan
    if new is None:
        return None if old is not None else plan
    if plan is not None and old is not None and new.monitor == old.monitor:
        return replace(new, monitor=plan.monitor)  # as the studio calls it
    return new


def _stopping(setting: Setting | None) -> EarlyStopping | None:
    value = setting.value if setting is not None else None
    for each in value if isinstance(value, (list, tuple)) else [value]:
        if isinstance(each, Spec) and each.kind == STOPPING:
            params = each.params
            patience, least = params.get("patience", 0), params.get("min_delta", 0)
            return EarlyStopping(
                str(params.get("monitor", "val_loss")),
                max(patience if isinstance(patience, int) else 0, 1),
                float(least) if isinstance(least, (int, float)) else 0.0,
                params.get("restore_best_weights") is True,
            )
    return None
