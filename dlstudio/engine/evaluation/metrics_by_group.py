"""The metrics of each output by the values of a column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from dlstudio.document.feature_sections import GroupMetrics
from dlstudio.engine.evaluation.batched import Progress, predict_batched
from dlstudio.engine.evaluation.evaluated_rows import EvaluatedRows, check_finite
from dlstudio.engine.evaluation.group_metrics import Indices, group_metrics
from dlstudio.engine.heads.base import Floats
from dlstudio.engine.prediction.feature_model import FeatureModel, PredictedFeature
from dlstudio.engine.runtime.stop_token import StopToken
from dlstudio.errors import UserError
from dlstudio.i18n import _

MOST_GROUPS = 50
"""More groups are no groups: a column of names or numbers of its own for each row."""


def metrics_by_group(
    model: FeatureModel,
    rows: EvaluatedRows,
    groups: Sequence[str],
    column: str,
    progress: Progress | None = None,
    stop: StopToken | None = None,
) -> dict[str, dict[str, GroupMetrics]]:
    """Every metric of every output, for each group of samples.

    Args:
        model: A run's model.
        rows: Samples whose targets are known.
        groups: The group of each of them, "" where it has none.
        column: Name of the column that says so.
        progress: Called with the number of predicted and of all rows.
        stop: Checked before each batch.

    Returns:
        By output, by metric.

    Raises:
        UserError: There are too many groups, or outputs are no numbers.
        Stopped: `stop` was set.
    """
    count = len(set(groups))
    if count > MOST_GROUPS:
        raise UserError(
            _("“{column}” has {count} different values in this split.").format(
                column=column, count=count
            ),
            _("Choose a column with at most {most} of them.").format(most=MOST_GROUPS),
        )
    outputs = predict_batched(model, rows.inputs, progress, stop)
    check_finite(outputs)
    found = {}
    for output in model.outputs:
        metrics = _metrics_of(
            output, rows.truth[output.name], output.scores(outputs[output.name])
        )
        found[output.name] = group_metrics(groups, metrics, column)
    return found


def _metrics_of(
    output: PredictedFeature, truth: npt.NDArray[np.generic], scores: Floats
) -> Callable[[Indices], Mapping[str, float | None]]:
    """What gives the metrics of an output for some of the rows."""

    def metrics(some: Indices) -> Mapping[str, float | None]:
        return output.head_type.report_metrics(truth[some], scores[some], output.fitted)

    return metrics
