"""The rows of features as the inputs of a model take them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.data.pipeline import SplitView
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.features.base import Fitted
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.features.base import TensorFeature
    from dlstudio.engine.typing import KerasTensor


@dataclass(frozen=True, eq=False, slots=True)
class InputRows:
    """What enters an input.

    Attributes:
        feature: Name of the feature.
        rows: Its rows, (n, ...).
        fitted: What the feature has learned, such as the "names" of categories.
        load: Gives the engine part of its type, which only text needs.
    """

    feature: str
    rows: npt.NDArray[Any]
    fitted: Fitted
    load: Callable[[], TensorFeature]

    @property
    def has_text(self) -> bool:
        """Whether the rows stand for texts."""
        return self.load().values(self.rows[:1], self.fitted).dtype == object

    def check(self, tensor: KerasTensor) -> None:
        """Check that the rows fit an input.

        Raises:
            UserError: Shape or data type differ.
        """
        one = self.rows[:1]
        if one.ndim > 1 and tensor.dtype == "string" and self.has_text:
            one = self.load().values(one, self.fitted)
        wanted, given = tuple(tensor.shape[1:]), one.shape[1:]
        fits = len(wanted) == len(given) and all(
            w in (None, g) for w, g in zip(wanted, given, strict=True)
        )
        if not (fits or (given == () and wanted in ((1,), (None,)))):
            raise UserError(
                _(
                    "The feature “{feature}” has the shape {given}, but the input "
                    "expects {wanted}."
                ).format(
                    feature=self.feature, given=_shape(given), wanted=_shape(wanted)
                ),
                _("Change the shape of the Input layer."),
            )
        self._check_type(tensor.dtype)

    def _check_type(self, dtype: str) -> None:
        if dtype == "string":
            if not self.has_text:
                raise UserError(
                    _("The input expects text, but “{feature}” has none.").format(
                        feature=self.feature
                    ),
                    _("Change the data type of the Input layer."),
                )
            return
        whole = not dtype.startswith(("float", "bfloat"))
        fractions = whole and self.rows.dtype.kind == "f"
        if fractions and not np.array_equal(self.rows, np.floor(self.rows)):
            raise UserError(
                _(
                    "The feature “{feature}” has fractions, but the input expects "
                    "{dtype}."
                ).format(feature=self.feature, dtype=dtype),
                _("Change the data type of the Input layer to float32."),
            )

    def take(self, chosen: npt.NDArray[np.int64], tensor: KerasTensor) -> Tensor:
        """Some samples as an input takes them.

        Args:
            chosen: Indices into the rows.
            tensor: The input.
        """
        view = SplitView({self.feature: self.rows}, {}, chosen)
        rows = view.take(np.arange(len(chosen)))[0][self.feature]
        return self.as_input(rows, tensor)

    def as_input(self, rows: npt.NDArray[Any], tensor: KerasTensor) -> Tensor:
        """Rows of this feature as an input takes them.

        Args:
            rows: (batch, ...).
            tensor: The input.
        """
        values: object = rows
        if tensor.dtype == "string":
            values = self.load().values(rows, self.fitted)
        return as_input(tf.constant(values), tensor.dtype, tuple(tensor.shape[1:]))


def as_input(batch: Tensor, dtype: str, shape: tuple[int | None, ...]) -> Tensor:
    """A batch as an input takes it: a scalar enters the shape (1,), too.

    Args:
        batch: Rows, (batch, ...).
        dtype: Data type of the input.
        shape: Shape of the input for one sample; None for any size.
    """
    values: Tensor = batch if dtype == "string" else tf.cast(batch, dtype)
    if len(values.shape) != len(shape) + 1:
        values = tf.reshape(values, (-1, *(1 for _side in shape)))
    return values


def _shape(shape: Sequence[int | None]) -> str:
    if not shape:
        return "()"
    return " × ".join("?" if side is None else str(side) for side in shape)
