"""What is in the rows that a report lists: values of their inputs, and thumbnails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from dlstudio.data.columns import Cells
from dlstudio.data.features.base import load_feature_type
from dlstudio.data.features.stored_values import load_stored_values
from dlstudio.document.evaluation import HeadReport
from dlstudio.document.report_sections import WorstRows
from dlstudio.document.sample_nouns import cell_inputs
from dlstudio.engine.evaluation.evaluated_rows import EvaluatedRows
from dlstudio.engine.heads.evenly_spread import Indices
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.json_values import JsonObject
from dlstudio.value_text import value_text

MISTAKES = "mistakes"
MOST_VALUES = 8
"""Inputs whose values a row shows: the first ones."""
MOST_THUMBNAILS = 16
"""Rows with a thumbnail; reports stay below some hundred kilobytes."""
SIDE, LONGEST_TEXT = 96, 120


def with_row_values(
    report: HeadReport, model: FeatureModel, rows: EvaluatedRows
) -> HeadReport:
    """The report, whose worst rows say what entered the model.

    Args:
        report: Of an output of the model.
        model: A run's model.
        rows: All samples that were evaluated.

    Returns:
        Each entry of "worst" and of "mistakes" has "values" and "thumbnails", by input.
    """
    sections = dict(report.sections)
    worst, mistakes = sections.get(WorstRows.NAME), sections.get(MISTAKES)
    if worst:
        listed = _extended(worst["rows"], "id", model, rows)
        sections[WorstRows.NAME] = {**worst, "rows": listed}
    if mistakes:
        sections[MISTAKES] = _extended(mistakes, "input", model, rows)
    return replace(report, sections=sections)


def _extended(
    items: Sequence[Mapping[str, Any]],
    key: str,
    model: FeatureModel,
    rows: EvaluatedRows,
) -> list[JsonObject]:
    """Entries with the values of their rows, whose ids they have under a key."""
    wanted = {each[key] for each in items}
    places = {id: row for row, id in enumerate(rows.ids) if id in wanted}
    found = np.array([places[each[key]] for each in items], np.int64)
    values = row_values(model, rows, found)
    thumbnails = row_thumbnails(model, rows, found[:MOST_THUMBNAILS])
    thumbnails += [{}] * (len(items) - len(thumbnails))
    return [
        {**item, "values": value, "thumbnails": shown}
        for item, value, shown in zip(items, values, thumbnails, strict=True)
    ]


def row_values(
    model: FeatureModel, rows: EvaluatedRows, places: Indices
) -> list[dict[str, str]]:
    """The values of some rows as texts, by input, as they entered the model.

    Args:
        model: Says which inputs it has.
        rows: All samples.
        places: Which of them.
    """
    names = cell_inputs(model.project, model.catalog)[:MOST_VALUES]
    columns = {}
    for name in names:
        feature = model.feature(name)
        feature_type = load_feature_type(model.catalog[feature.kind])
        taken = rows.inputs[name][places]
        cells = feature_type.decode(taken, model.fitted.get(name, {}), feature)
        columns[name] = cell_texts(cells)
    return [
        {name: texts[row] for name, texts in columns.items()}
        for row in range(len(places))
    ]


def row_thumbnails(
    model: FeatureModel, rows: EvaluatedRows, places: Indices
) -> list[dict[str, str]]:
    """What can be shown of some rows as small PNG files in base64, by input.

    Args:
        model: Says which inputs it has.
        rows: All samples.
        places: Which of them.
    """
    stored = {
        name: found
        for name in model.inputs
        if (found := load_stored_values(model.catalog[model.feature(name).kind]))
    }
    return [
        {
            name: each.preview(rows.inputs[name][row], SIDE)
            for name, each in stored.items()
        }
        for row in places.tolist()
    ]


def cell_texts(cells: Cells) -> list[str]:
    """Values as they are shown; several names in one cell with commas between."""
    texts = []
    for each in cells.values.to_list():
        if isinstance(each, float):
            text = value_text(each)
        elif isinstance(each, list):
            text = ", ".join(map(str, each))
        else:
            text = "" if each is None else str(each)
        cut = len(text) > LONGEST_TEXT
        texts.append(text[:LONGEST_TEXT] + "…" if cut else text)
    return texts
