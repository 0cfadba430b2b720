"""Models of features: exports take raw values, and faults are caught."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from feature_world import CATALOG, CITIES, ROWS, flat_cells, flat_fitted, flat_model

from dlstudio.catalog.schema import Description
from dlstudio.data.columns import Cells
from dlstudio.document.export import ExportResult
from dlstudio.document.values import FrozenMap
from dlstudio.engine.export.feature_export import export_features
from dlstudio.engine.export.feature_samples import FeatureSamples, samples_of
from dlstudio.engine.export.feature_signature import argument_names
from dlstudio.engine.export.formats import feature_keras, feature_savedmodel
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.prediction.model_origin import ModelFacts
from dlstudio.errors import UserError

from .conftest import listing

ARGUMENTS = ["rooms", "Area_m", "input", "input_class", "built", "extras"]
RESULTS = ["sold_scores", "sold_label", "price", "fits_scores", "fits_labels"]
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("verified_warm")]


@pytest.fixture(scope="module")
def model() -> FeatureModel:
    return flat_model()


@pytest.fixture(scope="module")
def samples(model: FeatureModel) -> FeatureSamples:
    cells = {name: flat_cells()[name] for name in model.inputs}
    names = [f"row {number}" for number in range(ROWS)]
    return samples_of(model, cells, names, {"test": ROWS})


@pytest.fixture(scope="module")
def saved(verified_warm, model, samples, tmp_path_factory) -> ExportResult:
    out = tmp_path_factory.mktemp("features") / "flats"
    return export_features(
        model,
        CATALOG.find("formats", "savedmodel"),
        out,
        samples,
        facts=ModelFacts(run="run", project="Flats"),
        ranges={"rooms": (1.0, 8.0)},
    )


@pytest.fixture(scope="module")
def keras_file(verified_warm, model, samples, tmp_path_factory) -> ExportResult:
    out = tmp_path_factory.mktemp("features") / "flats"
    return export_features(model, CATALOG.find("formats", "keras"), out, samples)


def test_arguments_are_valid_and_different() -> None:
    names = ["age", "Age", "age (years)", "2nd", "class", "城市", "年", "_x"]
    assert argument_names(names, "input") == (
        "age", "Age_2", "age_years", "input_2nd", "input_class", "input", "input_2",
        "x",
    )  # fmt: skip


def test_samples_have_each_value_missing_unseen_and_beyond_limits(
    model: FeatureModel, samples: FeatureSamples
) -> None:
    more = samples.names[ROWS:]
    assert {each.partition(", ")[2] for each in more} == {
        "rooms=", "Area (m²)=", "Area (m²)=0.0", "Area (m²)=400.0", "城市=",
        "城市=unseen", "class=", "class=unseen", "extras=", "extras=unseen",
        "extras=balcony , unseen", "built=", "built=15.5.1959", "built=15 May 1959",
        "built= 1959年5月15日 ",
    }  # fmt: skip
    assert {len(each) for each in samples.raw.values()} == {len(samples)}
    assert all(each.dtype != object for each in samples.raw.values())
    assert np.isnan(samples.raw["rooms"]).sum() > 4
    assert (samples.encoded["城市"] == -2).sum() == 4
    unchanged = samples.encoded["extras"][ROWS : ROWS + 4]
    np.testing.assert_array_equal(unchanged, samples.encoded["extras"][:4])


def test_a_savedmodel_takes_raw_values(
    model: FeatureModel, saved: ExportResult
) -> None:
    serve = tf.saved_model.load(str(saved.path)).signatures["serving_default"]
    specs = serve.structured_input_signature[1]
    assert sorted(specs) == sorted(ARGUMENTS)
    assert sorted(serve.structured_outputs) == sorted(RESULTS)
    assert specs["rooms"].dtype == tf.float32 and specs["rooms"].shape.rank == 1
    for name in ("input", "built", "extras"):
        assert specs[name].dtype == tf.string and specs[name].shape.rank == 1
    cells: dict[str, list[Any]] = {
        "rooms": [None, 3], "Area (m²)": [20.5, None], "城市": ["北京", "Lima"],
        "class": [None, "a"], "built": [None, "2 January 1990 1:30 PM"],
        "extras": ["lift|bath", "pool"],
    }  # fmt: skip
    import polars as pl

    rows = model.encode({k: Cells(pl.Series(v)) for k, v in cells.items()})
    expected = model.predict(rows)
    found = serve(
        rooms=tf.constant([np.nan, 3.0]),
        Area_m=tf.constant([20.5, np.nan]),
        input=tf.constant(["北京", "Lima"]),
        input_class=tf.constant(["", "a"]),
        built=tf.constant(["", "2 January 1990 1:30 PM"]),
        extras=tf.constant(["lift|bath", "pool"]),
    )
    np.testing.assert_allclose(found["price"], expected["price"][:, 0], rtol=1e-5)
    answers = [
        output.head_type.answers(
            expected[output.name], output.fitted, from_logits=output.from_logits
        )
        for output in model.outputs
    ]
    labels = [each.decode() for each in found["sold_label"].numpy()]
    assert labels == [each["label"] for each in answers[0]]
    given = [[n.decode() for n in row if n] for row in found["fits_labels"].numpy()]
    assert given == [each["labels"] for each in answers[2]]


def test_a_text_that_is_no_date_is_an_error(saved: ExportResult) -> None:
    serve = tf.saved_model.load(str(saved.path)).signatures["serving_default"]
    row: dict[str, Any] = {"rooms": [1.0], "Area_m": [1.0], "input": [""]}
    row |= {"input_class": ["a"], "extras": [""], "built": ["2021-02-29"]}
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"no dates.*2021-02-29"):
        serve(**{name: tf.constant(values) for name, values in row.items()})


def test_the_certificate_covers_all_rows(
    saved: ExportResult, keras_file: ExportResult, samples: FeatureSamples
) -> None:
    for each in (saved, keras_file):
        certificate = each.certificate
        assert certificate.passed and certificate.samples == len(samples) >= 32
        assert certificate.label_agreement == 1
        assert certificate.max_abs_difference < 1e-4
        assert certificate.drawn_from == {"test": ROWS}
    assert set(saved.certificate.entries) == {"serving_default"}
    assert len(keras_file.certificate.entries) == 2


def test_the_card_says_what_goes_in_and_comes_out(
    saved: ExportResult, keras_file: ExportResult
) -> None:
    card = json.loads((saved.path / "model_card.json").read_text("utf-8"))
    inputs = {each["feature"]: each for each in card["inputs"]}
    assert [each["argument"] for each in card["inputs"]] == ARGUMENTS
    assert inputs["rooms"]["range"] == [1.0, 8.0]
    assert sorted(inputs["城市"]["names"]) == sorted(CITIES)
    assert inputs["class"]["fill"] == "b"
    assert (inputs["built"]["dtype"], inputs["built"]["shape"]) == ("string", [])
    assert inputs["built"]["fill"] == "1959-05-15"
    outputs = {each["feature"]: each for each in card["outputs"]}
    assert outputs["sold"]["classes"] == ["later", "no", "yes"]
    assert outputs["price"]["result"] == "price" and not outputs["price"]["classes"]
    text = (saved.path / "model_card.md").read_text("utf-8")
    assert "`Area_m`" in text and "From 1 to 8 in the training split." in text
    assert "`sold_label`" in text
    beside = keras_file.path.with_name("flats.keras.card.md").read_text("utf-8")
    assert "Give " in beside and "`sold_label`" not in beside
    assert "| `rooms` | rooms | float32 (n, 1) |" in beside
    assert "A missing value becomes 1959-05-15." in text
    assert "ignored: balcony, bath, lift." in text
    assert "A 0 or 1 for each name, in this order: balcony, bath, lift." in beside
    assert "Whole days since 1970-01-01" in beside
    assert "| `built` | built | float32 (n, 8) |" in beside


@pytest.mark.parametrize("kind", ["saved", "keras_file"])
def test_the_snippet_that_is_shown_runs(
    kind: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    result: ExportResult = request.getfixturevalue(kind)
    code = result.snippets[0].filled(str(result.path))
    exec(compile(code, "<snippet>", "exec"), {})
    printed = capsys.readouterr().out
    assert "price" in printed and "sold_scores" in printed


def format_of(
    monkeypatch: pytest.MonkeyPatch, export: Callable[..., Any]
) -> Description:
    module = ModuleType("feature_exporter_of_a_test")
    module.export = export  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return Description(
        kind="dlstudio.formats.test",
        family="formats",
        implementation="",
        extra={"features": f"{module.__name__}:export"},
    )


def with_fitted(model: FeatureModel, name: str, **changes: Any) -> FeatureModel:
    fitted = flat_fitted(model.project)
    fitted[name] = {**fitted[name], **changes}
    return FeatureModel(model.model, model.project, fitted, CATALOG)


def with_setting(model: FeatureModel, name: str, **changes: Any) -> FeatureModel:
    feature = replace(model.feature(name), params=FrozenMap(changes))
    project = model.project
    features = FrozenMap({**project.data.features, name: feature})
    project = replace(project, data=replace(project.data, features=features))
    return FeatureModel(model.model, project, model.fitted, CATALOG)


def swapped(model: FeatureModel, first: int, second: int) -> FeatureModel:
    """The same model, which mistakes one input for another."""
    other = FeatureModel(model.model, model.project, model.fitted, CATALOG)
    call = other.call

    def call_swapped(tensors: Any) -> Any:
        given = list(tensors)
        given[first], given[second] = given[second], given[first]
        return call(given)

    other.call = call_swapped  # type: ignore[method-assign]
    return other


FAULTS = {
    "fill": (lambda model: with_fitted(model, "rooms", fill=7.5), r"rooms="),
    "most_frequent": (
        lambda model: with_fitted(model, "class", most_frequent="a"),
        r"class=|row",
    ),
    "date": (lambda model: with_fitted(model, "built", fill=-2000.0), r"built="),
    "order": (
        lambda model: with_setting(model, "built", order="month_first"),
        r"no dates",
    ),
    "separator": (
        lambda model: with_setting(model, "extras", separator=";"),
        r"row|extras=",
    ),
    "names": (
        lambda model: with_fitted(model, "extras", names=["bath", "balcony", "lift"]),
        r"row|extras=",
    ),
    "swapped": (lambda model: swapped(model, 0, 1), r"row"),
    "classes": (
        lambda model: with_fitted(model, "sold", names=["yes", "no", "later"]),
        r"label for row",
    ),
    "labels": (
        lambda model: with_fitted(model, "fits", names=["two", "one"]),
        r"label for row",
    ),
}


@pytest.mark.usefixtures("verified_here")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_caught_and_nothing_is_left(
    fault: str, model: FeatureModel, samples: FeatureSamples, tmp_path, monkeypatch
) -> None:
    broken, words = FAULTS[fault]

    def export(trained: FeatureModel, out: Any) -> Any:
        return feature_savedmodel.export(broken(trained), out)

    with pytest.raises(UserError, match=r"disagree|failed at") as caught:
        export_features(
            model, format_of(monkeypatch, export), tmp_path / "flats", samples
        )
    assert "serving_default" in caught.value.message
    assert any(word in caught.value.message for word in words.split("|"))
    assert listing(tmp_path) == []


@pytest.mark.usefixtures("verified_here")
def test_swapped_inputs_of_a_keras_file_are_caught(
    model: FeatureModel, samples: FeatureSamples, tmp_path, monkeypatch
) -> None:
    code = feature_keras._code

    def wrong(*arguments: Any) -> str:
        lines = code(*arguments)
        return lines.replace('rows["rooms"]', 'rows["Area_m"]')

    monkeypatch.setattr(feature_keras, "_code", wrong)
    with pytest.raises(UserError, match="disagree"):
        export_features(
            model, CATALOG.find("formats", "keras"), tmp_path / "flats", samples
        )
    assert listing(tmp_path) == []


def test_a_format_for_images_only_is_refused(
    model: FeatureModel, samples: FeatureSamples, tmp_path
) -> None:
    description = Description("dlstudio.formats.test", "formats", "nowhere:export")
    with pytest.raises(UserError, match="images"):
        export_features(model, description, tmp_path / "flats", samples)
