"""Jobs that predict from values as a user types them; on a thread of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.document.output_answer import OutputAnswer
from dlstudio.workers.image_prediction import small_image
from dlstudio.workers.jobs import JobContext
from dlstudio.workers.model_cache import ModelCache, RunReference

if TYPE_CHECKING:
    from dlstudio.document.prediction import Answer
    from dlstudio.engine.prediction.feature_model import FeatureModel


@dataclass(frozen=True, eq=False, slots=True)
class ValueAnswer:
    """What a model predicts for values, or why it cannot.

    Attributes:
        answers: One for each output; none if a value cannot be used.
        errors: Why values cannot be used, by feature.
        previews: Of values that name files, uint8 (h, w, 3), by feature.
        from_checkpoint: Whether the weights are from a checkpoint of an unfinished run.
    """

    answers: tuple[OutputAnswer, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    previews: Mapping[str, npt.NDArray[np.uint8]] = field(default_factory=dict)
    from_checkpoint: bool = False


def predict_form(
    context: JobContext,
    models: ModelCache,
    question: RunReference,
    values: Mapping[str, str],
) -> ValueAnswer:
    """What a run's model predicts for one sample.

    Args:
        context: Context of the job.
        models: Caches the last used model.
        question: The run and the project's folder.
        values: By feature, as they are typed; "" where one is missing.

    Raises:
        UserError: The model cannot be loaded.
    """
    from dlstudio.engine.prediction.predict_rows import predict_sample, unusable_values
    from dlstudio.engine.runs.store import RunStore

    del context
    run = RunStore(question.folder).find(question.run)
    model = models.features(run, question.catalog, question.search)
    unfinished = run.model_path is None
    previews = _previews(model, values)
    found = predict_sample(model, values)
    if found.error:
        errors = unusable_values(model, values)
        return ValueAnswer((), errors, previews, unfinished)
    answers = tuple(_answer(name, each) for name, each in found.outputs.items())
    return ValueAnswer(answers, {}, previews, unfinished)


def _previews(
    model: FeatureModel, values: Mapping[str, str]
) -> dict[str, npt.NDArray[np.uint8]]:
    """Small previews of the values that name files."""
    found = {}
    for name in model.inputs:
        path = Path(values.get(name, ""))
        described = model.catalog[model.feature(name).kind]
        if described.implementations.stored and path.is_file():
            preview = small_image(path)
            if preview is not None:
                found[name] = preview
    return found


def _answer(name: str, answer: Answer) -> OutputAnswer:
    """An output's answer as its feature's view shows it."""
    if "value" in answer:
        return OutputAnswer(name, number=float(answer["value"]))
    if "tags" in answer:
        tokens = tuple(answer.get("tokens", ()))
        return OutputAnswer(name, " ".join(answer["tags"]), tokens=tokens)
    if "text" in answer:
        return OutputAnswer(name, str(answer["text"]))
    labels = answer.get("labels")
    value = answer["label"] if labels is None else "|".join(labels)
    return OutputAnswer(name, value, scores=tuple(answer["scores"].items()))
