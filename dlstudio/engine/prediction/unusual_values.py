"""Values that a model takes, but has not learned from: unseen or unreadable ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dlstudio.data.columns import Cells
from dlstudio.data.features.base import load_feature_type
from dlstudio.data.features.category import UNSEEN
from dlstudio.engine.prediction.feature_model import FeatureModel


@dataclass(frozen=True, slots=True)
class UnusualValues:
    """Values of an input.

    Attributes:
        feature: The input.
        count: In how many rows there is one.
        example: One of them, as it is written.
        is_unseen: Whether they are names that were not in the training split; otherwise
            they cannot be read, and count as missing.
    """

    feature: str
    count: int
    example: str
    is_unseen: bool


def unusual_values(
    model: FeatureModel, cells: Mapping[str, Cells]
) -> Iterator[UnusualValues]:
    """What is unusual about the inputs of some rows.

    Args:
        model: A run's model.
        cells: By input feature, all as long.
    """
    for name in model.inputs:
        feature, fitted = model.feature(name), model.fitted.get(name, {})
        feature_type = load_feature_type(model.catalog[feature.kind])
        parsed = feature_type.parse(cells[name], feature)
        if parsed.unreadable.any():
            yield _found(name, cells[name], parsed.unreadable, False)
        if "names" not in fitted:
            continue
        codes = np.asarray(feature_type.encode(parsed.column, fitted, feature))
        if codes.ndim == 1 and (codes == UNSEEN).any():
            yield _found(name, cells[name], codes == UNSEEN, True)


def _found(
    name: str, cells: Cells, mask: npt.NDArray[np.bool_], is_unseen: bool
) -> UnusualValues:
    places = np.flatnonzero(mask)
    (example,) = cells.take(places[:1]).values.to_list()
    return UnusualValues(name, len(places), str(example), is_unseen)
