"""Messages through the pipes arrive unchanged."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from digits_world import digits_project

from dlstudio.document.values import FrozenMap
from dlstudio.engine.subprocess_training.messages import (
    MessageWriter,
    TrainingJob,
    apply_order,
    messages,
    plain,
)
from dlstudio.engine.training.control import TrainingControl


def test_a_job_arrives_whole() -> None:
    job = TrainingJob(digits_project(), Path("数字") / "a b", "20260101-a", 7, "zh_CN")
    line = json.dumps(job.to_json())
    assert TrainingJob.from_json(json.loads(line)) == job


def test_messages_are_lines_and_a_torn_one_is_none() -> None:
    stream = io.BytesIO()
    writer = MessageWriter(stream)
    writer.write({"intervene": ["freeze", ("a\nb", "数")]})
    writer.write({"stop": True})
    stream.write(b'{"pause"')
    stream.seek(0)
    found = list(messages(stream))
    assert found == [{"intervene": ["freeze", ["a\nb", "数"]]}, {"stop": True}]


def test_a_reader_that_left_breaks_nothing() -> None:
    stream = io.BytesIO()
    stream.close()
    writer = MessageWriter(stream)
    writer.write({"stop": True})
    assert writer.broken


def test_every_intervention_reaches_the_other_control() -> None:
    here, there = TrainingControl(), TrainingControl()
    here.set_learning_rate(0.5)
    here.freeze(["a", "b"])
    here.thaw(["a"])
    here.set_dropout({"drop": 0.25})
    here.set_class_weights({"cat": 2.0})
    here.set_epochs(9)
    interventions = here.due((0, 0))
    for what, value in interventions:
        sent = json.loads(json.dumps({"intervene": [what, plain(value)]}))
        apply_order(there, sent)
    assert there.due((0, 0)) == interventions
    assert interventions[3] == ("dropout", FrozenMap({"drop": 0.25}))


def test_pause_and_gradients_are_passed_on() -> None:
    control = TrainingControl()
    apply_order(control, {"pause": True})
    apply_order(control, {"gradients": True})
    assert control.paused and control.gradients
    apply_order(control, {"pause": False})
    apply_order(control, {"gradients": False})
    assert not control.paused and not control.gradients
    with pytest.raises(KeyError):
        apply_order(control, {"intervene": ["fly", 1]})
