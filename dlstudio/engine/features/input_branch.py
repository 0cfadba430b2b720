"""The layers that templates put behind the input of a feature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dlstudio.catalog.schema import Description
from dlstudio.data.features.base import InputForm, load_feature_type
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap

if TYPE_CHECKING:
    from dlstudio.data.columns import Column


@dataclass(frozen=True, eq=False, slots=True)
class BranchInput:
    """What is known of a feature that enters a model.

    Attributes:
        feature: Type and settings.
        count: Counts its different values, the missing one not counted; 0 if unknown.
        column: Parsed; None where there is no data.
        classes: All that the model predicts; none if it predicts a number, too.
    """

    feature: Feature
    count: Callable[[], int]
    column: Column | None = None
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BranchLayer:
    """A layer of a branch.

    Attributes:
        stem: Its id, or the prefix if several layers have it.
        kind: A class of `keras.layers`.
        params: Parameters that differ from the layer's defaults.
    """

    stem: str
    kind: str
    params: Mapping[str, object] = field(default_factory=FrozenMap)


@dataclass(frozen=True, slots=True)
class InputBranch:
    """An input, and the layers that make a row of numbers of what enters it.

    Attributes:
        form: Of the input layer.
        layers: One after the other; the last one's output is (n, numbers).
        distinct: Different values, as far as the layers depend on it.
        codes: Stem of the layer that gives the place of a name, which can be crossed
            with others; "" if none does.
        deep: Whether the layers learn features of their own, so that a model takes as
            long to train as one of these values alone.
        template: Kind of the template that a table with such a column begins with; ""
            for that of any table.
        alone: The same where all columns are of this type; "" for `template`.
        sizes: What templates of this type need to know of the values besides, by name.
    """

    form: InputForm
    layers: tuple[BranchLayer, ...] = ()
    distinct: int = 0
    codes: str = ""
    deep: bool = False
    template: str = ""
    alone: str = ""
    sizes: Mapping[str, int] = field(default_factory=FrozenMap)


def number_branch(description: Description, given: BranchInput) -> InputBranch:
    """The branch of numbers: a Normalization, unless they are of similar size anyway.

    Args:
        description: Of the feature type.
        given: What is known of the feature.
    """
    distinct = given.count()
    form = load_feature_type(description).input_form(given.feature, distinct)
    normalized = (BranchLayer("normalization", "Normalization"),)
    return InputBranch(form, () if form.scaled else normalized, distinct)
