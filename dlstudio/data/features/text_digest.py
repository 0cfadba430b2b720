"""What is known of each text of a column, in a few bytes; found in one pass.

A large table is in a file: what asks for its texts again and again would read and
decode them as often, and what asks for all at once would have them all in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.data.columns import Indices, Mask
from dlstudio.data.features.hashes import Hashes
from dlstudio.data.tables.scratch_file import ScratchFile

DAMAGED = (
    # What stands for bytes that could not be read, also when read once more.
    "\ufffd|锟斤拷|ï¿½|"
    # UTF-8 that was read as Windows-1252: “â€™” for an apostrophe, “Ã©” for “é”.
    "â€[™œ\u009d\u0080-\u00bf“”˜¦]|Ã[\u0080-\u00bf©¨¤¶¼±]|ï»¿|"
    # Control characters other than line ends and tabs, and a byte order mark inside.
    "[\\x00-\\x08\\x0B\\x0E-\\x1F]|.\ufeff"
)
PLAIN_CONTROLS = (9, 10, 12, 13)
Lengths = npt.NDArray[np.int32]
"""Characters, (n,); -1 where there is no text."""


@dataclass(frozen=True, eq=False, slots=True)
class TextDigest:
    """What is known of each of n texts.

    Attributes:
        lengths: Gives their lengths.
        hashes: Gives their hashes; that of null where there is none.
        damaged: Places of those with characters that were read wrongly, (k,).
    """

    lengths: Callable[[], Lengths]
    hashes: Callable[[], Hashes]
    damaged: Indices

    def missing(self) -> Mask:
        """Where there is no text, bool (n,)."""
        return np.asarray(self.lengths() < 0)

    def changed(self, places: Indices, others: TextDigest) -> TextDigest:
        """Those of the same texts, but for others at some places, int64 (m,)."""
        odd = places[others.damaged]
        damaged = np.union1d(np.setdiff1d(self.damaged, places), odd)
        return TextDigest(
            lambda: _replaced(self.lengths(), places, others.lengths()),
            lambda: _replaced(self.hashes(), places, others.hashes()),
            damaged.astype(np.int64),
        )

    def take(self, rows: Indices) -> TextDigest:
        """Those of some of the texts, at places int64 (m,)."""
        size = len(self.lengths())
        damaged = np.zeros(size, bool)
        damaged[self.damaged] = True
        return TextDigest(
            lambda: self.lengths()[rows],
            lambda: self.hashes()[rows],
            np.flatnonzero(damaged[rows]).astype(np.int64),
        )


def text_hashes(texts: pl.Series) -> Hashes:
    """A number for each text, the same for the same text and for null."""
    return np.asarray(texts.hash().to_numpy(), np.uint64)


def digest_of(pieces: Iterable[pl.Series], file: ScratchFile | None) -> TextDigest:
    """What is known of texts.

    Args:
        pieces: All of them, some at a time.
        file: Where it is kept; None for memory.
    """
    lengths, hashes, start = [], [], 0
    damaged = [np.zeros(0, np.int64)]
    for texts in pieces:
        sizes = texts.str.len_chars()
        lengths.append(sizes.cast(pl.Int32).fill_null(-1).to_numpy())
        hashes.append(text_hashes(texts))
        if not _are_plain(texts):
            odd = texts.str.contains(DAMAGED).fill_null(False)
            damaged.append(np.flatnonzero(odd.to_numpy()) + start)
        start += len(texts)
    return TextDigest(
        _kept(np.concatenate(lengths), file),
        _kept(np.concatenate(hashes), file),
        np.concatenate(damaged).astype(np.int64),
    )


def _are_plain(texts: pl.Series) -> bool:
    """Whether texts are of printable ASCII, tabs and line ends, which is seen fast."""
    every = str(texts.str.join(" ").item() or "")
    if not every.isascii():
        return False
    written = np.frombuffer(every.encode(), np.uint8)
    control = written[written < ord(" ")]
    return bool(np.isin(control, PLAIN_CONTROLS).all())


def _replaced(
    values: npt.NDArray[Any], places: Indices, others: npt.NDArray[Any]
) -> npt.NDArray[Any]:
    found: npt.NDArray[Any] = values.copy()
    found[places] = others
    return found


def _kept(values: npt.NDArray[Any], file: ScratchFile | None) -> Callable[[], Any]:
    if file is None:
        return lambda: values
    stored = file.append_array(values)
    return lambda: file.read_array(stored)
