"""The loop's state, steps per execution, and interventions."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.catalog.store import Catalog
from dlstudio.document.events import EpochBegan, Intervened
from dlstudio.document.plan import EarlyStopping, TrainingPlan
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.training.batch_feeder import AIM, MOST, StepsPerExecution
from dlstudio.engine.training.control import TrainingControl, interventions
from dlstudio.engine.training.endings import ending_of, largest_fitting
from dlstudio.engine.training.monitored_metric import metric_monitor
from dlstudio.engine.training.state import LoopState, MetricMonitor
from dlstudio.errors import UserError

CATALOG = Catalog.load()


def state(**fields: object) -> LoopState:
    accuracy = MetricMonitor("val_accuracy", larger_is_better=True)
    return LoopState(0.1, MetricMonitor("val_loss"), accuracy, **fields)


floats = st.floats(allow_nan=False, allow_infinity=False)


@given(floats, floats, st.dictionaries(st.text(max_size=4), floats, max_size=3))
def test_a_state_survives_json_exactly(
    total: float, best: float, metrics: dict[str, float]
) -> None:
    before = state(total=total, epoch=3, step=7, metrics=metrics, trained=metrics)
    before.stopping.best = best
    text = json.dumps(before.to_json(), allow_nan=False)
    assert LoopState.from_json(json.loads(text), state()) == before


def test_nan_values_are_restored() -> None:
    before = state(metrics={"f1": math.nan})
    after = LoopState.from_json(before.to_json(), state())
    assert math.isnan(after.metrics["f1"])


def test_the_mean_loss_weighs_by_samples() -> None:
    begun = state()
    assert math.isnan(begun.loss)
    begun.add([1.0, 2.0], 8)
    begun.add([4.0], 4)
    assert (begun.step, begun.seen) == (3, 20)
    assert begun.loss == (1 * 8 + 2 * 8 + 4 * 4) / 20
    begun.next_epoch()
    assert (begun.epoch, begun.step, begun.seen) == (1, 0, 0)


@pytest.mark.parametrize(
    ("rising", "values", "better"),
    [
        (False, [3, 2, 2, 2.5, 1], [True, True, False, False, True]),
        (True, [0.1, 0.3, 0.2, math.nan], [True, True, False, False]),
    ],
)
@pytest.mark.parametrize("name", ["val_loss", "val_accuracy", "val_error"])
def test_a_monitor_uses_its_direction_and_not_a_name(
    name: str, rising: bool, values: list[float], better: list[bool]
) -> None:
    watch = MetricMonitor(name, larger_is_better=rising)
    assert [watch.update({name: value}) for value in values] == better


def test_a_state_of_an_older_checkpoint_takes_the_direction_of_the_plan() -> None:
    item = state().to_json()
    assert item["falling"] == {"monitor": "val_accuracy", "best": None, "waited": 0}
    assert LoopState.from_json(item, state()).falling.larger_is_better


def test_patience_and_least_gain() -> None:
    begun, early = state(), EarlyStopping(patience=2, min_delta=0.5)
    stops = []
    for value in (5.0, 4.4, 4.0, 4.1):
        begun.stopping.update({"val_loss": value}, early.min_delta)
        stops.append(begun.should_stop(early))
    assert stops == [False, False, False, True]
    assert not begun.should_stop(None)


def test_metrics_that_can_be_monitored() -> None:
    plan = TrainingPlan(metrics=(Spec("dlstudio.metrics.f1"),))
    project = Project(plan=plan)
    for name, validated, monitor in (
        ("val_f1", True, MetricMonitor("val_f1", True)),
        ("val_f1", False, MetricMonitor("f1", True)),
        ("val_loss", True, MetricMonitor("val_loss")),
    ):
        assert metric_monitor(name, project, CATALOG, validated=validated) == monitor
    with pytest.raises(UserError, match="“val_auc”") as caught:
        metric_monitor("val_auc", project, CATALOG, validated=True)
    assert "val_f1" in caught.value.hint


def test_steps_per_execution_grow_while_calls_are_short() -> None:
    pace, steps = StepsPerExecution(), []
    for _call in range(8):
        steps.append(pace.steps)
        pace.add(pace.steps, pace.steps * 0.001)
    assert steps[:2] == [1, 1]  # the first call compiled
    assert steps[-1] == round(AIM / 0.001) <= MOST
    assert all(b <= 4 * a for a, b in pairwise(steps))


def test_steps_per_execution_stay_low_for_slow_steps_or_when_fixed() -> None:
    slow, fixed = StepsPerExecution(), StepsPerExecution(7)
    for _call in range(5):
        slow.add(1, 1.0)
        fixed.add(7, 0.001)
    assert (slow.steps, fixed.steps) == (1, 7)


def rate(
    epoch: int, step: int, value: float, what: str = "learning_rate"
) -> Intervened:
    return Intervened(0.0, epoch, step, what, value)


def test_interventions_come_at_their_place_and_once() -> None:
    control = TrainingControl([rate(2, 0, 0.2), rate(1, 5, 0.1)])
    assert control.room((1, 0)) == 5
    assert control.due((1, 0)) == []
    assert control.due((1, 5)) == [("learning_rate", 0.1)]
    assert control.room((1, 5)) is None
    control.set_learning_rate(9.0)
    assert control.due((2, 0)) == [("learning_rate", 0.2), ("learning_rate", 9.0)]
    assert control.due((2, 0)) == []


def test_only_the_users_own_and_the_last_are_replayed() -> None:
    events = [
        rate(1, 5, 0.1),
        EpochBegan(0.0, 2),
        rate(2, 1, 0.2, "reduce_on_plateau"),
        rate(1, 5, 0.3),
        rate(1, 2, 0.4),
    ]
    assert interventions(events) == [rate(1, 2, 0.4), rate(1, 5, 0.3)]
    control = TrainingControl()
    control.replay(events, (1, 3))
    assert control.due((9, 9)) == [("learning_rate", 0.3)]


def test_the_largest_batch_that_fits() -> None:
    def attempt(batch: int) -> None:
        if batch > 5:
            raise MemoryError

    assert largest_fitting(attempt, 64) == 4
    assert largest_fitting(lambda _batch: None, 64) == 32
    assert largest_fitting(attempt, 1) is None
    with pytest.raises(ZeroDivisionError):
        largest_fitting(lambda batch: [1 // 0], 64)
    assert "Not even a single sample" in ending_of(MemoryError(), lambda: None).hint
