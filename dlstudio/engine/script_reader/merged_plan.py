"""The training plan after its script was edited: what the script writes plainly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dlstudio.catalog.store import Catalog
from dlstudio.data.pipeline import LARGEST_SEED
from dlstudio.document.bindings import OutputBinding
from dlstudio.document.dotted_fields import set_field
from dlstudio.document.plan import TrainingPlan
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.codegen.graph_writer import written_names
from dlstudio.engine.codegen.literals import LiteralWriter
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.script_reader.limits import Setting
from dlstudio.engine.script_reader.merged_metrics import (
    merged_metrics,
    merged_stopping,
)
from dlstudio.engine.script_reader.reader import ScriptReading
from dlstudio.engine.script_reader.script_before import ScriptBefore
from dlstudio.engine.script_reader.training_phases import merged_phases
from dlstudio.errors import UserError

POLICIES = ("float32", "mixed_float16", "mixed_bfloat16")


def merged_plan(
    reading: ScriptReading,
    before: Project,
    after: Project,
    catalog: Catalog,
    written: ScriptBefore,
) -> Project:
    """The project with the plan that a script says.

    Args:
        reading: What the script says.
        before: What it was written from.
        after: The same with the graphs of the script.
        catalog: Describes optimizers and losses.
        written: The script as it was.
    """
    plan = _numbers(reading, before.plan)
    optimizer = _spec("optimizers", reading.settings.get("optimizer"), catalog)
    writer = LiteralWriter(catalog)
    if optimizer is not None and not _same(writer, before.plan.optimizer, optimizer):
        plan = replace(plan, optimizer=optimizer)
    plan = merged_phases(reading.fits, plan, catalog)
    stopping = merged_stopping(reading, written, plan.early_stopping)
    plan = replace(plan, early_stopping=stopping)
    after = merged_metrics(reading, written, replace(after, plan=plan), catalog)
    return _with_losses(reading, before, after, catalog)


def _numbers(reading: ScriptReading, plan: TrainingPlan) -> TrainingPlan:
    constants, settings = reading.constants, reading.settings
    for name, constant in (("epochs", "EPOCHS"), ("batch_size", "BATCH_SIZE")):
        setting = settings.get(name)
        value = setting.value if setting is not None else constants.get(constant)
        if isinstance(value, int) and value > 0:
            plan = set_field(plan, name, value)
    seed = constants.get("SEED")
    if seed is not None and seed != plan.seed % LARGEST_SEED and seed >= 0:
        plan = replace(plan, seed=seed)
    policy = settings.get("precision")
    if policy is not None and policy.value in POLICIES:
        plan = replace(plan, precision=str(policy.value))
    return plan


def _spec(family: str, setting: Setting | None, catalog: Catalog) -> Spec | None:
    """An optimizer or a loss, written as an object or by its name."""
    value = setting.value if setting is not None else None
    if isinstance(value, Spec):
        return value
    if isinstance(value, str):
        found = catalog.search(family, value)
        return None if found is None else Spec(found.kind)
    return None


def _same(writer: LiteralWriter, before: Spec, after: Spec) -> bool:
    """Whether a script writes two objects the same."""
    try:
        return writer.spec(before) == writer.spec(after)
    except UserError:
        return before == after


def _with_losses(
    reading: ScriptReading, before: Project, after: Project, catalog: Catalog
) -> Project:
    setting = reading.settings.get("loss")
    if setting is None:
        return after
    if not isinstance(setting.value, Mapping):
        loss = _spec("losses", setting, catalog)
        if loss is None or len(after.outputs) != 1:
            return after
        return _with_loss(after, 0, loss, before, catalog)
    names = written_names(before, before.model, catalog)
    for place, output in enumerate(before.outputs):
        ids = before.model.output_ids()
        id = output.output or (ids[0] if len(ids) == 1 else "")
        value = setting.value.get(names.get(id, id))
        loss = _spec("losses", Setting(value, setting.line), catalog)
        if loss is not None:
            after = _with_loss(after, place, loss, before, catalog)
    return after


def _with_loss(
    project: Project, place: int, loss: Spec, before: Project, catalog: Catalog
) -> Project:
    """The project with the loss of an output, if the script changed it."""
    output = before.outputs[place]
    old = before.loss_of(output)
    writer = LiteralWriter(catalog)
    if _same(writer, old, loss) or _same(writer, _trained(output, old, catalog), loss):
        return project
    if output.loss is None and len(project.outputs) == 1:
        return replace(project, plan=replace(project.plan, loss=loss))
    outputs = list(project.outputs)
    outputs[place] = replace(outputs[place], loss=loss)
    return replace(project, outputs=tuple(outputs))


def _trained(output: OutputBinding, loss: Spec, catalog: Catalog) -> Spec:
    """The loss with what its head adds to it."""
    try:
        return find_head_type(output.head.kind, catalog).trained_loss(loss)
    except UserError:
        return loss
