"""Descriptions of the changes between two projects, and of interventions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from dlstudio.catalog.choice_labels import LABELS, choice_text
from dlstudio.document.diff import diff
from dlstudio.document.events import Intervened
from dlstudio.document.graph import Graph, Node
from dlstudio.document.kind_text import short_kind
from dlstudio.document.plan import DataRecipe, EarlyStopping, HeadFirst, TrainingPlan
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import Array, FrozenMap, Json, Spec
from dlstudio.i18n import _, marked, ngettext

MOST = 3
"""Most changes that one line lists; the rest are counted."""
OPTIONAL = ("early_stopping", "head_first")
"""Fields of a plan that may be None."""
NAMES: FrozenMap[str, str] = FrozenMap(
    {
        "batch_size": marked("batch size"),
        "class_weight": marked("class weight"),
        "class_weights": marked("class weights"),
        "device": marked("device"),
        "epochs": marked("epochs"),
        "learning_rate": marked("lr"),
        "loss": marked("loss"),
        "metrics": marked("metrics"),
        "monitor": marked("monitor"),
        "optimizer": marked("optimizer"),
        "patience": marked("patience"),
        "precision": marked("numeric precision"),
        "process": marked("process"),
        "rate": marked("rate"),
        "schedule": marked("schedule"),
        "seed": marked("seed"),
    }
)
"""Display names of some settings; the others use their own names."""


@dataclass(frozen=True, slots=True)
class ProjectChanges:
    """The differences between two projects, each as a short phrase."""

    graph: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    data: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Graph, plan and data."""
        return (*self.graph, *self.plan, *self.data)


def describe_change(before: Project, after: Project) -> str:
    """One line: "+ Dropout, batch 32 → 64"; "" when nothing differs."""
    found = describe_changes(before, after).all
    shown = ", ".join(found[:MOST])
    left = len(found) - MOST
    if left <= 0:
        return shown
    more = ngettext("{count} more", "{count} more", left).format(count=left)
    return f"{shown}, {more}"


def describe_changes(before: Project, after: Project) -> ProjectChanges:
    """How training `after` differs from training `before`."""
    graphs = _graphs(before.graphs, after.graphs)
    plan = [] if before.plan == after.plan else list(_plan(before.plan, after.plan))
    data = [] if before.data == after.data else list(_data(before.data, after.data))
    return ProjectChanges(tuple(graphs), tuple(plan), tuple(data))


def intervention_text(event: Intervened) -> str:
    """A description of an intervention, short enough for a mark on a curve."""
    value = event.value
    if event.what == "freeze":
        return _("freeze {layers}").format(layers=", ".join(value))
    if event.what == "thaw":
        return _("unfreeze {layers}").format(layers=", ".join(value))
    if event.what == "dropout":
        rates = ", ".join(f"{name} {rate:g}" for name, rate in value.items())
        return _("dropout {rates}").format(rates=rates)
    if event.what == "class_weights":
        weights = ", ".join(f"{name} {weight:g}" for name, weight in value.items())
        return _("class weights {weights}").format(weights=weights or _("off"))
    if event.what == "phase":
        number, rate = value
        text = _("head only") if number == 1 else _("all layers, lr → {rate:g}")
        return text.format(rate=rate)
    return _plain_intervention(event.what, value)


def _plain_intervention(what: str, value: object) -> str:
    texts = {
        "learning_rate": _("lr → {value}"),
        "reduce_on_plateau": _("plateau: lr → {value}"),
        "epochs": _("epochs → {value}"),
        "pause": _("paused"),
        "resume": _("resumed"),
        "refused": _("refused: {value}"),
        "damaged_checkpoint": _("damaged checkpoint {value}"),
    }
    text = texts.get(what, f"{what} → {{value}}")
    return text.format(value=_value(value))


def _graphs(before: Mapping[str, Graph], after: Mapping[str, Graph]) -> Iterable[str]:
    empty = Graph()
    for name in dict.fromkeys([*before, *after]):
        where = "" if name == MODEL else f"{name}: "
        for change in _graph(before.get(name, empty), after.get(name, empty)):
            yield where + change


def _graph(before: Graph, after: Graph) -> Iterable[str]:
    found = diff(before, after)
    if not found.structural:
        return
    yield from _counted("+", [after.nodes[id] for id in found.added])
    yield from _counted("–", [before.nodes[id] for id in found.removed])
    for id in found.changed:
        yield from _node(before.nodes[id], after.nodes[id])
    known = set(found.added) | set(found.removed)
    reconnected = [
        edge
        for edge in (*found.connected, *found.disconnected)
        if not {edge.source, edge.target} & known
    ]
    if (reconnected and not known) or found.outputs:
        yield _("connections changed")


def _counted(sign: str, nodes: list[Node]) -> Iterable[str]:
    counts: dict[str, int] = {}
    for node in nodes:
        counts[_short(node.kind)] = counts.get(_short(node.kind), 0) + 1
    for name, count in counts.items():
        yield f"{sign} {name}" if count == 1 else f"{sign} {count} {name}"


def _node(before: Node, after: Node) -> Iterable[str]:
    if before.kind != after.kind:
        yield f"{_short(before.kind)} → {_short(after.kind)}"
        return
    if before.frozen != after.frozen:
        text = _("{layer} frozen") if after.frozen else _("{layer} unfrozen")
        yield text.format(layer=after.name)
    if before.shares != after.shares:
        yield _("{layer} shares different weights").format(layer=after.name)
    for name in dict.fromkeys([*before.params, *after.params]):
        if name == "name" or before.params.get(name) == after.params.get(name):
            continue
        was, now = (param_text(each.params, name) for each in (before, after))
        yield f"{after.name} {name} {was} → {now}"
    for name in dict.fromkeys([*before.call, *after.call]):
        if before.call.get(name) != after.call.get(name):
            was, now = (param_text(each.call, name) for each in (before, after))
            yield f"{after.name}({name}) {was} → {now}"


def param_text(params: Mapping[str, object], name: str) -> str:
    """A parameter as it is shown in a description."""
    return _setting(name, params[name]) if name in params else _("default")


def _plan(before: TrainingPlan, after: TrainingPlan) -> Iterable[str]:
    for each in fields(TrainingPlan):
        was, now = getattr(before, each.name), getattr(after, each.name)
        if was == now:
            continue
        if isinstance(was, Spec) and isinstance(now, Spec):
            yield from _spec(each.name, was, now)
        elif each.name in OPTIONAL:
            yield from _optional(each.name, was, now)
        else:
            old, new = _setting(each.name, was), _setting(each.name, now)
            yield f"{_name(each.name)} {old} → {new}"


def _spec(name: str, was: Spec, now: Spec) -> Iterable[str]:
    if was.kind != now.kind:
        yield f"{_name(name)} {_short(was.kind)} → {_short(now.kind)}"
    for param in dict.fromkeys([*was.params, *now.params]):
        if was.params.get(param) != now.params.get(param):
            old, new = (param_text(each.params, param) for each in (was, now))
            yield f"{_name(param)} {old} → {new}"


def _optional(
    name: str,
    was: EarlyStopping | HeadFirst | None,
    now: EarlyStopping | HeadFirst | None,
) -> Iterable[str]:
    """Describe a change of a field that may be None."""
    if now is None:
        yield {
            "early_stopping": _("no early stopping"),
            "head_first": _("all layers from the start"),
        }[name]
    elif was is None and isinstance(now, HeadFirst):
        yield ngettext(
            "head first, {epochs} epoch",
            "head first, {epochs} epochs",
            now.epochs,
        ).format(epochs=now.epochs)
    elif was is None and isinstance(now, EarlyStopping):
        yield _("early stopping, patience {patience}").format(patience=now.patience)
    else:
        for each in fields(now):
            old, new = getattr(was, each.name), getattr(now, each.name)
            if old != new:
                where = _("head first: ") if name == "head_first" else ""
                yield f"{where}{_name(each.name)} {_value(old)} → {_value(new)}"


def _data(before: DataRecipe, after: DataRecipe) -> Iterable[str]:
    if before.source != after.source:
        if not after.source.kind:
            yield _("no source")
        elif before.source.kind != after.source.kind:
            yield _("different source: {name}").format(name=_short(after.source.kind))
        else:
            yield from _spec(_("source"), before.source, after.source)
    for each in fields(before.split):
        was, now = getattr(before.split, each.name), getattr(after.split, each.name)
        if was != now:
            name = each.name.replace("_", " ")
            yield _("split: {name} {was} → {now}").format(
                name=name, was=_value(was), now=_value(now)
            )
    for text, old, new in (
        (_("excluded {was} → {now}"), before.leave_out, after.leave_out),
        (_("corrected {was} → {now}"), before.changed, after.changed),
        (_("moved {was} → {now}"), before.moved, after.moved),
    ):
        if old != new:
            yield text.format(was=len(old), now=len(new))


def _name(setting: str) -> str:
    known = NAMES.get(setting)
    return _(known) if known else setting.replace("_", " ")


def _setting(name: str, value: object) -> str:
    """A value by the label of its choice."""
    known = isinstance(value, str) and value in LABELS.get(name, ())
    return choice_text(name, value) if known else _value(value)


def _short(kind: str) -> str:
    return short_kind(kind)


def _value(value: object) -> str:
    if isinstance(value, Spec):
        return _short(value.kind)
    if isinstance(value, Array):
        return _("an array")
    if isinstance(value, Json):
        return "{…}"
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (tuple, list)):
        return "(" + ", ".join(_value(each) for each in value) + ")"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_value(each)}" for key, each in value.items())
    return _("none") if value is None or value == "" else str(value)
