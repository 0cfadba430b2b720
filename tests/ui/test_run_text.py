"""Names of metrics in the rooms."""

from __future__ import annotations

import pytest

from dlstudio.document.events import EpochEnded
from dlstudio.document.values import FrozenMap
from dlstudio.i18n import translator
from dlstudio.ui.run_text import metric_name
from dlstudio.ui.services.training.curve import ThinnedCurve
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.train.charts import main_metric, title_of


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("val_loss", "validation loss"),
        ("mae", "mean absolute error"),
        ("val_r2", "validation R²"),
        ("auc", "AUC"),
        ("kl_loss", "KL divergence"),
        ("top_k", "top k"),
        ("val_sold_accuracy", "validation accuracy of sold"),
        ("sold_price_mae", "mean absolute error of sold_price"),
        ("categorical_accuracy", "categorical accuracy"),
    ],
)
def test_a_metric_is_named_in_words(name: str, shown: str) -> None:
    assert metric_name(name, ("sold", "sold_price")) == shown


def test_of_several_outputs_a_metric_is_shown_and_not_a_loss() -> None:
    names = ("loss", "sold_loss", "price_loss", "sold_accuracy", "price_mae")
    history = RunHistory()
    history.add_event(
        EpochEnded(0.0, 1, FrozenMap(dict.fromkeys(names, 0.5)), 1e-3, 1.0)
    )
    assert history.outputs() == ("sold", "price")
    assert main_metric(history) == "sold_accuracy"
    assert title_of("price_mae", history) == "Mean absolute error of price"


def test_outputs_are_known_before_the_first_epoch_has_ended() -> None:
    history = RunHistory()
    for name in ("sold_loss", "price_loss", "sold_accuracy"):
        history.step_metrics[name] = ThinnedCurve()
    assert title_of("sold_accuracy", history) == "Accuracy of sold"
    translator.use("zh_CN")
    assert title_of("sold_accuracy", history) == "sold 的准确率"
    translator.use("en")
