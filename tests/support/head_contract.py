"""What holds for every head, as functions that also catch planted faults.

Targets are the rows of the features that a head predicts, as their types encode them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import polars as pl
import pytest
import tensorflow as tf
from toy_catalog import toy_catalog

from dlstudio.catalog.schema import Description
from dlstudio.data.columns import Cells
from dlstudio.data.features.base import load_feature_type
from dlstudio.document.evaluation import HeadReport
from dlstudio.document.feature import Feature
from dlstudio.document.values import Spec, freeze_map
from dlstudio.engine.heads.base import HeadType, short
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.heads.head_script import ScriptOutput
from dlstudio.errors import UserError

CATALOG = toy_catalog()
HEADS: tuple[Description, ...] = CATALOG.family("heads")
LOSSES = [each.kind for each in CATALOG.family("losses")]
CLASSES, COUNT, TOKENS = 3, 60, 7
WORDS = ["", "[UNK]", *(f"word{number}" for number in range(TOKENS - 3))]
IDS = [f"row {number}" for number in range(COUNT)]
RANDOM = np.random.default_rng(0)
CELLS: dict[str, list[str]] = {
    "category": [("a", "b", "c")[row % 3] for row in range(COUNT)],
    "categories": [("a", "a|b", "", "c")[row % 4] for row in range(COUNT)],
    "number": [f"{each:.3f}" for each in RANDOM.normal(5, 2, COUNT)],
    "date": [f"2024-0{1 + row % 9}-1{row % 10}" for row in range(COUNT)],
    "tags": [("B-a I-a O", "O", "B-b", "I-b O O B-a")[row % 4] for row in range(COUNT)],
    "angle": [f"{row * 37 % 360}°" for row in range(COUNT)],
}


@dataclass(frozen=True)
class Targets:
    """What a head predicts.

    Attributes:
        rows: As the feature type encodes them, (n, ...).
        fitted: What the feature has learned.
    """

    rows: Any
    fitted: dict[str, Any]

    def take(self, count: int) -> Targets:
        """The first of them."""
        return Targets(self.rows[:count], self.fitted)


def targets_of(described: Description) -> list[Targets]:
    """The targets of a head: of each feature type that it predicts."""
    found = []
    if find_head_type(described.kind, CATALOG).of_tokens:
        tokens = RANDOM.integers(2, TOKENS, (COUNT, 6)).astype(np.uint8)
        tokens[5, 3:] = 0
        learned = {"words": WORDS, "separator": " ", "positions": 6}
        return [Targets(tokens, {"shape": [6, TOKENS], **learned})]
    if described.extra.get("of_input"):
        images = RANDOM.integers(0, 256, (COUNT, 5, 4, 3)).astype(np.uint8)
        return [Targets(images, {"shape": [5, 4, 3]})]
    for kind in described.extra["features"]:
        feature_type = CATALOG[kind]
        params = freeze_map(dict(feature_type.extra.get("target_params", {})))
        feature = Feature(kind, "", params)
        type_ = load_feature_type(feature_type)
        cells = Cells(pl.Series(CELLS[feature_type.name]))
        column = type_.parse(cells, feature).column
        fitted = dict(type_.fit(column, np.arange(COUNT), feature))
        found.append(Targets(type_.encode(column, fitted, feature), fitted))
    assert found
    return found


def classes_of(targets: Targets) -> int:
    """Classes of the target, or tags; 0 of a number."""
    return len(targets.fitted.get("names", targets.fitted.get("tags", ())))


def wanted(head: HeadType, targets: Targets) -> tuple[Spec, int, str]:
    """Loss, units and activation that a head wants."""
    classes = classes_of(targets)
    loss = head.best_loss(classes, max(2, classes))
    return Spec(loss), *head.head(loss, classes, max(2, classes))


def shape_of(head: HeadType, targets: Targets) -> tuple[int, ...]:
    """The output of a sample; as large as the target where that is an image."""
    _loss, units, _activation = wanted(head, targets)
    if head.labels == "image" or head.of_tokens:
        return tuple(targets.fitted["shape"])
    return (targets.rows.shape[1], units) if head.AXES == 2 else (units,)


def raw_outputs(head: HeadType, targets: Targets, count: int = COUNT) -> Any:
    """What a model might give, before any activation."""
    shape = (count, *shape_of(head, targets))
    return RANDOM.normal(size=shape).astype(np.float32)


def truth_of(head: HeadType, targets: Targets) -> Any:
    """What reports compare answers with: texts where texts are written."""
    if head.labels != "text":
        return targets.rows
    rows = targets.rows.tolist()
    texts = [" ".join(WORDS[e] for e in row if 0 < e < len(WORDS)) for row in rows]
    return np.array(texts, object)


def answers_of(head: HeadType, outputs: Any) -> Any:
    """What a model answers: the likeliest tokens where texts are written."""
    if head.labels != "text":
        return outputs
    tokens = np.asarray(outputs).argmax(axis=-1)
    written = np.cumprod((tokens > 0) & (tokens < TOKENS - 1), axis=1)
    return (tokens * written).astype(np.float32)


def activated(outputs: Any, activation: str) -> Any:
    """Outputs after an activation."""
    return np.asarray(getattr(keras.activations, activation)(outputs))


def check_wishes(head: HeadType, targets: Targets) -> None:
    """The units, activation, loss and shapes a head asks for fit each other."""
    for classes in (2, 3, 10):
        for loss in LOSSES:
            units, activation = head.head(loss, classes, classes)
            assert units in head.fitting_units(classes), loss
            if not head.has_classes:
                assert head.unfit_activation(activation) == ""
        best = head.best_loss(classes, units)
        assert best in LOSSES and head.label_form(best, units) is not None
    shape = shape_of(head, targets)
    head.check_output(shape, targets.fitted)
    for wrong in ((), (*shape, shape[-1]), shape[:-1], (9, 9, *shape[-2:])):
        with pytest.raises(UserError):
            head.check_output(wrong, targets.fitted)
    if head.fitting_units(classes_of(targets)) == frozenset(shape):
        with pytest.raises(UserError):
            head.check_output((shape[0] - 1,), targets.fitted)


def check_targets(head: HeadType, targets: Targets) -> None:
    """The loss takes the targets, and prefers right answers over wrong ones."""
    loss, units, activation = wanted(head, targets)
    rows = head.targets(loss, units, targets.fitted)(tf.constant(targets.rows))
    assert rows.shape[0] == COUNT
    function = getattr(keras.losses, short(loss.kind))(**head.trained_loss(loss).params)
    outputs = activated(raw_outputs(head, targets), activation)
    value = float(function(rows, outputs))
    assert np.isfinite(value)
    variable = tf.Variable(outputs)
    for _step in range(200):
        with tf.GradientTape() as tape:
            cost = function(rows, tf.convert_to_tensor(variable))
        step = tape.gradient(cost, variable)
        new = variable - 2 * step
        low, high = (1e-4, 1 - 1e-4) if head.has_classes else (-1e9, 1e9)
        variable.assign(tf.clip_by_value(new, low, high))
    assert float(cost) < value
    truth = truth_of(head, targets)
    after = answers_of(head, variable.numpy())
    report = head.evaluate(truth, after, IDS, targets.fitted)
    before = head.evaluate(truth, answers_of(head, outputs), IDS, targets.fitted)
    assert report.metrics != before.metrics
    compile(head.script_target(loss.kind, units, "rows"), "a script", "eval")
    written = head.script_results(ScriptOutput("given", "price", "NAMES", 3, units))
    for text in (*written.rows, *(each for _name, each in written.results)):
        compile(text, "a script", "exec")
    with pytest.raises(UserError):
        head.targets(Spec("keras.losses.CTC"), units, targets.fitted)


def check_answers(head: HeadType, targets: Targets) -> None:
    """Answers are strict JSON, and the same as in the graph."""
    outputs = answers_of(head, raw_outputs(head, targets))
    if head.labels == "next_token":
        outputs = outputs[:, -1]  # behind the last token
    for from_logits in (False, True):
        given = head.answers(outputs, targets.fitted, from_logits=from_logits)
        assert len(given) == COUNT
        assert json.loads(json.dumps(given, allow_nan=False)) == given
        tensors = head.tensors(tf.constant(outputs), targets.fitted, from_logits)
        if head.AXES == 2:  # an export has all scores, an answer those of its tags
            given = [{"scores": each} for each in head.scores(outputs, from_logits)]
        if head.labels == "text":
            texts = [each.decode() for each in tensors.pop("text").numpy()]
            assert texts == [each["text"] for each in given]
        assert all(each.dtype == tf.float32 for each in tensors.values())
        if head.labels == "next_token":  # an answer names only the likeliest tokens
            np.testing.assert_allclose(
                tensors.pop("value"),
                head.scores(outputs, from_logits),
                rtol=1e-5,
            )
        for name, tensor in tensors.items():
            answered = [each[name] for each in given]
            plain = [list(e.values()) if isinstance(e, dict) else e for e in answered]
            np.testing.assert_allclose(np.asarray(tensor), plain, rtol=1e-5, atol=2e-3)
        scores = head.scores(outputs, from_logits)
        assert scores.dtype == np.float32 and len(scores) == COUNT
        assert scores.ndim == outputs.ndim
        assert np.isfinite(scores).all()
    assert head.answers(outputs[:0], targets.fitted) == []
    assert len(head.scores(outputs[:0])) == 0


def check_comparison(head: HeadType, targets: Targets) -> None:
    """Equal answers agree, rounding is allowed, and anything else is found."""
    scores = head.scores(answers_of(head, raw_outputs(head, targets)), from_logits=True)
    same = head.compare(scores, scores, targets.fitted, 1e-4)
    assert same.same.all() and not same.far.any()
    near = head.compare(scores, scores + np.float32(1e-6), targets.fitted, 1e-4)
    assert near.same.all() and near.far.max() <= 1e-4
    spread = float(np.ravel(targets.fitted.get("deviation", 1.0))[0])
    for change in (0.6 * max(1.0, spread), np.nan, np.inf):
        other = scores.copy()
        other[7] += change
        found = head.compare(scores, other, targets.fitted, 1e-4)
        assert found.far[7] > 1e-4 and np.delete(found.far, 7).max() == 0
        assert not found.same[7] or np.isfinite(change)
    none = scores[:0]
    assert head.compare(none, none, targets.fitted, 1e-4).far.shape == (0,)


def check_report(head: HeadType, targets: Targets) -> None:
    """A report is strict JSON, reads back the same, and is the same again."""
    for count in (1, 2, COUNT):
        outputs = answers_of(head, raw_outputs(head, targets, count))
        given = truth_of(head, targets)[:count], outputs, IDS[:count], targets.fitted
        report = head.evaluate(*given, from_logits=True, worst=4)
        plain = report.to_json()
        assert json.loads(json.dumps(plain, allow_nan=False)) == plain
        assert HeadReport.from_json(plain) == report
        assert head.evaluate(*given, from_logits=True, worst=4) == report
        assert report.metrics and report.sections
        parts = report.sections
        named = (parts[each] for each in parts if each.startswith("worst"))
        worst = next(named, {}).get("rows")
        worst = parts["mistakes"] if worst is None else worst
        assert len(worst) <= 4
        names = {each.get("input", each.get("id")) for each in worst}
        assert names <= set(IDS[:count])


def check_metrics(head: HeadType, targets: Targets) -> None:
    """Every metric of a head counts its samples, and starts anew once it is reset."""
    loss, units, activation = wanted(head, targets)
    outputs = activated(raw_outputs(head, targets), activation)
    rows = tf.constant(targets.rows)
    assert head.metrics
    for kind in head.metrics:
        described = CATALOG[kind]
        assert described.family == "plain_metrics"
        assert described.extra["direction"] in ("up", "down")
        bound = head.metric(Spec(kind), loss, units, targets.fitted, CATALOG)
        metric = bound.metric

        def value(count: int, bound: Any = bound, metric: Any = metric) -> float:
            metric.update_state(bound.targets(rows[:count]), outputs[:count])
            return float(metric.result())

        whole = value(COUNT)
        assert np.isfinite(whole), kind
        metric.reset_state()
        assert all(not np.asarray(each).any() for each in metric.variables), kind
        few = value(7)
        metric.reset_state()
        assert value(7) == few and np.isfinite(few), kind
        metric.reset_state()
        assert value(COUNT) == whole, kind
    other = next(
        each.kind
        for each in CATALOG.family("plain_metrics")
        if each.kind not in head.metrics
    )
    with pytest.raises(UserError):
        head.metric(Spec(other), loss, units, targets.fitted, CATALOG)


CHECKS = (
    check_wishes,
    check_targets,
    check_answers,
    check_comparison,
    check_report,
    check_metrics,
)


def head_of(described: Description) -> HeadType:
    """The head of a description."""
    return find_head_type(described.kind, CATALOG)
