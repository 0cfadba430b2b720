"""What a script reads of dates in the exported model is what it reads of a table."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from dlstudio.engine.features.date_script import FORMATS, _serving
from dlstudio.engine.features.date_script_graph import (
    CALENDAR_OF_DAYS,
    DAYS_OF_TEXTS,
    FULL_YEARS,
    MONTH_NUMBERS,
    YEAR_START,
)

HELPERS = (YEAR_START, MONTH_NUMBERS, FULL_YEARS, DAYS_OF_TEXTS, CALENDAR_OF_DAYS)
MOMENTS = [
    datetime(1969, 12, 31, 23, 59, 58),
    datetime(2000, 2, 29, 12, 30),
    datetime(2024, 7, 5, 1, 2, 3),
    datetime(2068, 1, 1),
]


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    found: dict[str, Any] = {"tf": tf, "np": np, "re": re, "fill": {"day": 7.0}}
    for lines in HELPERS:
        exec("\n".join(lines), found)
    return found


def served(names: dict[str, Any], form: str, texts: list[str], missing: str) -> Any:
    """The days that the lines of a script make of texts."""
    value = tf.constant(texts)
    for step in _serving(form, False, missing):
        code = step.replace("{name}", '"day"').replace("{value}", "value")
        value = eval(code, {**names, "value": value})
    return value.numpy()


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_read_as_pandas_reads_it(
    form: str, names: dict[str, Any]
) -> None:
    texts = [moment.strftime(form) for moment in MOMENTS]
    wanted = [
        (datetime.strptime(text, form) - datetime(1970, 1, 1)) / timedelta(1)
        for text in texts
    ]
    found = served(names, form, [*texts, ""], "median")
    np.testing.assert_allclose(found, [*wanted, 7.0], rtol=1e-7)
    with pytest.raises(tf.errors.InvalidArgumentError, match="no dates"):
        served(names, form, ["later", texts[0]], "median")


def test_a_day_that_no_calendar_has_is_an_error(names: dict[str, Any]) -> None:
    for text in ("2023-02-29", "2024-13-01", "2024-04-31", "2024-00-10"):
        with pytest.raises(tf.errors.InvalidArgumentError):
            served(names, "%Y-%m-%d", [text], "drop")
