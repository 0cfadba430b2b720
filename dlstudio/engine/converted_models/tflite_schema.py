"""What of TensorFlow Lite's generated readers is used: they have no types."""

# ruff: noqa: N802  # the names are those of the readers

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.integer]


class StoredTensor(Protocol):
    """A tensor: computed, or of weights that are in a buffer."""

    def Name(self) -> bytes | None: ...

    def Type(self) -> int: ...

    def Buffer(self) -> int: ...

    def ShapeAsNumpy(self) -> Numbers | int: ...

    def ShapeSignatureAsNumpy(self) -> Numbers | int: ...


class LiteOperator(Protocol):
    """An operation of a graph; tensors by their numbers."""

    def OpcodeIndex(self) -> int: ...

    def InputsAsNumpy(self) -> Numbers: ...

    def OutputsAsNumpy(self) -> Numbers: ...


class LiteGraph(Protocol):
    """The operations of a model."""

    def Operators(self, number: int, /) -> LiteOperator: ...

    def OperatorsLength(self) -> int: ...

    def Tensors(self, number: int, /) -> StoredTensor: ...

    def InputsAsNumpy(self) -> Numbers: ...

    def OutputsAsNumpy(self) -> Numbers: ...


class LiteOperatorCode(Protocol):
    """Which operation it is."""

    def BuiltinCode(self) -> int: ...

    def DeprecatedBuiltinCode(self) -> int: ...

    def CustomCode(self) -> bytes | None: ...


class LiteBuffer(Protocol):
    """Bytes; a number if there are none."""

    def DataAsNumpy(self) -> npt.NDArray[np.uint8] | int: ...


class LiteModel(Protocol):
    """A file."""

    def Subgraphs(self, number: int, /) -> LiteGraph: ...

    def Buffers(self, number: int, /) -> LiteBuffer: ...

    def OperatorCodes(self, number: int, /) -> LiteOperatorCode: ...
