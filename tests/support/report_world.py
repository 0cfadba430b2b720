"""A report about predicted prices of flats, section by section."""

from __future__ import annotations

import numpy as np

from dlstudio.document.feature_sections import (
    FeatureImportance,
    GroupMetric,
    GroupMetrics,
    Importance,
)
from dlstudio.document.report_sections import (
    MetricsOfReport,
    MetricValue,
    Residuals,
    WorstRow,
    WorstRows,
)


def residuals(count: int = 200) -> Residuals:
    """Predictions that are 25,000 off, and one that is far off."""
    random = np.random.default_rng(0)
    actual = random.uniform(100_000, 700_000, count)
    predicted = actual + random.normal(0, 25_000, count)
    predicted[7] = actual[7] + 164_000
    ids = tuple(f"flats.csv:{row + 1}" for row in range(count))
    return Residuals("price", ids, tuple(actual.tolist()), tuple(predicted.tolist()))


METRICS = MetricsOfReport(
    (
        MetricValue("mae", 18_420.4, "down", 71_300.0),
        MetricValue("r2", 0.873, "up", 0.0),
        MetricValue("within_10_percent", 0.71, "up", 0.12),
        MetricValue("largest_error", 164_000.0, "down", None, "flats.csv:8"),
    )
)
WORST = WorstRows(
    "price",
    tuple(
        WorstRow(
            f"flats.csv:{row}",
            248_000.0 + row,
            412_000.0 - 9_000 * row,
            164_000.0 - 9_000 * row,
            {"rooms": str(row), "district": "West", "built": "1924-02-11"},
        )
        for row in (8, 3, 12, 40, 41)
    ),
)
IMPORTANCE = Importance(
    "r2",
    (
        FeatureImportance("photo", 0.34, 0.02),
        FeatureImportance("area", 0.61, 0.05),
        FeatureImportance("district", 0.27, 0.01),
        FeatureImportance("built", 0.07),
        FeatureImportance("rooms", -0.004),
    ),
)
GROUPS = GroupMetrics(
    "district",
    "mae",
    18_420.0,
    "down",
    (
        GroupMetric("West", 80, 17_100.0),
        GroupMetric("Harbour", 41, 31_900.0),
        GroupMetric("Island", 3, 52_000.0),
        GroupMetric("Nowhere", 0, None),
    ),
)
SECTIONS = (METRICS, residuals(), WORST, IMPORTANCE, GROUPS)
