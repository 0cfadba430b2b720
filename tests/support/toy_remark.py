"""A feature type for tests: free text, which a model's own layers split into words.

This is the description, the data part and the engine part; the view part is
`toy_remark_view`. A row is the text's UTF-8 bytes, cut or filled up to `LONGEST`.
Nothing in the package knows of it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import tensorflow as tf

from dlstudio.catalog.schema import Description, Implementations
from dlstudio.data.columns import Cells, Column, Indices
from dlstudio.data.features.base import (
    ColumnStatistics,
    Fitted,
    InputForm,
    ParsedColumn,
    Rows,
)
from dlstudio.data.features.cell_text import named_texts
from dlstudio.data.features.text_certainty import text_certainty
from dlstudio.data.typing import Tensor
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap
from dlstudio.engine.features.base import Values
from dlstudio.engine.features.feature_script import FeatureScript, ScriptColumn
from dlstudio.engine.features.input_branch import (
    BranchInput,
    BranchLayer,
    InputBranch,
)
from dlstudio.json_values import JsonObject

LONGEST = 120
WORDS, LENGTH = 50, 6
DESCRIPTION = Description(
    kind="toy.features.remark",
    family="features",
    implementation="",
    title="Remark",
    category="tables",
    summary="A few sentences.",
    implementations=Implementations(
        data="toy_remark:REMARK",
        engine="toy_remark:TENSOR",
        view="toy_remark_view:REMARK",
    ),
)


class _Remark:
    """The data part: the column is the texts themselves."""

    def certainty(self, cells: Cells, name: str) -> float:
        """Surer of free text than the type that is shipped."""
        del name
        return min(1.0, 1.1 * text_certainty(named_texts(cells)))

    def infer_params(self, cells: Cells) -> JsonObject:
        """Nothing."""
        del cells
        return {}

    def parse(self, cells: Cells, feature: Feature) -> ParsedColumn:
        """Texts; every cell is one."""
        del feature
        return ParsedColumn(
            cells.with_values(named_texts(cells)), np.zeros(len(cells), bool)
        )

    def statistics(self, column: Column) -> ColumnStatistics:
        """How many there are."""
        texts = _texts(column)
        present = texts.drop_nulls()
        return ColumnStatistics(len(texts), texts.null_count(), present.n_unique())

    def input_form(self, feature: Feature, distinct: int | None) -> InputForm:
        """One string."""
        del feature, distinct
        return InputForm((1,), "string")

    def fit(self, column: Column, training: Indices, feature: Feature) -> JsonObject:
        """Nothing: layers of the model learn the words."""
        del column, training, feature
        return {}

    def encode(self, column: Column, fitted: Fitted, feature: Feature) -> Rows:
        """Bytes, uint8 (n, LONGEST); a missing text is an empty one."""
        del fitted, feature
        rows = np.zeros((len(column), LONGEST), np.uint8)
        for row, text in enumerate(_texts(column).fill_null("").to_list()):
            some = text.encode()[:LONGEST]
            rows[row, : len(some)] = np.frombuffer(some, np.uint8)
        return rows

    def decode(self, rows: Rows, fitted: Fitted, feature: Feature) -> Cells:
        """The texts, as far as they were kept."""
        del fitted, feature
        return Cells(pl.Series(list(strings(rows)), dtype=pl.String))


class _RemarkTensor:
    """See `TensorFeature`: strings (n, 1) from strings (n,)."""

    dtype = "str"
    scalar = True
    is_file = False

    def branch(self, given: BranchInput) -> InputBranch:
        """Words, embedded and averaged."""
        form = REMARK.input_form(given.feature, None)
        sizes = {"max_tokens": WORDS, "output_sequence_length": LENGTH}
        embedded = {"input_dim": WORDS, "output_dim": 8}
        return InputBranch(
            form,
            (
                BranchLayer("words", "TextVectorization", FrozenMap(sizes)),
                BranchLayer("embedding", "Embedding", FrozenMap(embedded)),
                BranchLayer("mean", "GlobalAveragePooling1D"),
            ),
            deep=True,
        )

    def values(self, rows: Rows, fitted: Fitted) -> Values:
        del fitted
        return strings(rows).reshape(-1, 1)

    def raw(self, cells: Cells, fitted: Fitted, feature: Feature) -> Values:
        del fitted, feature
        return np.array(named_texts(cells).fill_null("").to_list(), object)

    def from_raw(self, values: Tensor, fitted: Fitted, feature: Feature) -> Tensor:
        del fitted, feature
        column: Tensor = tf.reshape(tf.strings.substr(values, 0, LONGEST), (-1, 1))
        return column

    def meaning(
        self, fitted: Fitted, feature: Feature, *, encoded: bool = False
    ) -> str:
        del fitted, feature, encoded
        return "Any text."

    def example(self, fitted: Fitted, feature: Feature) -> str:
        del fitted, feature
        return "It is calm."

    def edge_cells(self, fitted: Fitted, feature: Feature) -> Cells:
        del fitted, feature
        return Cells(pl.Series(["Never seen, 没有"]))

    def script(self, column: ScriptColumn) -> FeatureScript:
        del column
        return FeatureScript(
            prepare=('inputs[{name}] = table[{name}].fillna("").to_numpy(object)',),
            serve=(f"tf.strings.substr({{value}}, 0, {LONGEST})",),
        )


def strings(rows: npt.ArrayLike) -> npt.NDArray[np.object_]:
    """The texts of rows uint8 (n, LONGEST), object (n,)."""
    found = np.empty(len(np.asarray(rows)), object)
    found[:] = [
        bytes(row).rstrip(b"\0").decode(errors="ignore")
        for row in np.asarray(rows, np.uint8)
    ]
    return found


def _texts(column: Column) -> pl.Series:
    assert isinstance(column, Cells)
    return column.values


REMARK = _Remark()
TENSOR = _RemarkTensor()
