"""Verdicts on real tiny trainings whose outcome is known in advance."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from verdict_world import (
    CATALOG,
    dense,
    in_turn,
    project_of,
    report_of,
    samples_of,
    stripes,
    tagging,
    train,
)

from dlstudio.document.edits.base import CompositeEdit
from dlstudio.document.history import History as Steps
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.document.verdict import Suggestion, Verdict
from dlstudio.document.verdict_text import paragraph
from dlstudio.engine.evaluation.verdict.judge import unevaluated, verdict_of
from dlstudio.engine.evaluation.verdict.suggestions import situation_of, suggestions
from dlstudio.engine.runs.store import Run


def judged(run: Run, samples: Any, split: str = "") -> Verdict:
    report = report_of(run, samples, split)
    report = json.loads(json.dumps(report, allow_nan=False))
    found = verdict_of(run, report, CATALOG)
    assert found is not None and paragraph(found)
    return found


def codes(verdict: Verdict) -> list[str]:
    return [each.code for each in verdict.causes]


def proposed(verdict: Verdict, run: Run, project: Project) -> tuple[Suggestion, ...]:
    return suggestions(verdict, situation_of(run, project, CATALOG))


def done_and_undone(project: Project, made: Suggestion) -> Project:
    """Apply a suggestion; undoing it restores the project."""
    steps = Steps(project).do(CompositeEdit(made.edits), made.label)
    assert steps.project != project
    assert steps.undo().project == project
    return steps.project


def test_separable_classes_are_learned(tmp_path: Path) -> None:
    labels = in_turn(120)
    samples = samples_of(stripes(labels), labels, train=60, validation=30, test=30)
    run = train(project_of(epochs=20), samples, tmp_path)
    found = judged(run, samples)
    assert found.outcome == "learned"
    assert found.comparison is not None
    assert found.comparison.split == "test" and found.comparison.samples == 30
    assert found.comparison.baseline == pytest.approx(1 / 3)
    assert found.comparison.low > found.comparison.baseline
    assert "overfit" not in codes(found) and "underfit" not in codes(found)
    assert "33.3 %" in paragraph(found) and "“a”" in paragraph(found)


def test_random_labels_are_only_memorized(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    images = random.integers(0, 255, (120, 6, 6, 1)).astype(np.uint8)
    samples = samples_of(images, random.integers(0, 3, 120), train=60, test=60)
    run = train(project_of(dense(64), epochs=60), samples, tmp_path)
    found = judged(run, samples)
    assert found.outcome in ("nothing", "unclear")
    assert "overfit" in codes(found) and "little_data" in codes(found)
    made = proposed(found, run, run.project())
    assert [each.kind for each in made].count("edit") >= 1
    assert any(each.kind == "open_data" for each in made)
    augmented = next(each for each in made if each.label.startswith("Add rotation"))
    after = done_and_undone(run.project(), augmented)
    assert {"rotation", "translation"} <= set(after.model.nodes)
    retrained = train(after, samples, tmp_path)
    assert retrained.record.outcome == "succeeded"
    again = proposed(found, run, after)
    assert augmented.label not in [each.label for each in again], "it has it by now"


def test_few_samples_are_overfitted(tmp_path: Path) -> None:
    labels = in_turn(90)
    images = stripes(labels, noise=200, stripe=20)
    samples = samples_of(images, labels, train=24, validation=6, test=60)
    run = train(project_of(dense(64), epochs=60), samples, tmp_path)
    found = judged(run, samples)
    assert codes(found)[0] == "overfit"
    assert "overfit" in codes(found) and "little_data" in codes(found)


def test_a_class_that_is_never_predicted_is_named(tmp_path: Path) -> None:
    labels = np.array([*([0, 1] * 30), *([2] * 4), *([0, 1, 2] * 8)])
    images = stripes(np.where(labels == 2, 1, labels))  # c looks like b
    samples = samples_of(images, labels, train=64, test=24)
    run = train(project_of(epochs=20), samples, tmp_path)
    found = judged(run, samples)
    assert found.outcome == "learned"
    assert {"never_predicted", "imbalanced"} <= set(codes(found))
    assert "“c”" in paragraph(found)
    made = proposed(found, run, run.project())
    balance = next(each for each in made if each.kind == "edit")
    after = done_and_undone(run.project(), balance)
    assert after.plan.class_weights == "balanced"
    assert any(each.kind == "open_data" and each.name == "c" for each in made)


@pytest.mark.parametrize("several", [False, True])
def test_too_high_a_learning_rate_is_reported(tmp_path: Path, several: bool) -> None:
    labels = in_turn(90)
    table = np.eye(3, dtype=np.int32)[labels] if several else labels
    samples = samples_of(stripes(labels), table, train=60, test=30)
    project = project_of(dense(), dense_2(), rate=2.0, epochs=8)
    project = tagging(project) if several else project
    run = train(project, samples, tmp_path)
    assert run.record.outcome == "succeeded"
    found = judged(run, samples)
    assert found.outcome in ("nothing", "unclear")
    assert "rate_too_high" in codes(found)
    assert "rate of 2 " in paragraph(found)
    lower = proposed(found, run, project)[0]
    assert lower.kind == "edit"
    after = done_and_undone(project, lower)
    assert after.plan.optimizer.params["learning_rate"] == 0.001


def dense_2() -> Any:
    return replace(dense(8), id="dense_2")


def test_a_loss_that_becomes_nan(tmp_path: Path) -> None:
    samples = samples_of(stripes(in_turn(60)), in_turn(60), train=45, test=15)
    project = project_of(dense())
    wild = Spec("keras.optimizers.SGD", FrozenMap({"learning_rate": 1e30}))
    project = replace(project, plan=replace(project.plan, optimizer=wild))
    run = train(project, samples, tmp_path)
    assert run.record.reason == "diverged"
    found = verdict_of(run, None, CATALOG)
    assert found is not None and found.outcome == "failed"
    assert codes(found) == ["diverged"] and "NaN" in paragraph(found)
    (lower,) = proposed(found, run, project)
    after = done_and_undone(project, lower)
    assert after.plan.optimizer.params["learning_rate"] == 0.01


def test_too_few_epochs_suggest_resuming(tmp_path: Path) -> None:
    labels = in_turn(90)
    samples = samples_of(stripes(labels), labels, train=60, validation=15, test=15)
    run = train(project_of(rate=0.0005, epochs=2), samples, tmp_path)
    found = judged(run, samples)
    assert "too_few_epochs" in codes(found)
    longer = next(e for e in proposed(found, run, run.project()) if e.run)
    assert (longer.kind, longer.run, longer.more) == ("train_longer", run.id, 10)
    assert not longer.edits


def test_a_head_of_logits(tmp_path: Path) -> None:
    labels = in_turn(120)
    samples = samples_of(stripes(labels), labels, train=60, test=60)
    project = project_of(epochs=20)
    head = project.model.nodes["head"]
    plain = replace(head, params=head.params.without(["activation"]))
    loss = Spec(
        "keras.losses.SparseCategoricalCrossentropy", FrozenMap({"from_logits": True})
    )
    project = project.with_graph("model", project.model.with_nodes([plain]))
    project = replace(project, plan=replace(project.plan, loss=loss))
    run = train(project, samples, tmp_path)
    assert judged(run, samples).outcome == "learned"


def test_several_labels_against_the_commonest_ones(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    table = (random.random((160, 3)) < (0.7, 0.5, 0.3)).astype(np.int32)
    samples = samples_of(stripes(table), table, train=100, test=60)
    run = train(tagging(project_of(epochs=40)), samples, tmp_path)
    found = judged(run, samples)
    assert found.outcome == "learned"
    assert found.comparison is not None
    assert found.comparison.metric == "micro_f1"
    assert set(found.comparison.answer) <= {"a", "b", "c"}
    assert found.comparison.value >= found.comparison.low > found.comparison.baseline
    wrong = samples_of(stripes(table), random.permutation(table), train=100, test=60)
    run = train(tagging(project_of(epochs=10)), wrong, tmp_path / "wrong")
    assert judged(run, wrong).outcome in ("nothing", "unclear")


def test_without_validation_the_test_split_decides(tmp_path: Path) -> None:
    labels = in_turn(90)
    samples = samples_of(stripes(labels), labels, train=60, test=30)
    run = train(project_of(epochs=20), samples, tmp_path)
    assert judged(run, samples).outcome == "learned"
    only = samples_of(stripes(labels), labels, train=60, validation=30)
    run = train(project_of(epochs=20), only, tmp_path / "only")
    found = judged(run, only)
    assert found.comparison is not None
    assert (found.outcome, found.comparison.split) == ("learned", "validation")


def test_without_anything_held_out_nothing_is_claimed(tmp_path: Path) -> None:
    labels = in_turn(30)
    samples = samples_of(stripes(labels), labels, train=30)
    project = project_of(epochs=2)
    run = train(project, samples, tmp_path)
    found = unevaluated(run, CATALOG)
    assert found is not None and found.outcome == "untested"
    share = replace(project.data.split, validation=0.0, test=0.0)
    bare = replace(project, data=replace(project.data, split=share))
    (hold,) = proposed(found, run, bare)
    assert done_and_undone(bare, hold).data.split.test == 0.15
    seen = judged(run, samples, "train")
    assert seen.outcome == "seen" and not seen.causes


def test_rare_classes_that_are_separable_but_never_predicted(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    labels = (random.random(300) < 0.1).astype(np.int32)
    images = stripes(labels, noise=150, stripe=100)
    samples = samples_of(images, labels, train=150, test=150)
    samples.classes = ("common", "rare")
    project = project_of(rate=0.003, epochs=5)
    head = project.model.nodes["head"]
    two = replace(head, params=head.params.set("units", 2))
    project = project.with_graph("model", project.model.with_nodes([two]))
    run = train(project, samples, tmp_path)
    found = judged(run, samples)
    assert found.comparison is not None
    assert found.comparison.p_value > 0.05
    assert found.outcome == "partly"
    assert "imbalanced" in codes(found)
    assert "ROC" in paragraph(found)


def test_a_report_of_before_is_judged_too(tmp_path: Path) -> None:
    labels = in_turn(120)
    samples = samples_of(stripes(labels), labels, train=60, test=60)
    run = train(project_of(epochs=20), samples, tmp_path)
    report = report_of(run, samples)
    for name in ("comparison", "training", "verdict"):
        del report[name]
    found = verdict_of(run, report, CATALOG)
    assert found is not None and found.outcome == "learned"
    assert verdict_of(run, None, CATALOG) is None, "it must be evaluated first"
    several = {**report, "multi_label": True}
    assert verdict_of(run, several, CATALOG) is None, "nothing is claimed of it"


def test_a_report_of_other_weights_does_not_stay(tmp_path: Path) -> None:
    from dlstudio.engine.evaluation.evaluate_image_classes import evaluate
    from dlstudio.engine.prediction.image_classifier import load_trained
    from dlstudio.engine.runs.evaluation_report import read_report, save_report
    from dlstudio.engine.runtime.stop_token import StopSource
    from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

    labels = in_turn(60)
    samples = samples_of(stripes(labels), labels, train=45, test=15)
    project = project_of(epochs=2)
    run = train(project, samples, tmp_path)
    save_report(evaluate(load_trained(run, CATALOG), samples), run.folder)
    assert read_report(run.folder) is not None
    trainer = Trainer(
        project,
        tmp_path,
        CATALOG,
        lambda _event: None,
        StopSource().token,
        TrainerDependencies(lambda _project: samples),
    )
    trainer.train(run.id, epochs=3)
    assert read_report(run.folder) is None
