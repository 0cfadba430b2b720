"""Keras' datasets of texts, downloaded once into Keras' cache when first used."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dlstudio.data.columns import Cells
from dlstudio.data.data_source import DataSource
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import TEST, TRAIN, Samples, split_array
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonValue

TEXT, LABEL = "text", "label"
"""Names of the columns."""
NAMES = ("imdb", "reuters")
ALL = 2**31
SENTIMENTS = ("negative", "positive")
"""What the labels 0 and 1 of IMDB's reviews mean."""


def read(params: Mapping[str, JsonValue], base: Path) -> Samples:
    """Read one of the datasets; Keras shows download progress on standard error.

    Keras has them as numbers of words: in lower case and without punctuation.

    Args:
        params: "name", one of `NAMES`.
        base: Unused.

    Raises:
        UserError: The dataset does not exist, or cannot be downloaded.
    """
    import polars as pl  # every path that is dropped is shown to all sources

    name = str(params.get("name", NAMES[0]))
    if name not in NAMES:
        raise UserError(
            _("Keras has no text dataset called “{name}”.").format(name=name),
            _("Choose one of: {names}.").format(names=", ".join(NAMES)),
        )
    splits, words, classes = _loaded(name)
    texts = [text for _split, rows, _y in splits for text in _texts(rows, words)]
    labels = [classes[int(each)] for _split, _rows, y in splits for each in y]
    where = [split for split, rows, _y in splits for _row in rows]
    columns = {
        TEXT: Cells(pl.Series(TEXT, texts, dtype=pl.String)),
        LABEL: Cells(pl.Series(LABEL, labels, dtype=pl.String)),
    }
    numbers = np.arange(1, len(texts) + 1, dtype=np.int64)
    return Samples(RowIds(numbers), columns, split_array(where))


def _texts(rows: Sequence[Sequence[int]], words: Mapping[int, str]) -> Iterator[str]:
    for row in rows:
        yield " ".join(words[number] for number in row if number in words)


def _loaded(
    name: str,
) -> tuple[list[tuple[str, Any, Any]], dict[int, str], Sequence[str]]:
    """The splits as (name, rows of numbers, labels), the words, and the classes."""
    import keras

    module = getattr(keras.datasets, name)
    # Keras writes to standard output, which is reserved for results.
    with contextlib.redirect_stdout(sys.stderr):
        try:
            # The words' own numbers: no marks for the start or for unknown words. By
            # default Keras drops the rarest word.
            train, test = module.load_data(
                num_words=ALL, start_char=None, oov_char=None, index_from=0
            )
            words = {number: word for word, number in module.get_word_index().items()}
        except Exception as error:
            # Keras raises a bare Exception when a download fails, and any exception
            # when a file of its cache is damaged.
            reason = " ".join(str(error).split()).rstrip(". ")[:200]
            raise UserError(
                _(
                    "The dataset “{name}” is not on this computer and could "
                    "not be downloaded: {reason}."
                ).format(name=name, reason=reason or type(error).__name__),
                _("Connect to the internet, or use the reviews, which are built in."),
            ) from error
    classes = SENTIMENTS if name == "imdb" else module.get_label_names()
    return [(TRAIN, *train), (TEST, *test)], words, classes


SOURCE = DataSource(read)
