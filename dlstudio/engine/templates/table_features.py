"""The columns of a table as templates see them, and which pairs to cross."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap, freeze_map
from dlstudio.engine.features.base import load_tensor_feature
from dlstudio.engine.features.input_branch import BranchInput, InputBranch
from dlstudio.engine.heads.base import HeadType
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.templates.informative_pairs import Codes, informative_pairs
from dlstudio.engine.templates.sequence_profile import SequenceProfile

if TYPE_CHECKING:
    from dlstudio.data.columns import Column
    from dlstudio.data.features.base import InputForm

REGRESSION = "dlstudio.heads.regression"
FAR = 6.0
"""Robust deviations from the median; what lies beyond is an outlier."""


@dataclass(frozen=True, slots=True)
class InputFeature:
    """A column that enters the model.

    Attributes:
        name: Of the feature, and of its input layer.
        feature: Type and settings.
        branch: Its input layer, and what makes numbers of it.
    """

    name: str
    feature: Feature
    branch: InputBranch

    @property
    def form(self) -> InputForm:
        """Of its input layer."""
        return self.branch.form

    @classmethod
    def of(
        cls, name: str, feature: Feature, distinct: int, catalog: Catalog
    ) -> InputFeature:
        """A column whose type says what input it needs.

        Args:
            name: See the attribute.
            feature: Likewise.
            distinct: Different values, the missing one not counted.
            catalog: Describes the types.
        """
        part = load_tensor_feature(catalog.find("features", feature.kind))
        return cls(name, feature, part.branch(BranchInput(feature, lambda: distinct)))


@dataclass(frozen=True, slots=True)
class TargetFeature:
    """A column that the model predicts.

    Attributes:
        name: Of the feature, and of its output layer.
        feature: Type and settings.
        head: What the output means.
        classes: Number of classes or labels; 0 of a number.
        mean, deviation: Of a number, in its own unit.
        outliers: Whether some numbers lie far from all others.
    """

    name: str
    feature: Feature
    head: HeadType
    classes: int = 0
    mean: float = 0.0
    deviation: float = 1.0
    outliers: bool = False


@dataclass(frozen=True, slots=True)
class TableFeatures:
    """What a template needs to know of a table.

    Attributes:
        crosses: Pairs of categories that say more of the first target at the same time
            than each alone, the most informative first.
        sequences: How texts are split, by feature; where a text is predicted.
    """

    inputs: tuple[InputFeature, ...]
    targets: tuple[TargetFeature, ...]
    crosses: tuple[tuple[str, str], ...] = ()
    sequences: Mapping[str, SequenceProfile] = field(default_factory=FrozenMap)


def table_features(
    columns: Mapping[str, Column],
    features: Mapping[str, Feature],
    targets: Mapping[str, str],
    catalog: Catalog,
) -> TableFeatures:
    """Describe the columns of a table.

    Args:
        columns: Parsed columns by the name of their feature.
        features: Their types and settings; those without a column, and those that are
            not read from cells, are not used.
        targets: The features to predict, with the kind of their head.
        catalog: Describes the types.
    """
    from dlstudio.data.columns import Categories, Texts

    used = {
        name: feature
        for name, feature in features.items()
        if name in columns
        and catalog.find("features", feature.kind).implementations.data
    }
    classes = _class_names(columns, targets)
    inputs = tuple(
        _input(name, feature, columns[name], classes, catalog)
        for name, feature in used.items()
        if name not in targets or _of_input(targets[name], catalog)
    )
    predicted = tuple(
        _target(name, used[name], head, columns[name], catalog)
        for name, head in targets.items()
        if name in used
    )
    categories = {
        each.name: _codes(columns[each.name])
        for each in inputs
        if isinstance(columns[each.name], Categories)
    }
    crosses: tuple[tuple[str, str], ...] = ()
    texts = {n: each for n, each in columns.items() if isinstance(each, Texts)}
    if any(each.name in texts for each in predicted):
        profiles = {n: SequenceProfile.of(each.values) for n, each in texts.items()}
        return TableFeatures(inputs, predicted, sequences=FrozenMap(profiles))
    if predicted:
        crosses = informative_pairs(categories, _codes(columns[predicted[0].name]))
    return TableFeatures(inputs, predicted, crosses)


def _of_input(head: str, catalog: Catalog) -> bool:
    """Whether a head predicts what enters the model."""
    return bool(catalog.find("heads", head).extra.get("of_input"))


def _class_names(
    columns: Mapping[str, Column], targets: Mapping[str, str]
) -> tuple[str, ...]:
    """The names of all predicted classes; none if a number is predicted, too."""
    from dlstudio.data.columns import Categories, CategorySets

    found = [columns[name] for name in targets if name in columns]
    if not all(isinstance(each, (Categories, CategorySets)) for each in found):
        return ()
    return tuple(name for each in found for name in getattr(each, "names", ()))


def _input(
    name: str,
    feature: Feature,
    column: Column,
    classes: tuple[str, ...],
    catalog: Catalog,
) -> InputFeature:
    part = load_tensor_feature(catalog.find("features", feature.kind))
    given = BranchInput(
        feature, lambda: _distinct(column, feature, catalog), column, classes
    )
    return InputFeature(name, feature, part.branch(given))


def _target(
    name: str, feature: Feature, head: str, column: Column, catalog: Catalog
) -> TargetFeature:
    wanted = catalog.find("features", feature.kind).extra.get("target_params", {})
    params = FrozenMap({**feature.params, **freeze_map(wanted)})
    feature = Feature(feature.kind, feature.column, params)
    head_type = find_head_type(head, catalog)
    if head_type.scores_names:
        classes = _distinct(column, feature, catalog)
        return TargetFeature(name, feature, head_type, classes)
    numbers = _numbers(column)
    spread = float(numbers.std()) if len(numbers) else 0.0
    return TargetFeature(
        name,
        feature,
        head_type,
        mean=float(numbers.mean()) if len(numbers) else 0.0,
        deviation=spread or 1.0,
        outliers=has_outliers(numbers),
    )


def has_outliers(numbers: npt.NDArray[np.float64]) -> bool:
    """Whether a number lies more than `FAR` robust deviations from the median."""
    if not len(numbers):
        return False
    far = np.abs(numbers - np.median(numbers))
    deviation = 1.4826 * float(np.median(far))
    return bool(deviation > 0 and far.max() > FAR * deviation)


def _distinct(column: Column, feature: Feature, catalog: Catalog) -> int:
    from dlstudio.data.columns import CategorySets
    from dlstudio.data.features.base import load_feature_type

    if isinstance(column, CategorySets):
        return len(column.names)
    type_ = load_feature_type(catalog.find("features", feature.kind))
    return type_.statistics(column).distinct


def _codes(column: Column) -> Codes:
    """Codes from 0; of numbers those of ten equally frequent ranges."""
    from dlstudio.data.columns import Categories, Texts

    if isinstance(column, Categories):
        return column.codes.astype(np.int64) + 1
    if isinstance(column, Texts):  # of which hardly any two are the same
        return np.zeros(len(column), np.int64)
    values = getattr(column, "values", None)
    if not isinstance(values, np.ndarray):  # windows of a text
        return np.zeros(len(column), np.int64)
    if values.ndim == 2:  # any number of labels: the first that is there
        return np.asarray(values.argmax(axis=1), np.int64)
    present = values[~np.isnan(values)]
    if not len(present):
        return np.zeros(len(values), np.int64)
    edges = np.unique(np.quantile(present, np.linspace(0, 1, 11)[1:-1]))
    return np.asarray(np.searchsorted(edges, values, side="right"), np.int64)


def _numbers(column: Column) -> npt.NDArray[np.float64]:
    """The numbers that are there; none of a column of anything else."""
    from dlstudio.data.columns import Numbers

    if not isinstance(column, Numbers):
        return np.zeros(0)
    return column.values[~np.isnan(column.values)]


def example_features() -> TableFeatures:
    """Two numbers and a category, where there is no data yet."""
    from dlstudio.catalog.features import FEATURES
    from dlstudio.catalog.features.category import CATEGORY
    from dlstudio.catalog.features.number import NUMBER
    from dlstudio.engine.heads.classification import CLASSIFICATION

    catalog = Catalog(FEATURES)
    inputs = (
        InputFeature.of("length", Feature(NUMBER.kind), 100, catalog),
        InputFeature.of("width", Feature(NUMBER.kind), 100, catalog),
        InputFeature.of("color", Feature(CATEGORY.kind), 5, catalog),
    )
    target = TargetFeature("class", Feature(CATEGORY.kind), CLASSIFICATION, classes=3)
    return TableFeatures(inputs, (target,))
