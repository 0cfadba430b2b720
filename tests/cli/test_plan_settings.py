"""`--set`: every kind of value, and invalid ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.catalog.store import Catalog
from dlstudio.cli.settings import with_settings
from dlstudio.document.project import Project
from dlstudio.errors import UserError

CATALOG = Catalog.load()


def test_settings_are_typed_by_the_plan() -> None:
    project = with_settings(
        Project(),
        [
            "plan.batch_size=64",
            "plan.optimizer=sgd",
            "plan.optimizer.learning_rate=0.05",
            "plan.schedule=Cosine",
            "plan.schedule.warmup_epochs=2",
            "plan.metrics=accuracy, top_k",
            "plan.early_stopping.patience=3",
            "plan.deterministic=true",
            "plan.device=cpu",
            "data.split.seed=7",
        ],
        CATALOG,
        Path(),
    )
    made = project.plan
    assert made.batch_size == 64 and made.device == "cpu" and made.deterministic
    assert made.optimizer.kind == "keras.optimizers.SGD"
    assert made.optimizer.params["learning_rate"] == 0.05
    assert made.schedule.kind == "dlstudio.schedules.Cosine"
    assert made.schedule.params["warmup_epochs"] == 2
    assert [each.kind.rpartition(".")[2] for each in made.metrics] == [
        "accuracy",
        "top_k",
    ]
    assert made.early_stopping is not None and made.early_stopping.patience == 3
    assert project.data.split.seed == 7


def test_null_takes_early_stopping_away() -> None:
    project = with_settings(
        Project(),
        ["plan.early_stopping.patience=3", "plan.early_stopping=null"],
        CATALOG,
        Path(),
    )
    assert project.plan.early_stopping is None


@pytest.mark.parametrize(
    ("setting", "word"),
    [
        ("plan.batch_size", "not a valid setting"),
        ("batch_size=3", "no setting called"),
        ("plan.=3", "no setting called"),
        ("plan.batchsize=3", "batchsize"),
        ("plan.batch_size=many", "batch_size"),
        ("plan.optimizer=Adamm", "Adamm"),
        ("plan.optimizer.rate=0.1", "rate"),
        ("plan.epochs.more=1", "epochs"),
        ("plan.optimizer=[1]", "optimizer"),
    ],
)
def test_what_does_not_fit_is_a_user_error(setting: str, word: str) -> None:
    with pytest.raises(UserError, match=word):
        with_settings(Project(), [setting], CATALOG, Path())


@pytest.mark.parametrize(
    ("setting", "near"),
    [
        ("epochs=3", "plan.epochs"),
        ("learning_rate=0.1", "plan.optimizer.learning_rate"),
        ("plan.epoch=3", "plan.epochs"),
        ("data.split.tests=0.1", "data.split.test"),
        ("early_stopping.patience=3", "plan.early_stopping.patience"),
    ],
)
def test_an_unknown_setting_is_answered_with_one_that_exists(
    setting: str, near: str
) -> None:
    with pytest.raises(UserError) as caught:
        with_settings(Project(), [setting], CATALOG, Path())
    assert caught.value.hint == f"Did you mean {near}?"
    with_settings(Project(), [f"{near}={setting.split('=')[1]}"], CATALOG, Path())


def test_numbers_are_typed_as_in_a_form() -> None:
    settings = [
        "plan.epochs=１２",
        "plan.checkpoint_minutes=2,5",
        "plan.early_stopping.min_delta=0,001",
        "plan.optimizer=Adam",
        "plan.optimizer.learning_rate=０．００１",
        "data.split.test=0,2",
    ]
    project = with_settings(Project(), settings, CATALOG, Path())
    plan = project.plan
    assert plan.epochs == 12 and plan.checkpoint_minutes == 2.5
    assert plan.early_stopping is not None
    assert plan.early_stopping.min_delta == 0.001
    assert plan.optimizer.params["learning_rate"] == 0.001
    assert project.data.split.test == 0.2


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("plan.epochs=2,5", "epochs: “2,5” is not a whole number. Enter 2 or 3"),
        ("plan.epochs=2.5", "epochs: “2.5” is not a whole number. Enter 2 or 3"),
        ("plan.epochs=1,000", "epochs: “1,000” can mean 1000 or 1.000"),
        ("plan.epochs=1.000", "If you mean 1000"),
        ("data.split.seed=2,5", "seed: “2,5” is not a whole number"),
        ("plan.optimizer.learning_rate=1,000", "learning_rate: “1,000” can mean"),
    ],
)
def test_numbers_that_are_none_or_two_are_refused(setting: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        with_settings(Project(), [setting], CATALOG, Path())


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_set_or_refused(key: str, value: str) -> None:
    try:
        with_settings(Project(), [f"plan.{key}={value}"], CATALOG, Path())
    except UserError as error:
        assert error.message


def test_a_whole_number_is_a_float_where_keras_wants_one() -> None:
    settings = ["plan.optimizer=Adam", "plan.optimizer.learning_rate=1"]
    rate = with_settings(Project(), settings, CATALOG, Path()).plan.optimizer.params
    assert isinstance(rate["learning_rate"], float)
