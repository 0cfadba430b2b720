"""Reconstructed images: their scale, their metrics, and reports on them."""

from __future__ import annotations

import base64
import io

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from dlstudio.catalog.store import Catalog
from dlstudio.document.image_sections import (
    AnomalyThreshold,
    ErrorHistogram,
    Reconstructions,
    WorstImages,
    threshold_of,
)
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.heads.image_values import image_values, pixels_of, values_of
from dlstudio.engine.heads.reconstruction import RECONSTRUCTION
from dlstudio.engine.heads.reconstruction_report import anomaly_threshold
from dlstudio.errors import UserError

CATALOG = Catalog.load()
MSE = Spec("keras.losses.MeanSquaredError")
LOGITS = Spec("keras.losses.BinaryCrossentropy", FrozenMap({"from_logits": True}))
RANDOM = np.random.default_rng(3)
IMAGES = RANDOM.integers(0, 256, (20, 12, 13, 3)).astype(np.uint8)
OUTPUTS = np.clip(IMAGES / 255 + RANDOM.normal(0, 0.1, IMAGES.shape), -0.2, 1.2)
IDS = [f"{number}.png" for number in range(20)]


def test_targets_are_the_images_from_0_to_1_whatever_enters_the_model() -> None:
    targets = RECONSTRUCTION.targets(MSE, 3, {})(tf.constant(IMAGES))
    assert targets.dtype == tf.float32
    np.testing.assert_allclose(np.asarray(targets), IMAGES / 255, atol=1e-6)
    loss = keras.losses.MeanSquaredError()(targets, IMAGES / 255)
    assert float(loss) == pytest.approx(0, abs=1e-9)


def test_images_survive_the_way_to_values_and_back() -> None:
    assert np.array_equal(pixels_of(values_of(IMAGES)), IMAGES)
    clipped = image_values(np.array([-3.0, 0.5, 7.0]))
    assert clipped.tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("name", ["mse", "mae", "psnr", "ssim"])
def test_metrics_are_those_of_a_report_and_take_logits(name: str) -> None:
    spec = Spec(f"dlstudio.metrics.{name}")
    report = RECONSTRUCTION.evaluate(IMAGES, OUTPUTS, IDS, {}, target="image")
    inside = np.clip(OUTPUTS, 1e-6, 1 - 1e-6)
    logits = np.log(inside / (1 - inside))
    for loss, outputs in ((MSE, OUTPUTS), (LOGITS, logits)):
        bound = RECONSTRUCTION.metric(spec, loss, 3, {}, CATALOG)
        for some in (slice(0, 13), slice(13, 20)):
            bound.metric.update_state(
                bound.targets(tf.constant(IMAGES[some])),
                tf.constant(outputs[some], tf.float32),
            )
        found = float(bound.metric.result())
        assert found == pytest.approx(report.metrics[name], rel=1e-3)


def test_a_report_has_pairs_of_images_the_worst_and_a_baseline() -> None:
    outputs = OUTPUTS.copy()
    outputs[7] = 1 - outputs[7]
    report = RECONSTRUCTION.evaluate(IMAGES, outputs, IDS, {}, target="image")
    mean = (IMAGES / 255).mean(axis=0)
    always = float(np.square(IMAGES / 255 - mean).mean())
    assert report.baseline["mean_image"]["mse"] == pytest.approx(always, rel=1e-5)
    better = report.baseline["better"]["mse"]
    assert better == pytest.approx(1 - report.metrics["mse"] / always)
    worst = WorstImages.from_json(report.sections["worst_images"])
    assert worst.rows[0].id == "7.png"
    assert [each.error for each in worst.rows] == sorted(
        (each.error for each in worst.rows), reverse=True
    )
    shown = Reconstructions.from_json(report.sections["reconstructions"])
    assert shown.rows[0].id == "0.png" and shown.rows[-1].id == "19.png"
    original = Image.open(io.BytesIO(base64.b64decode(shown.rows[0].original)))
    assert np.array_equal(np.asarray(original), IMAGES[0])
    histogram = ErrorHistogram.from_json(report.sections["error_histogram"])
    assert sum(histogram.counts) + histogram.above + histogram.below == 20


def test_equal_images_have_no_baseline_to_beat() -> None:
    same = np.zeros((3, 4, 4, 1), np.uint8)
    report = RECONSTRUCTION.evaluate(same, np.zeros(same.shape), IDS[:3], {})
    assert report.baseline["better"]["mse"] is None
    assert report.metrics["psnr"] == pytest.approx(100)


def test_a_threshold_lets_its_share_of_the_images_pass() -> None:
    errors = np.arange(1, 101) / 100
    found = anomaly_threshold(errors, 0.95, "validation")
    assert (errors <= found.value).mean() >= 0.95
    assert (found.samples, found.split, found.quantile) == (100, "validation", 0.95)
    section = {"sections": {"anomaly": found.to_json()}}
    assert threshold_of({"outputs": {"image": section}}) == found
    assert AnomalyThreshold.from_json(found.to_json()) == found
    assert threshold_of(None) is None and threshold_of({"outputs": {"a": {}}}) is None


def test_another_shape_is_refused_with_both_shapes() -> None:
    RECONSTRUCTION.check_output((12, 13, 3), {"shape": (12, 13, 3)})
    for shape in ((12, 12, 3), (12, 13, 1), (468,)):
        with pytest.raises(UserError, match="12 × 13 × 3"):
            RECONSTRUCTION.check_output(shape, {"shape": (12, 13, 3)})


@pytest.mark.parametrize("name", ["SparseCategoricalCrossentropy", "Hinge", "Poisson"])
def test_losses_for_other_targets_are_refused(name: str) -> None:
    with pytest.raises(UserError, match="MeanSquaredError"):
        RECONSTRUCTION.targets(Spec(f"keras.losses.{name}"), 3, {})
