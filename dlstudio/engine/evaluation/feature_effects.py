"""What each feature means to the outputs of a model: importance and dependence."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.data.columns import Cells, Numbers
from dlstudio.data.features.base import load_feature_type
from dlstudio.document.feature_sections import Importance, PartialDependence
from dlstudio.document.sample_nouns import cell_inputs
from dlstudio.engine.evaluation.batched import Inputs, Progress, predict_batched
from dlstudio.engine.evaluation.evaluated_rows import EvaluatedRows
from dlstudio.engine.evaluation.partial_dependence import (
    evenly_some,
    name_places,
    number_places,
    partial_dependence,
)
from dlstudio.engine.evaluation.permutation_importance import permutation_importance
from dlstudio.engine.prediction.feature_model import FeatureModel, PredictedFeature
from dlstudio.engine.runtime.stop_token import StopToken
from dlstudio.errors import UserError
from dlstudio.i18n import _

SAMPLES = 2000
"""The importance of features is computed on at most so many samples."""


def feature_importance(
    model: FeatureModel,
    rows: EvaluatedRows,
    progress: Progress | None = None,
    stop: StopToken | None = None,
) -> dict[str, Importance]:
    """The permutation importance of each input for each output.

    Args:
        model: A run's model.
        rows: Samples whose targets are known.
        progress: Called with the number of predictions of all samples that are done,
            and their total.
        stop: Checked before each batch.

    Returns:
        By output; without those whose head has no score, or where it is not defined.

    Raises:
        Stopped: `stop` was set.
    """
    some = rows.some(SAMPLES)
    scored = [each for each in model.outputs if each.head_type.SCORE]

    def scores_of(inputs: Inputs) -> dict[str, float]:
        outputs = predict_batched(model, inputs, stop=stop)
        found = {}
        for output in scored:
            truth = some.truth[output.name]
            scores = output.scores(outputs[output.name])
            metrics = output.head_type.report_metrics(truth, scores, output.fitted)
            value = metrics.get(output.head_type.SCORE)
            if value is not None:
                found[output.name] = value
        return found

    best, found = permutation_importance(scores_of, some.inputs, progress=progress)
    metric = {each.name: each.head_type.SCORE for each in scored}
    return {
        name: Importance(metric[name], features, best[name], len(some))
        for name, features in found.items()
    }


def feature_dependence(
    model: FeatureModel,
    rows: EvaluatedRows,
    name: str,
    progress: Progress | None = None,
    stop: StopToken | None = None,
) -> dict[str, PartialDependence]:
    """What each output is on average for each value of one input.

    Args:
        model: A run's model.
        rows: Samples.
        name: The input feature.
        progress: Called with the number of values that are done, and of all.
        stop: Checked before each batch.

    Raises:
        UserError: There is no such input, or its values have no names.
        Stopped: `stop` was set.
    """
    values, labels = _grid(model, rows, name)
    some = evenly_some(rows.inputs)

    def scores_of(inputs: Inputs) -> dict[str, npt.NDArray[Any]]:
        outputs = predict_batched(model, inputs, stop=stop)
        return {each.name: each.scores(outputs[each.name]) for each in model.outputs}

    found = partial_dependence(scores_of, some, name, values, progress)
    count = len(some[name])
    units = {each.name: _units(each) for each in model.outputs}
    return {
        output: PartialDependence(name, labels, *curves, count, units[output])
        for output, curves in found.items()
    }


def _grid(
    model: FeatureModel, rows: EvaluatedRows, name: str
) -> tuple[npt.NDArray[Any], tuple[float | str, ...]]:
    """Values that occur, as rows, and as numbers or names."""
    known = cell_inputs(model.project, model.catalog)
    if name not in known:
        raise UserError(
            _("The model has no input “{name}” whose values can be compared.").format(
                name=name
            ),
            _("Choose one of: {names}.").format(names=", ".join(known))
            if known
            else _("This works for columns of tables."),
        )
    feature, column = model.feature(name), rows.inputs[name]
    feature_type = load_feature_type(model.catalog[feature.kind])
    cells = feature_type.decode(column, model.fitted[name], feature)
    parsed = feature_type.parse(cells, feature).column
    if isinstance(parsed, Numbers):
        places = number_places(parsed.values)
    else:
        places = name_places(np.array(_texts(cells)))
    chosen = cells.take(places)
    numeric = cells.values.dtype.is_numeric()
    labels = chosen.values.to_list() if numeric else _texts(chosen)
    return column[places], tuple(labels)


def _texts(cells: Cells) -> list[str]:
    """The values as they are shown; several names in one cell with commas between."""
    return [
        ", ".join(map(str, each)) if isinstance(each, list) else str(each or "")
        for each in cells.values.to_list()
    ]


def _units(output: PredictedFeature) -> tuple[str, ...]:
    return output.head_type.class_names(output.fitted)
