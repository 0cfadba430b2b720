"""How much worse a model is when one feature says nothing any more.

Breiman: "Random Forests" (2001), as scikit-learn defines it: the values of one feature
are shuffled over the samples, and its importance is how much the score falls. With the
same seed it draws the same permutations as `sklearn.inspection.permutation_importance`.
The model is a black box; features that say the same share their importance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.document.report_sections import FeatureImportance, Importance
from dlstudio.engine.evaluation.batched import Inputs, Predict, predict_batched
from dlstudio.engine.runtime.stop_token import StopSource, StopToken

REPEATS = 5
Score = Callable[[npt.NDArray[Any]], float]


def permutation_importance(
    predict: Predict,
    inputs: Inputs,
    score: Score,
    *,
    metric: str,
    repeats: int = REPEATS,
    seed: int = 0,
    batch: int = 1024,
    progress: Callable[[int, int], None] | None = None,
    stop: StopToken | None = None,
) -> Importance:
    """The importance of each input, the most important first.

    Args:
        predict: Raw outputs (n, ...) of inputs by name; called with batches.
        inputs: Values of the samples by name, each (n, ...). Only one is copied at a
            time.
        score: Score of all outputs, higher is better, such as R² or accuracy.
        metric: Recorded name of the score.
        repeats: How often each feature is shuffled.
        seed: The same seed gives the same importances.
        batch: Batch size.
        progress: Called with the number of predictions of all samples that are done,
            and their total.
        stop: Checked before each batch.

    Raises:
        Stopped: `stop` was set.
    """
    token = stop or StopSource().token
    total = 1 + len(inputs) * repeats
    done = 0

    def score_of(changed: Inputs) -> float:
        nonlocal done
        found = score(predict_batched(predict, changed, batch, token))
        done += 1
        if progress:
            progress(done, total)
        return found

    best = score_of(inputs)
    drawn = np.random.RandomState(seed).randint(np.iinfo(np.int32).max + 1)
    found = []
    for name, column in inputs.items():
        shuffled = _shuffled(np.asarray(column), drawn, repeats)
        falls = [best - score_of({**inputs, name: each}) for each in shuffled]
        mean, deviation = float(np.mean(falls)), float(np.std(falls))
        found.append(FeatureImportance(name, mean, deviation))
    found.sort(key=lambda each: -each.loss)
    return Importance(metric, tuple(found))


def _shuffled(
    column: npt.NDArray[Any], seed: int, repeats: int
) -> Iterator[npt.NDArray[Any]]:
    """The column in other orders; every column in the same ones, as in scikit-learn."""
    random = np.random.RandomState(seed)
    places = np.arange(len(column))
    for _repeat in range(repeats):
        random.shuffle(places)
        column = column[places]
        yield column
