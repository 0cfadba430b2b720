"""How well a trained model reconstructs images, and which of them are anomalies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dlstudio.data.images.png import png_text
from dlstudio.data.prepared import Prepared
from dlstudio.data.split_names import split_word
from dlstudio.document.evaluation import EvaluationReport
from dlstudio.document.image_sections import AnomalyThreshold, ImageWalk, SampledImages
from dlstudio.engine.evaluation.batched import Progress
from dlstudio.engine.evaluation.held_out import ALL
from dlstudio.engine.heads.base import WORST
from dlstudio.engine.heads.image_values import Values, pixels_of, values_of
from dlstudio.engine.heads.reconstruction_report import (
    Errors,
    ImagesAt,
    Places,
    ReconstructionSums,
    anomaly_threshold,
    reconstruction_report,
)
from dlstudio.engine.prediction.image_generation import (
    GRID,
    can_sample,
    sample_images,
    walk_between,
)
from dlstudio.engine.prediction.image_model import BATCH, ImageModel
from dlstudio.engine.runtime.stop_token import StopSource, StopToken
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

VALIDATION = "validation"


def evaluate_images(
    model: ImageModel,
    prepared: Prepared,
    split: str = "test",
    *,
    worst: int = WORST,
    progress: Progress | None = None,
    stop: StopToken | None = None,
) -> EvaluationReport:
    """Evaluate a model that reconstructs images on one split, in flat memory.

    The threshold of anomalies is chosen on the validation split of the data, or is that
    of the model where the data has none, such as other data than the run's. One that
    the user has chosen takes its place.

    Args:
        model: A run's model.
        prepared: Its data, or other data in the same form.
        split: "train", "validation", "test" or "all".
        worst: Maximum number of images with the largest errors.
        progress: Called with the number of images done and the total.
        stop: Checked before each batch.

    Raises:
        UserError: The split is empty, or an output is not a number.
        Stopped: `stop` was set.
    """
    images = prepared.rows[model.target]
    everything = np.arange(len(prepared))
    indices = everything if split == ALL else prepared.splits[split]
    if not len(indices):
        raise UserError(
            _("The data has no samples in the {split} split.").format(
                split=split_word(split)
            ),
            _("Choose another split, or assign samples to this one and train again."),
        )
    token = stop or StopSource().token
    sums = ReconstructionSums()
    for start in range(0, len(indices), BATCH):
        token.check()
        rows = np.asarray(images[indices[start : start + BATCH]])
        found = model.reconstruct(rows)
        _check_finite(found)
        sums.add(values_of(rows), found)
        if progress is not None:
            progress(start + len(rows), len(indices))

    def images_at(places: Places) -> tuple[Values, Values]:
        rows = np.asarray(images[indices[places]])
        return values_of(rows), model.reconstruct(rows)

    ids = [prepared.ids[index] for index in indices.tolist()]
    report = reconstruction_report(sums, ids, model.target, worst, images_at)
    threshold = _threshold(model, prepared, split, sums.errors, token)
    if threshold is not None:
        threshold = threshold.chosen(model.chosen_threshold)
        share = float((sums.errors > threshold.value).mean())
        threshold = replace(threshold, share=share)
        report.sections[AnomalyThreshold.NAME] = threshold.to_json()
    if can_sample(model):
        report.sections.update(_generated(model, images_at, ids))
    return EvaluationReport.of(
        {model.target: report},
        run=model.facts.run,
        split=split,
        samples=len(indices),
        fingerprint=prepared.fingerprint,
    )


def _generated(
    model: ImageModel, images_at: ImagesAt, ids: Sequence[str]
) -> dict[str, JsonObject]:
    """New images, and a walk from the first sample to the last one."""
    samples = tuple(map(png_text, sample_images(model, GRID)))
    found = {SampledImages.NAME: SampledImages(samples).to_json()}
    if len(ids) > 1:
        ends = pixels_of(images_at(np.array([0, len(ids) - 1]))[0])
        walk = tuple(map(png_text, walk_between(model, ends[0], ends[1])))
        found[ImageWalk.NAME] = ImageWalk(str(ids[0]), str(ids[-1]), walk).to_json()
    return found


def _threshold(
    model: ImageModel,
    prepared: Prepared,
    split: str,
    errors: Errors,
    token: StopToken,
) -> AnomalyThreshold | None:
    """The threshold, chosen on the validation split of the run's own data."""
    held = np.asarray(prepared.splits.get(VALIDATION, ()), np.int64)
    if split == ALL or not len(held):
        return model.threshold
    if split != VALIDATION:
        images = prepared.rows[model.target]
        found = []
        for start in range(0, len(held), BATCH):
            token.check()
            found.append(model.errors(np.asarray(images[held[start : start + BATCH]])))
        errors = np.concatenate(found)
    return anomaly_threshold(errors, model.quantile, VALIDATION)


def _check_finite(images: Values) -> None:
    if not np.isfinite(images).all():
        raise UserError(
            _("The model gives values that are not numbers."),
            _("Training diverged. Train again with a lower learning rate."),
        )
