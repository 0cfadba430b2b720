"""How much worse a model is when one feature says nothing any more.

Breiman: "Random Forests" (2001), as scikit-learn defines it: the values of one feature
are shuffled over the samples, and its importance is how much the score falls. With the
same seed it draws the same permutations as `sklearn.inspection.permutation_importance`.
The model is a black box; features that say the same share their importance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.document.feature_sections import FeatureImportance
from dlstudio.engine.evaluation.batched import Inputs

REPEATS = 5
Scores = Mapping[str, float]
ScoresOf = Callable[[Inputs], Scores]


def permutation_importance(
    scores_of: ScoresOf,
    inputs: Inputs,
    *,
    repeats: int = REPEATS,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Scores, dict[str, tuple[FeatureImportance, ...]]]:
    """The importance of each input for each score, the most important first.

    Args:
        scores_of: Predicts for inputs by name, and gives scores of that by name; higher
            is better, such as R² or accuracy.
        inputs: Values of the samples by name, each (n, ...). Only one is copied at a
            time.
        repeats: How often each feature is shuffled.
        seed: The same seed gives the same importances.
        progress: Called with the number of predictions of all samples that are done,
            and their total.

    Returns:
        The scores with nothing shuffled, and by score the importances.
    """
    total = 1 + len(inputs) * repeats
    done = 0

    def counted(changed: Inputs) -> Scores:
        nonlocal done
        found = scores_of(changed)
        done += 1
        if progress:
            progress(done, total)
        return found

    best = counted(inputs)
    drawn = np.random.RandomState(seed).randint(np.iinfo(np.int32).max + 1)
    found: dict[str, list[FeatureImportance]] = {name: [] for name in best}
    for feature, column in inputs.items():
        shuffled = _shuffled(np.asarray(column), drawn, repeats)
        worse = [counted({**inputs, feature: each}) for each in shuffled]
        for name, score in best.items():
            falls = [score - each[name] for each in worse]
            mean, deviation = float(np.mean(falls)), float(np.std(falls))
            found[name].append(FeatureImportance(feature, mean, deviation))
    ranked = {
        name: tuple(sorted(falls, key=lambda each: -each.loss))
        for name, falls in found.items()
    }
    return best, ranked


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
