"""Tags: models predict them, and take none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from dlstudio.catalog.features.tags import TAGS as DESCRIPTION
from dlstudio.data.columns import Cells, Texts
from dlstudio.data.features.base import Fitted, Rows, load_feature_type
from dlstudio.data.features.cell_text import cell_texts
from dlstudio.data.features.token_texts import single_spaced
from dlstudio.document.feature import Feature
from dlstudio.engine.features.base import Values
from dlstudio.engine.features.feature_script import (
    FeatureScript,
    ScriptColumn,
    not_written,
)
from dlstudio.engine.features.input_branch import BranchInput, InputBranch
from dlstudio.engine.features.names_text import listed
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


INDENT = "    "


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
        """See `TensorFeature.script`: a list of the numbers of tags for each sentence.

        Raises:
            UserError: The tags are not those of IOB2, or there are some that are none.
        """
        parsed = load_feature_type(DESCRIPTION).parse(column.cells, column.feature)
        assert isinstance(parsed.column, Texts)
        written = single_spaced(cell_texts(column.cells))
        if not written.equals(parsed.column.values, check_names=False):
            raise not_written(column.name)
        return FeatureScript(
            target=(
                "numbers = {tag: number for number, tag in enumerate(NAMES[{name}])}",
                "targets[{name}] = [",
                f"{INDENT}[numbers[tag] for tag in tags.split()] "
                "for tags in table[{name}]",
                "]",
            ),
            names=tuple(column.fitted["tags"]),
        )


def _no_input() -> UserError:
    return UserError(
        _("Tags cannot enter a model: they are what it predicts."),
        _("Choose the tags as the target, or ignore their column."),
    )


TAGS = _TagsTensor()
