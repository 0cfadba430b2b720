"""Tags: models predict them, and take none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from dlstudio.data.columns import Cells
from dlstudio.data.features.base import Fitted, Rows
from dlstudio.data.features.cell_text import cell_texts
from dlstudio.document.feature import Feature
from dlstudio.engine.features.base import Values
from dlstudio.engine.features.feature_script import FeatureScript, ScriptColumn
from dlstudio.engine.features.input_branch import BranchInput, InputBranch
from dlstudio.engine.features.names_text import listed
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


class _TagsTensor:
    """See `TensorFeature`: nothing takes tags, but a script reads them as targets."""

    dtype = "str"
    scalar = True
    is_file = False

    def branch(self, given: BranchInput) -> InputBranch:
        """None: tags are known only of sentences that need no model.

        Raises:
            UserError: Always.
        """
        raise _no_input()

    def values(self, rows: Rows, fitted: Fitted) -> Values:
        """The numbers of the tags, float32 (n, length)."""
        del fitted
        return np.asarray(rows, np.float32)

    def raw(self, cells: Cells, fitted: Fitted, feature: Feature) -> Values:
        """The tags, object (n,); "" where there are none."""
        del fitted, feature
        return cell_texts(cells).fill_null("").to_numpy().astype(object)

    def from_raw(self, values: Tensor, fitted: Fitted, feature: Feature) -> Tensor:
        """Nothing.

        Raises:
            UserError: Always.
        """
        raise _no_input()

    def meaning(
        self, fitted: Fitted, feature: Feature, *, encoded: bool = False
    ) -> str:
        """Which tags there are."""
        del feature, encoded
        return listed(fitted["tags"])

    def example(self, fitted: Fitted, feature: Feature) -> str:
        """The tag outside of all entities."""
        del feature
        return str(fitted["tags"][0])

    def edge_cells(self, fitted: Fitted, feature: Feature) -> Cells:
        """None: nothing takes them."""
        del fitted, feature
        return Cells(pl.Series([], dtype=pl.String))

    def script(self, column: ScriptColumn) -> FeatureScript:
        """None.

        Raises:
            UserError: Always.
        """
        raise UserError(
            _("A script does not read tokens and tags."),
            _("It has the model alone; load “{name}” with code of your own.").format(
                name=column.name
            ),
        )


def _no_input() -> UserError:
    return UserError(
        _("Tags cannot enter a model: they are what it predicts."),
        _("Choose the tags as the target, or ignore their column."),
    )


TAGS = _TagsTensor()
