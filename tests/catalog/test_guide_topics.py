"""Every room, parameter and metric of the window has a topic in the guide."""

from __future__ import annotations

import pytest
from guide_text import LANGUAGES, anchors

from dlstudio.catalog.guide import GLOSSARY, PAGES
from dlstudio.catalog.guide_topics import (
    DESCRIPTION,
    ROOMS,
    metric_topic,
    parameter_topic,
)
from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog

METRICS = (
    *("accuracy", "balanced_accuracy", "top_3_accuracy", "precision", "recall", "f1"),
    *("macro_precision", "macro_recall", "macro_f1", "roc_auc", "auc", "log_loss"),
    *("ece", "loss", "confusion", "epoch", "throughput", "samples"),
    *("learning_rate", "support", "sparse_categorical_crossentropy"),
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def is_there(topic: str) -> bool:
    """Whether both languages have a page with the anchor."""
    page, _, place = topic.partition("#")
    return page in PAGES and all(
        not place or place in anchors(page, language) for language in LANGUAGES
    )


def test_every_room_has_its_page() -> None:
    assert all(map(is_there, ROOMS.values()))


def test_every_metric_has_its_entry(catalog: Catalog) -> None:
    plain = {each.name for each in catalog.family("plain_metrics")}
    for name in {*METRICS, *plain}:
        assert is_there(metric_topic(name)), name
        assert metric_topic(f"val_{name}") == metric_topic(name)
    assert metric_topic("something_of_mine") == ""


def test_every_parameter_has_its_place(catalog: Catalog) -> None:
    places = {
        topic
        for description in catalog
        for param in description.params
        if not (topic := parameter_topic(description, param.name)).startswith(
            DESCRIPTION
        )
    }
    assert all(map(is_there, places))
    # Each entry that explains parameters explains at least one.
    assert len(places) > 35


def test_what_the_glossary_lacks_is_described(catalog: Catalog) -> None:
    for description in catalog:
        for param in description.params:
            topic = parameter_topic(description, param.name)
            if topic.startswith(DESCRIPTION):
                kind, _, name = topic.removeprefix(DESCRIPTION).partition("/")
                assert catalog[kind].param(name) is param
                assert param.summary or description.doc or description.summary, topic


@pytest.mark.parametrize(
    ("kind", "name", "entry"),
    [
        ("keras.layers.Conv2D", "filters", "filters"),
        ("keras.layers.Conv2D", "padding", "padding"),
        ("keras.layers.ZeroPadding2D", "padding", ""),
        ("keras.layers.BatchNormalization", "momentum", "batch-normalization"),
        ("keras.optimizers.SGD", "momentum", "momentum"),
        ("keras.optimizers.Adam", "learning_rate", "learning-rate"),
        ("keras.optimizers.Adam", "amsgrad", ""),
        ("keras.layers.SpatialDropout2D", "rate", "dropout"),
        ("keras.layers.LSTM", "recurrent_dropout", "dropout"),
        ("dlstudio.plan", "batch_size", "batch"),
        ("dlstudio.plan", "precision", "mixed-precision"),
        ("keras.metrics.RecallAtPrecision", "precision", ""),
        ("dlstudio.plan", "early_stopping.patience", "early-stopping"),
        ("dlstudio.schedules.Cosine", "warmup_epochs", "warmup"),
        ("dlstudio.schedules.OnPlateau", "patience", "schedule"),
    ],
)
def test_a_parameter_is_explained_by_what_it_means_there(
    catalog: Catalog, kind: str, name: str, entry: str
) -> None:
    wanted = f"{GLOSSARY}#{entry}" if entry else f"{DESCRIPTION}{kind}/{name}"
    assert parameter_topic(catalog[kind], name) == wanted


def test_a_description_without_help_is_no_error() -> None:
    own = Description("mine.Layer", "layers", "mine:Layer")
    assert parameter_topic(own, "height") == "description/mine.Layer/height"
