"""Pairs of texts by the command line: from a table to texts that an export writes."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from small_pairs import WORDS, pairs, write_pairs

from dlstudio.catalog.store import Catalog
from dlstudio.document.search_settings import SearchSettings, search_of
from dlstudio.engine.export.formats import feature_keras, feature_savedmodel
from dlstudio.engine.prediction.feature_model import load_feature_model
from dlstudio.engine.prediction.predict_rows import predict_values
from dlstudio.engine.runs.store import RunStore
from tests.cli.conftest import Run

pytestmark = pytest.mark.slow
ROWS = 30


def test_pairs_go_from_a_table_to_texts_that_an_export_writes(
    run: Run, tmp_path: Path
) -> None:
    data, project = write_pairs(tmp_path / "pairs.csv", ROWS), tmp_path / "p"
    refused = run("new", project, "--data", data, "--template", "translate-gru")
    assert refused.status == 1 and "--feature english=text" in refused.err
    assert "Use one of" not in refused.err  # no template fits
    columns = [each for name in ("digits", "words") for each in ("--feature", name)]
    kinds = [each + "=text" if each != "--feature" else each for each in columns]
    named = ("--target", "words", "--template", "translate-gru")
    made = run("new", project, "--data", data, *named, *kinds)
    assert made.status == 0, made.err
    assert "Predicts words from digits." in made.out
    trained = run("train", project, "--epochs", "2", "--json")
    assert trained.status == 0, trained.err
    (model,) = RunStore(project).all()
    assert {"val_token_accuracy", "val_perplexity"} <= set(model.record.metrics)
    report = run("evaluate", project, "--json").json["outputs"]["words"]
    names = ["exact_match", "bleu", "chrf", "token_accuracy", "perplexity"]
    assert list(report["metrics"]) == names
    assert report["baseline"]["most_frequent"]["exact_match"] > 0
    assert report["baseline"]["copy_source"]["exact_match"] == 0
    assert report["baseline"]["comparison"]["metric"] == "chrf"
    worst = report["sections"]["worst"]["rows"]
    assert worst and set(worst[0]["values"]) == {"digits"}
    listed = run("predict", project, data, "--json").json["predictions"]
    texts = [each["outputs"]["words"]["text"] for each in listed]
    assert len(texts) == ROWS and {w for t in texts for w in t.split()} <= {*WORDS}
    _check_exports(model, tmp_path, texts)
    _check_search(run, project, model)


def _check_search(run: Run, project: Path, trained: Any) -> None:
    """Other settings of the search are those of a head that has them."""
    sources = [source for source, _target in pairs(6)]
    given = [each for source in sources for each in ("--text", source)]
    asked = ("--beam", "3", "--length-penalty", "2", "--json")
    answers = run("predict", project, *given, *asked).json["predictions"]
    found = [each["outputs"]["words"]["text"] for each in answers]
    search = SearchSettings(3, 2.0)
    model = load_feature_model(trained, Catalog.load(), search)
    (output,) = model.outputs
    assert search_of(model.project) == search
    assert output.binding.head.params["beam_width"] == 3
    wanted = [predict_values(model, {"digits": each}, each) for each in sources]
    assert found == [each.outputs["words"]["text"] for each in wanted]


def _check_exports(run: Any, folder: Path, wanted: list[str]) -> None:
    """Both formats write the texts that `predict` has printed."""
    model = load_feature_model(run, Catalog.load())
    sources = [source for source, _target in pairs(ROWS)]
    served = feature_savedmodel.export(model, folder / "served").path
    loaded = tf.saved_model.load(str(served))
    given = loaded.signatures["serving_default"](digits=tf.constant(sources))
    assert [each.decode() for each in given["words"].numpy()] == wanted
    exported = feature_keras.export(model, folder / "model.keras")
    names: dict[str, Any] = {}
    path = repr(str(exported.path))
    exec(exported.load.text.replace("@model", path), names)
    names["rows"] = {"digits": np.array(sources)[:, None]}
    (entry,) = exported.entries.values()
    exec(entry.code, names)
    assert names["results"]["words"].tolist() == wanted


def test_the_answers_of_a_table_are_a_column_of_texts(tmp_path: Path) -> None:
    from small_pairs import feature_model, small_project

    from dlstudio.engine.prediction.predict_rows import (
        predict_table,
        predict_values,
    )
    from dlstudio.engine.prediction.result_columns import result_columns

    model = feature_model(small_project("translate-gru"))
    path = write_pairs(tmp_path / "pairs.csv", 5)
    with path.open(encoding="utf-8") as file:
        taken = next(csv.reader(file))
    text, errors = result_columns(model, taken)
    assert (text.name, errors.part) == ("predicted_words", "error")
    found = list(predict_table(model, path))
    texts = [each.outputs["words"]["text"] for each in found]
    assert text.values(found).to_list() == texts
    other = feature_model(small_project("translate-gru"))  # first asked for one row
    alone = predict_values(other, {"digits": pairs(5)[0][0]})
    assert alone.outputs["words"]["text"] == texts[0]
