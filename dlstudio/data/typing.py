"""Types for the used parts of TensorFlow's tensors; TensorFlow itself has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias


class TensorShape(Protocol):
    """The shape of a tensor; None for unknown sizes."""

    def __getitem__(self, axis: int, /) -> int | None: ...

    def __len__(self) -> int: ...


class Tensor(Protocol):
    """An eager or a symbolic tensor; comparisons return boolean tensors."""

    @property
    def shape(self) -> TensorShape: ...

    @property
    def dtype(self) -> object: ...

    def __getitem__(self, key: object, /) -> Tensor: ...

    def __add__(self, other: object, /) -> Tensor: ...

    def __rsub__(self, other: object, /) -> Tensor: ...

    def __mul__(self, other: object, /) -> Tensor: ...

    def __rmul__(self, other: object, /) -> Tensor: ...

    def __mod__(self, other: object, /) -> Tensor: ...

    def __and__(self, other: object, /) -> Tensor: ...

    def __or__(self, other: object, /) -> Tensor: ...

    def __invert__(self) -> Tensor: ...

    def __lt__(self, other: object, /) -> Tensor: ...

    def __le__(self, other: object, /) -> Tensor: ...

    def __gt__(self, other: object, /) -> Tensor: ...

    def __ge__(self, other: object, /) -> Tensor: ...

    def __eq__(self, other: object, /) -> Tensor: ...  # type: ignore[override]

    def __ne__(self, other: object, /) -> Tensor: ...  # type: ignore[override]


TensorFunction: TypeAlias = Callable[[Tensor], Tensor]
