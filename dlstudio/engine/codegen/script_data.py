"""What the writers of a program need to know of its data, whatever it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from dlstudio.data.features.base import Fitted
from dlstudio.document.feature import Feature
from dlstudio.engine.features.feature_script import FeatureScript


class ScriptData(Protocol):
    """Data that a script reads."""

    @property
    def features(self) -> Mapping[str, Feature]:
        """The features that are used, as the user set them."""

    @property
    def fitted(self) -> Mapping[str, Fitted]:
        """What they have learned."""

    @property
    def scripts(self) -> Mapping[str, FeatureScript]:
        """Their lines."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """Samples of each split."""

    @property
    def fills(self) -> bool:
        """Whether missing values of some input are filled with what was learned."""

    @property
    def target_values(self) -> int:
        """Values of the target of a sample, over which losses are means."""

    @property
    def loading(self) -> tuple[str, ...]:
        """Statements that set `splits`, `inputs` and `targets`."""

    @property
    def results(self) -> Mapping[str, str]:
        """What an export calls results that it would call otherwise."""
