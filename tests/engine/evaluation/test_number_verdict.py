"""Verdicts on predicted numbers: outcomes, causes and suggestions."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import layer, tiny_project

from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.base import CompositeEdit
from dlstudio.document.evaluation import EvaluationReport
from dlstudio.document.graph import Graph, node
from dlstudio.document.sample_nouns import IMAGES, ROWS, sample_noun
from dlstudio.document.values import FrozenMap
from dlstudio.document.verdict import BaselineComparison, Cause, Verdict
from dlstudio.document.verdict_text import details, paragraph
from dlstudio.engine.evaluation.verdict.history import TrainingHistory
from dlstudio.engine.evaluation.verdict.judge import judge
from dlstudio.engine.evaluation.verdict.regularization import dropout, more_units
from dlstudio.engine.evaluation.verdict.suggestions import Situation, suggestions
from dlstudio.engine.heads.regression import REGRESSION
from tests.support.feature_world import flat_project

CATALOG = Catalog.load()
RANDOM = np.random.default_rng(0)
ACTUAL = RANDOM.normal(100, 20, 80)


def report_of(
    guess: np.ndarray, actual: np.ndarray = ACTUAL, trained: float | None = None
) -> dict[str, Any]:
    ids = [str(number) for number in range(len(actual))]
    found = REGRESSION.evaluate(
        actual, guess[:, None], ids, {}, target="y", split="test"
    )
    report = EvaluationReport.of(
        {"y": found},
        run="r",
        split="test",
        samples=len(actual),
        fingerprint="f",
        training={} if trained is None else {"samples": 80, "value": trained},
    )
    return json.loads(json.dumps(report.to_json()))


def judged(guess: np.ndarray, trained: float | None = None, **more: Any) -> Verdict:
    rows = tuple({"loss": 1.0, "val_loss": 1.0} for _each in range(8))
    known = {"epochs": rows, "reason": "epochs", "splits": {"train": 4000}, **more}
    history = TrainingHistory(tiny_project(), **known)
    return judge(report_of(guess, trained=trained), history, CATALOG, ROWS)


def codes(verdict: Verdict) -> list[str]:
    return [each.code for each in verdict.causes]


def test_what_is_learned_from_and_what_is_not() -> None:
    good = judged(ACTUAL + RANDOM.normal(0, 3, 80))
    assert (good.outcome, codes(good)) == ("learned", [])
    assert "off on average" in paragraph(good) and "held-out rows" in paragraph(good)
    noise = judged(RANDOM.normal(100, 20, 80), 25.0)
    assert noise.outcome == "nothing" and "underfit" in codes(noise)
    assert "no less than the" in paragraph(noise)
    biased = judged(ACTUAL + 60)
    assert biased.outcome == "partly", "it follows the numbers, but far off"
    assert "rise with the actual numbers" in paragraph(biased)


def test_guessing_is_rarely_mistaken_for_learning() -> None:
    learned = 0
    for seed in range(100):
        random = np.random.default_rng(seed)
        actual, guess = random.normal(size=(2, 30))
        found = judge(report_of(0.2 * guess, actual), None, CATALOG, ROWS)
        learned += found.outcome == "learned"
    assert learned <= 5


def test_causes_are_found() -> None:
    near = ACTUAL + RANDOM.normal(0, 14, 80)
    assert codes(judged(near, 1.0)) == ["overfit"]
    constant = judged(np.full(80, 100.0), 16.0)
    assert "one_number" in codes(constant) and constant.outcome == "nothing"
    assert "always predicts about 100" in details(constant)
    few = judged(near, 10.0, splits={"train": 40})
    assert "few_rows" in codes(few) and "only 40 training rows" in details(few)
    falling = tuple({"loss": 1 / (n + 1), "val_loss": 1.0} for n in range(8))
    assert "too_few_epochs" in codes(judged(near, 12.0, epochs=falling))


def test_equal_numbers_and_few_rows_prove_nothing() -> None:
    same = judge(report_of(RANDOM.normal(size=9), np.ones(9)), None, CATALOG, ROWS)
    assert (same.outcome, codes(same)) == ("untested", ["one_number_held_out"])
    assert "the same number" in paragraph(same)
    few = np.arange(6.0)
    assert judge(report_of(few, few), None, CATALOG, ROWS).outcome == "unclear"


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 99), st.floats(0.01, 1e6), st.floats(-1e6, 1e6))
def test_the_unit_of_the_numbers_does_not_matter(
    seed: int, scale: float, offset: float
) -> None:
    random = np.random.default_rng(seed)
    actual = random.normal(size=40)
    guess = actual + random.normal(size=40)
    before = judge(report_of(guess, actual), None, CATALOG, ROWS)
    other = report_of(guess * scale + offset, actual * scale + offset)
    after = judge(other, None, CATALOG, ROWS)
    assert before.outcome == after.outcome
    assert isinstance(before.comparison, BaselineComparison)
    assert isinstance(after.comparison, BaselineComparison)
    assert after.comparison.value == pytest.approx(
        before.comparison.value * scale, rel=1e-2
    )


def test_the_noun_is_kept_only_where_it_is_no_image() -> None:
    rows = Verdict("learned", None, (), ROWS)
    assert Verdict.from_json(rows.to_json()) == rows
    assert "samples" not in Verdict("learned").to_json()
    assert sample_noun(tiny_project(), CATALOG) == IMAGES
    assert sample_noun(flat_project(), CATALOG) == ROWS


def dense_graph() -> Graph:
    """Two numbers, a hidden layer, a number in its own unit."""
    return Graph.chain(
        [
            node("numbers", "keras.layers.InputLayer", shape=(2,)),
            layer("hidden", "Dense", units=16, activation="relu"),
            layer("standardized", "Dense", units=1),
            layer("price", "Rescaling", scale=3.0),
        ]
    )


def test_suggestions_fit_rows() -> None:
    project = tiny_project(dense_graph())
    now = Situation(project, CATALOG, samples=ROWS)
    facts = FrozenMap({"trained": 1.0, "value": 9.0})
    over = suggestions(Verdict("learned", None, (Cause("overfit", facts),)), now)
    assert [each.label for each in over] == [
        "Add Dropout before the output",
        "Stop when validation no longer improves",
        "Add more rows",
    ]
    after = CompositeEdit(over[0].edits).apply(project).model
    assert [edge.target for edge in after.into("standardized")] == ["standardized"]
    assert after.into("standardized")[0].source == "dropout"
    assert dropout(after) == (), "one is enough"
    under = suggestions(Verdict("nothing", None, (Cause("underfit"),)), now)
    wider = CompositeEdit(under[0].edits).apply(project).model
    assert wider.nodes["hidden"].params["units"] == 32
    assert wider.nodes["standardized"].params["units"] == 1
    wide = replace(wider.nodes["hidden"], params=FrozenMap({"units": 512}))
    assert more_units(wider.with_nodes([wide])) == ()
