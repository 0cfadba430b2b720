"""Texts as the rows of a feature, in one buffer instead of an object for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False, slots=True)
class TextRows:
    """Texts of n samples, with the parts of an array's interface that rows need.

    Attributes:
        values: A series of strings without null, (n,).
    """

    values: pl.Series

    base = None
    ndim = 1
    dtype = np.dtype(object)

    @property
    def shape(self) -> tuple[int]:
        """(n,)."""
        return (len(self.values),)

    @property
    def nbytes(self) -> int:
        """Bytes of all texts in UTF-8."""
        return int(self.values.str.len_bytes().sum())

    @property
    def itemsize(self) -> int:
        """Bytes of a text on average, at least one."""
        return max(1, self.nbytes // max(1, len(self)))

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, chosen: slice | npt.ArrayLike) -> npt.NDArray[np.object_]:
        """Some texts, as strings."""
        if isinstance(chosen, slice):
            return self.values[chosen].to_numpy().astype(object)
        places = np.asarray(chosen)
        if places.dtype == bool:
            places = np.flatnonzero(places)
        found = self.values.gather(places.reshape(-1).astype(np.int64)).to_numpy()
        return found.astype(object).reshape(places.shape)

    def __array__(
        self, dtype: npt.DTypeLike | None = None, copy: bool | None = None
    ) -> npt.NDArray[Any]:
        """All texts, as strings."""
        del dtype, copy
        return self[:]

    def coded(self) -> tuple[npt.NDArray[np.int32], pl.Series]:
        """Each text as its place among the different ones, int32 (n,), and these."""
        import polars as pl  # nothing else in a training needs it

        different = self.values.unique(maintain_order=True)
        places = pl.Series(np.arange(len(different), dtype=np.int32))
        codes = self.values.replace_strict(different, places, return_dtype=pl.Int32)
        return codes.to_numpy(), different

    def arrays(self) -> Iterator[npt.NDArray[Any]]:
        """Lengths in bytes, int64 (n,), then the bytes of all texts, uint8."""
        yield self.values.str.len_bytes().to_numpy().astype(np.int64)
        whole = "".join(self.values.to_list()).encode()
        yield np.frombuffer(whole, np.uint8)
