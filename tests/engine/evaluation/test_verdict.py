"""Baselines, curves, suggestions and messages, each on its own."""

from __future__ import annotations

import json
import math
import tracemalloc
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from tiny import layer, tiny_graph, tiny_project

from dlstudio.catalog.builtin import BUILTIN
from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.base import CompositeEdit
from dlstudio.document.events import EpochEnded, StepsDone, event_to_json
from dlstudio.document.graph import Edge, Graph, node
from dlstudio.document.values import FrozenMap
from dlstudio.document.verdict import (
    LESS_IS_BETTER,
    OUTCOMES,
    BaselineComparison,
    Cause,
    Verdict,
)
from dlstudio.document.verdict_causes import cause_text, listed
from dlstudio.document.verdict_text import (
    SHORT,
    TITLES,
    finding,
    paragraph,
    summary,
)
from dlstudio.engine.evaluation.verdict.augmentation import augmentation
from dlstudio.engine.evaluation.verdict.causes import find_causes, still_falling
from dlstudio.engine.evaluation.verdict.evidence import Evidence
from dlstudio.engine.evaluation.verdict.history import TrainingHistory, read_epochs
from dlstudio.engine.evaluation.verdict.judge import comparison_of, outcome_of
from dlstudio.engine.evaluation.verdict.pretrained import TrainedOn
from dlstudio.engine.evaluation.verdict.suggestions import Situation, suggestions
from dlstudio.engine.heads.class_baselines import (
    association,
    compare_classes,
    compare_labels,
)
from dlstudio.engine.heads.class_comparison import compare
from dlstudio.engine.templates import make_project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.i18n import translator

CATALOG = Catalog(BUILTIN)
ABC = ("a", "b", "c")
NOUNS, METRICS = ("images", "rows"), ("accuracy", "micro_f1", "mae")
OF_TEXTS = ("entity_f1", "bits_per_character", "chrf")


def test_accuracy_against_the_commonest_class() -> None:
    found = compare_classes([[8, 2, 0], [3, 1, 1], [2, 2, 1]], ABC, "test")
    assert found is not None
    assert (found.value, found.baseline) == (pytest.approx(0.5), pytest.approx(0.5))
    assert found.answer == ("a",) and found.samples == 20
    # R: binom.test(10, 20, 0.5, "greater") and Wilson's interval of 10 in 20.
    assert found.p_value == pytest.approx(0.5880985, abs=1e-6)
    assert (found.low, found.high) == pytest.approx((0.299298, 0.700702), abs=1e-5)
    assert outcome_of(found) == "nothing"


def test_one_class_allows_no_comparison() -> None:
    assert compare_classes([[5, 0], [0, 0]], ("a", "b"), "test") is None
    same = np.tile([1, 0], (12, 1))
    assert compare_labels(same, same, ("a", "b"), "test") is None


def test_guessing_is_rarely_mistaken_for_learning() -> None:
    random = np.random.default_rng(0)
    learned = 0
    for _each in range(400):
        truth, guess = random.integers(0, 3, (2, 30))
        matrix = np.zeros((3, 3), int)
        np.add.at(matrix, (truth, guess), 1)
        found = compare_classes(matrix, ABC, "test")
        assert found is not None
        learned += outcome_of(found) == "learned"
    assert learned <= 400 * 0.05


def test_f1_against_naming_the_commonest_labels() -> None:
    random = np.random.default_rng(0)
    truth = (random.random((80, 3)) < (0.8, 0.5, 0.1)).astype(int)
    found = compare_labels(truth, np.tile([1, 1, 0], (80, 1)), ABC, "test")
    assert found is not None
    assert found.answer == ("a", "b")
    assert found.value == found.baseline and found.p_value > 0.5
    right = compare_labels(truth, truth, ABC, "test")
    assert right is not None and right.value == 1 and right.p_value < 0.01
    assert right.low < 1, "a few samples never prove perfection"
    few = compare_labels(truth[:6], truth[:6], ABC, "test")
    assert few is not None and few.p_value == 1
    assert compare_labels(truth, truth, ABC, "test") == right, "the same every time"


def test_scores_that_follow_the_labels() -> None:
    random = np.random.default_rng(0)
    truth = np.eye(2)[random.integers(0, 2, 60)]
    assert association(truth, truth * 0.1 + random.random((60, 2)) * 0.2) < 0.01
    assert association(truth, random.random((60, 2))) > 0.05
    assert association(truth, np.full((60, 2), 0.5)) > 0.05, "all the same"


def test_rounding_does_not_move_the_association() -> None:
    random = np.random.default_rng(1)
    labels = np.eye(3)[[0, 0, 1, 1, 2, 2]]
    scores = random.random((6, 3)).astype(np.float32)
    found = association(labels, scores)
    for _again in range(20):
        noise = random.normal(0, 1e-12, scores.shape)
        assert association(labels, scores.astype(np.float64) + noise) == found


def comparison(value: float, **more: object) -> BaselineComparison:
    known = BaselineComparison(
        "accuracy", value, 0.4, ("a",), 0.3, 0.6, 0.5, 40, "test"
    )
    return replace(known, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "outcome"),
    [
        (comparison(0.6, p_value=0.001), "learned"),
        (comparison(0.5), "unclear"),
        (comparison(0.5, association=0.002), "partly"),
        (comparison(0.4, association=0.002), "partly"),
        (comparison(0.4, association=0.5), "nothing"),
        (comparison(1.0, p_value=0.0, split="train"), "seen"),
    ],
)
def test_outcomes(made: BaselineComparison, outcome: str) -> None:
    assert outcome_of(made) == outcome


def history(
    epochs: int = 8, reason: str = "epochs", **curves: list[float]
) -> TrainingHistory:
    rows = tuple(
        {name: values[epoch] for name, values in curves.items()}
        for epoch in range(epochs)
    )
    return TrainingHistory(tiny_project(), reason, rows, splits={"train": 60})


def test_curves() -> None:
    down = [2.0 / (epoch + 1) for epoch in range(8)]
    assert still_falling(history(loss=down))
    assert not still_falling(history(loss=[1.0] * 8))
    up = [1.0, 0.8, 0.9, 1.0, 1.2, 1.3, 1.4, 1.5]
    assert not still_falling(history(loss=down, val_loss=up))
    assert not still_falling(history(epochs=0))
    assert history(epochs=3, loss=[1.0] * 3).steps == 3 * 8


def test_journals_are_read_for_their_epochs_alone(tmp_path: Path) -> None:
    def ended(epoch: int, loss: float) -> EpochEnded:
        return EpochEnded(float(epoch), epoch, FrozenMap({"loss": loss}), 0.1, 1.0)

    steps = StepsDone(1.5, 2, 4, FrozenMap({"loss": 9.0}), (), 0.1, 10.0)
    events = (ended(1, 3.0), steps, ended(1, 2.0), ended(2, math.nan))
    lines = [json.dumps(event_to_json(each)) for each in events]
    lines += ['{"event": "EpochEnded", "epoch": "x"}', '{"event": "EpochEnded", "e']
    path = tmp_path / "events.jsonl"
    path.write_text("\n".join(lines))
    first, second = read_epochs(path)
    assert first["loss"] == 2.0 and math.isnan(second["loss"])
    assert not read_epochs(tmp_path / "gone")


def test_verdicts_as_json_and_back() -> None:
    cause = Cause("never_predicted", FrozenMap({"names": ("a", "b")}))
    made = Verdict("learned", comparison(0.5, association=0.1), (cause,))
    assert Verdict.from_json(json.loads(json.dumps(made.to_json()))) == made
    assert Verdict.from_json(Verdict("untested").to_json()) == Verdict("untested")


@pytest.mark.parametrize(
    "item",
    [
        None, 3, [], {}, {"outcome": "great"}, {"outcome": "learned"},
        {"outcome": "learned", "causes": [3]},
        {"outcome": "learned", "causes": [{"code": 1, "facts": 2}]},
    ],
)  # fmt: skip
def test_damaged_verdicts_count_as_none(item: object) -> None:
    assert Verdict.from_json(item) is None


def test_damaged_comparisons_count_as_none() -> None:
    assert comparison_of({"comparison": None}) is None
    broken = {**comparison(0.5).to_json(), "value": float("nan")}
    for report in (
        {"comparison": {"value": 1}},
        {"comparison": broken},
        {"confusion_matrix": 3, "classes": 4},
        {"multi_label": True, "classes": ["a"], "confusion_matrix": []},
    ):
        with pytest.raises(ValueError, match=r"damaged|no comparison"):
            comparison_of(report)


def test_many_samples_and_classes_take_no_time_and_little_memory() -> None:
    random = np.random.default_rng(0)
    truth = random.integers(0, 500, 20_000)
    scores = random.random((20_000, 500), np.float32)
    counted = {
        "metrics": {"roc_auc": 0.5},
        "confusion_matrix": np.eye(500, dtype=int) * 40,
    }
    tracemalloc.start()
    found = compare(truth, scores, [str(n) for n in range(500)], "test", counted)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found is not None and found.association is not None
    assert peak < scores.nbytes


def test_every_outcome_and_cause_has_words_in_both_languages() -> None:
    from dlstudio.engine.evaluation.verdict.suggestions import _OF

    facts = FrozenMap(
        {
            "epoch": 3, "rate": 0.1, "trained": 0.5, "value": 0.4, "names": ("x", "y"),
            "name": "x", "most": 9, "least": 1, "largest": "x", "smallest": "y",
            "count": 3, "epochs": 3, "number": 4.5, "share": 0.6,
        }
    )  # fmt: skip
    for language in ("en", "zh_CN"):
        translator.use(language)
        without = ("failed", "untested")
        try:
            for outcome, noun, metric in product(OUTCOMES, NOUNS, METRICS):
                made = Verdict(outcome, comparison(0.5, metric=metric), (), noun)
                for code in (*_OF, "one_answer"):
                    text = cause_text(Cause(code, facts), made)
                    assert text and "{" not in text, code
                assert TITLES[outcome] and SHORT[outcome] and paragraph(made)
                assert "{" not in paragraph(made)
                assert bool(finding(made)) == (outcome not in without)
            for outcome, metric in product(OUTCOMES, OF_TEXTS):
                made = Verdict(outcome, comparison(0.5, metric=metric), (), "rows")
                assert "{" not in paragraph(made) + summary(made)
                assert bool(finding(made)) == (outcome not in without)
                for code in _OF:
                    text = cause_text(Cause(code, facts), made)
                    assert text and "{" not in text, code
        finally:
            translator.use("en")


def test_unknown_causes_are_passed_over() -> None:
    assert cause_text(Cause("of a later version"), Verdict("nothing")) == ""
    assert cause_text(Cause("imbalanced"), Verdict("nothing")) == "", (
        "its numbers are missing"
    )
    assert listed(["a", "b", "c", "d", "e"]) == "“a”, “b”, “c” and 2 more"


def test_augmentation_stands_behind_the_scaling() -> None:
    project = tiny_project()
    after = CompositeEdit(augmentation(project.model)).apply(project).model
    order = [edge.target for edge in after.edges]
    assert Edge("scale", "rotation") in after.edges and "translation" in order
    assert Edge("translation", "flatten") in after.edges
    places = [node.position[1] for node in after.nodes.values()]
    assert len(places) == len(after.nodes)
    assert augmentation(after) == ()
    one = tiny_graph(layer("turn", "RandomRotation", factor=0.1))
    (insert,) = [e for e in augmentation(one) if type(e).__name__ == "InsertOnEdge"]
    assert insert.node.id == "translation"  # type: ignore[attr-defined]


def test_augmentation_needs_one_way_from_one_input() -> None:
    assert augmentation(Graph()) == ()
    two = Graph.chain([node("a", "keras.layers.InputLayer", shape=(4, 4, 1))])
    assert augmentation(two) == ()


def test_a_pretrained_network_is_proposed_for_few_images() -> None:
    catalog = Catalog.load()
    context = TemplateContext("p", classes=3, samples=200, height=64, width=80)
    project = make_project(catalog.find("templates", "image-cnn"), context)
    now = Situation(project, catalog, trained_on=TrainedOn(200, ABC))
    poor = compare_classes([[8, 2, 0], [3, 5, 1], [2, 2, 9]], ABC, "test")
    cause = Cause("little_data", FrozenMap({"count": 9}))
    first, second, *_ = suggestions(Verdict("learned", poor, (cause,)), now)
    assert first.label == "Use a pretrained network" and first.to_json()["edits"]
    assert second.kind == "edit"
    after = CompositeEdit(first.edits).apply(project)
    assert after.model.nodes["backbone"].frozen and after.data == project.data
    assert after.model.nodes["head"].params["units"] == 3

    # What is wrong comes first; who has one, or needs none, is not bothered.
    fast = Verdict("nothing", poor, (Cause("rate_too_high", FrozenMap({"rate": 1.0})),))
    assert suggestions(fast, now)[1].label == first.label
    right = compare_classes([[9, 0, 0], [0, 9, 0], [0, 0, 9]], ABC, "test")
    for verdict, others in (
        (Verdict("learned", right), now),
        (Verdict("learned", poor), replace(now, project=after)),
        (Verdict("learned", poor), replace(now, trained_on=TrainedOn(9000, ABC))),
        (Verdict("learned", poor), replace(now, project=tiny_project())),
    ):
        labels = [each.label for each in suggestions(verdict, others)]
        assert first.label not in labels


def test_edits_that_do_not_fit_are_not_proposed() -> None:
    verdict = Verdict("nothing", None, (Cause("never_predicted"),))
    found = suggestions(verdict, Situation(tiny_project(), CATALOG))
    assert found == (), "nobody knows which class"


def report_with(**values: object) -> dict[str, object]:
    return {
        "classes": ["a", "b"],
        "multi_label": False,
        "confusion_matrix": [[4, 16], [4, 16]],
        "per_class": {},
        "training": {"classes": {"a": 40, "b": 40}, "samples": 80, "value": 0.5},
        **values,
    }


def test_an_early_epoch_that_was_kept_is_no_underfitting() -> None:
    falling = [0.7, 0.6, 0.5, 0.4, 0.3, 0.2]
    better = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95]
    course = replace(
        history(6, "early_stopping", loss=falling, accuracy=better, val_loss=[0.7] * 6),
        best=1,
    )
    made = Evidence(report_with(), comparison(0.5), course, CATALOG)
    codes = [each.code for each in find_causes(made, "nothing")]
    assert codes == ["overfit_later", "little_data"]
    flat = replace(made, history=history(6, loss=[0.7] * 6, accuracy=[0.5] * 6))
    assert next(each.code for each in find_causes(flat, "nothing")) == "too_few_epochs"
    long = replace(flat, history=replace(flat.history, splits={"train": 8000}))
    assert next(each.code for each in find_causes(long, "nothing")) == "underfit"


def test_too_few_held_out_samples_are_always_named_where_they_decide() -> None:
    made = Evidence(report_with(), comparison(0.5), history(), CATALOG)
    found = find_causes(made, "unclear")
    assert found[-1].code == "few_held_out" and len(found) <= 3


@pytest.mark.parametrize("metric", [*METRICS, *OF_TEXTS])
@pytest.mark.parametrize("trivial", [0.4, 1.0])
def test_a_perfect_model_is_never_called_underfit(metric: str, trivial: float) -> None:
    scale = 100 if metric == "chrf" else 1
    best, poor = float(scale), 0.0
    if metric in LESS_IS_BETTER:
        best, poor, trivial = 0.0, 1.0, 1 - trivial
    perfect = comparison(best, metric=metric, baseline=trivial * scale)
    for trained in (best, poor):
        training = {"samples": 40, "value": trained}
        report = {"classes": [], "training": training}
        made = Evidence(report, perfect, history(loss=[0.7] * 8), CATALOG)
        assert not find_causes(made, "learned")
    training = {"samples": 40, "value": poor}
    made = replace(
        made,
        report={"classes": [], "training": training},
        comparison=replace(perfect, value=poor),
        history=replace(made.history, splits={"train": 8000}),
    )
    assert find_causes(made, "nothing")[0].code == "underfit"
