"""How good a model of features is: a report of each of its outputs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dlstudio.data.prepare import Prepared
from dlstudio.data.split_names import split_word
from dlstudio.document.evaluation import EvaluationReport, HeadReport
from dlstudio.engine.prediction.feature_model import FeatureModel, Outputs
from dlstudio.engine.runtime.stop_token import StopSource, StopToken
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext

ALL = "all"
BATCH = 1024
Progress = Callable[[int, int], None]


def evaluate_features(
    model: FeatureModel,
    prepared: Prepared,
    split: str = "test",
    *,
    progress: Progress | None = None,
    stop: StopToken | None = None,
) -> EvaluationReport:
    """Evaluate every output of a model on one split.

    Args:
        model: A run's model.
        prepared: Its data, or other data with the same features.
        split: "train", "validation", "test" or "all".
        progress: Called with the number of predicted and of all rows.
        stop: Checked before each batch.

    Raises:
        UserError: The split is empty, or an output is not a number.
        Stopped: `stop` was set.
    """
    indices = np.arange(len(prepared)) if split == ALL else prepared.splits[split]
    if not len(indices):
        raise UserError(
            _("The data has no samples in the {split} split.").format(
                split=split_word(split)
            ),
            _("Choose another split, or assign samples to this one and train again."),
        )
    outputs = _predicted(model, prepared, indices, progress, stop)
    ids = [prepared.ids[index] for index in indices.tolist()]
    reports: dict[str, HeadReport] = {}
    for output in model.outputs:
        _check_finite(outputs[output.name])
        reports[output.name] = output.head_type.evaluate(
            np.asarray(prepared.rows[output.name][indices]),
            outputs[output.name],
            ids,
            output.fitted,
            target=output.name,
            split=split,
            from_logits=output.from_logits,
        )
    return _report(model, prepared, split, len(indices), reports)


def _predicted(
    model: FeatureModel,
    prepared: Prepared,
    indices: np.ndarray,
    progress: Progress | None,
    stop: StopToken | None,
) -> Outputs:
    """The outputs for some samples, batch by batch."""
    token = stop or StopSource().token
    pieces: list[Outputs] = []
    for start in range(0, len(indices), BATCH):
        token.check()
        rows = indices[start : start + BATCH]
        pieces.append(
            model.predict({name: prepared.rows[name][rows] for name in model.inputs})
        )
        if progress is not None:
            progress(start + len(rows), len(indices))
    return {
        output.name: np.concatenate([piece[output.name] for piece in pieces])
        for output in model.outputs
    }


def _check_finite(outputs: np.ndarray) -> None:
    broken = int((~np.isfinite(outputs)).reshape(len(outputs), -1).any(axis=1).sum())
    if broken:
        raise UserError(
            ngettext(
                "For {count} sample, the model's scores are not numbers.",
                "For {count} samples, the model's scores are not numbers.",
                broken,
            ).format(count=broken),
            _("Training diverged. Train again with a lower learning rate."),
        )


def _report(
    model: FeatureModel,
    prepared: Prepared,
    split: str,
    samples: int,
    reports: dict[str, HeadReport],
) -> EvaluationReport:
    """The report of all outputs, with what is said of classes about the first one."""
    first = model.outputs[0]
    classes = first.fitted.get("names", ()) if first.head_type.has_classes else ()
    return EvaluationReport.of(
        reports,
        run=model.run,
        split=split,
        samples=samples,
        fingerprint=prepared.fingerprint,
        classes=tuple(classes),
        multi_label=first.head_type.labels == "multi",
    )
