"""Tokens: an input takes a sentence, in which each token takes as many characters.

So layers that split at spaces find words, and others the characters of each word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dlstudio.catalog.features.tokens import TOKENS as DESCRIPTION
from dlstudio.data.columns import Cells, Texts
from dlstudio.data.features.base import Fitted, Rows, load_feature_type
from dlstudio.data.features.token_texts import SEEN, padded_tokens
from dlstudio.data.features.token_texts import WIDTH as TOKEN_WIDTH
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap
from dlstudio.engine.features.base import Values
from dlstudio.engine.features.feature_script import (
    FeatureScript,
    ScriptColumn,
    not_written,
)
from dlstudio.engine.features.input_branch import (
    BranchInput,
    BranchLayer,
    InputBranch,
)
from dlstudio.engine.features.token_profile import TokenProfile
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

VECTORS, FILTERS, WIDTH = 64, 128, 4


class _TokensTensor:
    """See `TensorFeature`: strings (n, 1) from strings (n,)."""

    dtype = "str"
    scalar = True
    is_file = False

    def branch(self, given: BranchInput) -> InputBranch:
        """Words, and convolutions that find phrases."""
        profile = TokenProfile()
        if isinstance(given.column, Texts):
            profile = TokenProfile.of(given.column.values)
        convolution = {
            "filters": FILTERS,
            "kernel_size": WIDTH,
            "activation": "relu",
        }
        return InputBranch(
            load_feature_type(DESCRIPTION).input_form(given.feature, None),
            (
                profile.words(),
                profile.embedding(VECTORS, masked=False),
                BranchLayer("phrases", "Conv1D", FrozenMap(convolution)),
                BranchLayer("strongest", "GlobalMaxPooling1D"),
            ),
            deep=True,
            sizes=profile.sizes,
        )

    def values(self, rows: Rows, fitted: Fitted) -> Values:
        """The sentences with tokens of one width, object (n, 1)."""
        del fitted
        texts = [str(each) for each in rows[:]]
        padded = padded_tokens(pl.Series(texts, dtype=pl.String))
        return padded.to_numpy().astype(object).reshape(-1, 1)

    def raw(self, cells: Cells, fitted: Fitted, feature: Feature) -> Values:
        """The sentences, object (n,); "" where there is none."""
        del fitted
        column = load_feature_type(DESCRIPTION).parse(cells, feature).column
        assert isinstance(column, Texts)
        return column.values.fill_null("").to_numpy().astype(object)

    def from_raw(self, values: Tensor, fitted: Fitted, feature: Feature) -> Tensor:
        """Sentences with tokens of one width, string (n, 1)."""
        # A script needs only the rest of this module.
        from dlstudio.engine.features.token_graph import padded

        del fitted, feature
        return padded(values)

    def meaning(
        self, fitted: Fitted, feature: Feature, *, encoded: bool = False
    ) -> str:
        """That tokens have spaces between them."""
        del fitted, feature
        text = _("The tokens of a sentence in UTF-8, with a space between each two.")
        if not encoded:
            return text
        form = _(
            "Each token has {count} characters, and a space behind it: longer ones are "
            "cut, and shorter ones filled up with spaces."
        ).format(count=SEEN)
        return f"{text} {form}"

    def example(self, fitted: Fitted, feature: Feature) -> str:
        """A sentence with punctuation, which is a token of its own."""
        del fitted, feature
        return "Alice flew to Paris ."

    def edge_cells(self, fitted: Fitted, feature: Feature) -> Cells:
        """Other scripts, a sentence longer than any, and odd spaces."""
        del fitted, feature
        texts = [
            "艾丽丝 飞往 巴黎 。 👩‍🚀 مرحبا",
            " ".join(f"w{number}" for number in range(1000)),
            "a  b\tc\u00a0d \u3000 e",
        ]
        return Cells(pl.Series(texts))

    def script(self, column: ScriptColumn) -> FeatureScript:
        """See `TensorFeature.script`.

        Raises:
            UserError: The file's type of the column is none of texts.
        """
        if column.cells.values.dtype != pl.String:
            raise not_written(column.name)
        return FeatureScript(
            prepare=(
                'sentences = table[{name}].fillna("").to_numpy(object)',
                "inputs[{name}] = padded_tokens(sentences).numpy()",
            ),
            serve=("padded_tokens({value})",),
            helpers=(PADDED,),
        )


PADDED = (
    "def padded_tokens(sentences) -> tf.Tensor:",
    f'    """Sentences in which each token takes {TOKEN_WIDTH} characters."""',
    "    tokens = tf.strings.split(sentences)",
    f'    some = tf.strings.substr(tokens.flat_values, 0, {SEEN}, unit="UTF8_CHAR")',
    f'    some += " " * {TOKEN_WIDTH}',
    f'    some = tf.strings.substr(some, 0, {TOKEN_WIDTH}, unit="UTF8_CHAR")',
    '    padded = tokens.with_flat_values(some).to_tensor("")',
    "    return tf.strings.reduce_join(padded, axis=-1)",
)
"""As `token_graph.padded`."""
TOKENS = _TokensTensor()
