"""What the engine part of every feature type does."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.schema import Description
from dlstudio.data.columns import Cells
from dlstudio.data.features.base import Fitted, Rows
from dlstudio.document.feature import Feature
from dlstudio.engine.features.feature_script import FeatureScript, ScriptColumn
from dlstudio.engine.features.input_branch import BranchInput, InputBranch

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

Values = npt.NDArray[np.generic]


class TensorFeature(Protocol):
    """The engine part of a feature type; descriptions name an instance of it.

    Attributes:
        dtype: Data type of the raw argument of an export, as NumPy calls it: "float32",
            or "str" for strings.
        scalar: Whether that argument is one value for each sample, (n,); otherwise it
            has the shape of the input.
        is_file: Whether that value is the content of a file.
    """

    dtype: str
    scalar: bool
    is_file: bool

    def branch(self, given: BranchInput) -> InputBranch:
        """The input layer of the feature in a template, and what follows it.

        Args:
            given: What is known of the feature.
        """

    def values(self, rows: Rows, fitted: Fitted) -> Values:
        """What an input layer takes, for encoded rows.

        Args:
            rows: As the feature's data part encodes them, (n, ...).
            fitted: What the feature has learned.

        Returns:
            (n, ...); strings as objects.
        """

    def raw(self, cells: Cells, fitted: Fitted, feature: Feature) -> Values:
        """What an export takes for cells: one raw argument, (n,) or (n, ...).

        Args:
            cells: As they stand in a table.
            fitted: What the feature has learned.
            feature: With the user's settings.
        """

    def from_raw(self, values: Tensor, fitted: Fitted, feature: Feature) -> Tensor:
        """What an input layer takes, from a raw argument, as graph operations.

        It gives what `values` gives for the same cells. The graph may fail with an
        InvalidArgumentError where a value is none of this type.

        Args:
            values: A tensor (n,) or (n, ...).
            fitted: What the feature has learned.
            feature: With the user's settings.
        """

    def meaning(
        self, fitted: Fitted, feature: Feature, *, encoded: bool = False
    ) -> str:
        """What the values of a raw argument mean, in sentences for a model card.

        Args:
            fitted: What the feature has learned.
            feature: With the user's settings.
            encoded: Whether to describe what an input layer takes instead.

        Returns:
            Translated; "" where there is nothing to say.
        """

    def example(self, fitted: Fitted, feature: Feature) -> float | str:
        """A usual value of a raw argument, for code that calls an export.

        Args:
            fitted: What the feature has learned.
            feature: With the user's settings.
        """

    def edge_cells(self, fitted: Fitted, feature: Feature) -> Cells:
        """Cells unlike those of the data that verify an export, too; a blank is none.

        Args:
            fitted: What the feature has learned.
            feature: With the user's settings.
        """

    def script(self, column: ScriptColumn) -> FeatureScript:
        """The lines of a script that does the same with pandas and NumPy.

        Args:
            column: The column to be read.

        Raises:
            UserError: No script reads such cells.
        """


def load_tensor_feature(description: Description) -> TensorFeature:
    """The engine part of a feature type."""
    module, _colon, name = description.implementations.engine.partition(":")
    return cast("TensorFeature", getattr(importlib.import_module(module), name))
