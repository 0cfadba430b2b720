"""The output is the input itself: an image, with values from 0 to 1.

The target is the image as it enters the model, uint8 from 0 to 255, divided by 255;
see `image_values`. Outputs are compared in this scale whatever the model's own
preprocessing is: a sigmoid fits it, and so does no activation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.evaluation import HeadReport
from dlstudio.document.prediction import Answer
from dlstudio.document.values import Spec
from dlstudio.engine.heads.base import (
    WORST,
    Activation,
    AnswerComparison,
    Floats,
    HeadType,
    Shape,
    short,
)
from dlstudio.engine.heads.bound_metric import BoundMetric
from dlstudio.engine.heads.image_values import (
    image_tensor,
    image_values,
    targets_of,
    values_of,
)
from dlstudio.engine.heads.label_forms import LabelForm
from dlstudio.engine.heads.shape_text import shape_text
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.features.base import Fitted
    from dlstudio.data.typing import Tensor, TensorFunction

CHANNELS = (1, 3, 4)
LOSSES = frozenset(
    {
        "BinaryCrossentropy",
        "Huber",
        "LogCosh",
        "MeanAbsoluteError",
        "MeanSquaredError",
    }
)
"""Losses that compare values from 0 to 1 one by one."""
UNFIT = frozenset({"log_sigmoid", "log_softmax", "softmax", "softmin", "sparsemax"})
"""Activations that cannot give every image from 0 to 1."""


@dataclass(frozen=True, slots=True)
class ReconstructionHead(HeadType):
    """A head of one value for each channel of each pixel."""

    def fitting_units(self, classes: int) -> frozenset[int]:
        """The channels that images have, whatever `classes` is."""
        del classes
        return frozenset(CHANNELS)

    def unfit_loss(self) -> str:
        return _(
            "The loss {loss} does not compare images from 0 to 1, but the output is "
            "such an image. Use {better}."
        )

    def unfit_metric(self) -> str:
        """It compares something else."""
        return _("The metric {name} does not compare images. Remove it.")

    def unfit_activation(self, activation: str) -> str:
        """Those that reach 0 and 1 fit."""
        if activation not in UNFIT:
            return ""
        return _(
            "{node} applies {name}, which cannot give every image from 0 to 1. Use "
            "sigmoid."
        )

    def label_form(self, loss: str, units: int) -> LabelForm | None:
        del units
        return "scaled" if short(loss) in LOSSES else None

    def head(self, loss: str, classes: int, units: int) -> tuple[int, Activation]:
        del loss, classes
        return (units if units in CHANNELS else 3), "sigmoid"

    def best_loss(self, classes: int, units: int) -> str:
        del classes, units
        return "keras.losses.MeanSquaredError"

    def check_output(self, shape: Shape, fitted: Fitted) -> None:
        """`fitted` has the "shape" of an image."""
        wanted = tuple(fitted.get("shape", ()))
        fits = len(shape) == 3 and (not wanted or tuple(shape) == wanted)
        if not fits:
            raise UserError(
                _(
                    "The output has the shape {shape}, but the images to reconstruct "
                    "have {wanted}."
                ).format(
                    shape=shape_text(shape),
                    wanted=shape_text(wanted or (None, None, None)),
                ),
                _("Let the model end with an image of the same size and channels."),
            )

    def targets(self, loss: Spec, units: int, fitted: Fitted) -> TensorFunction:
        del fitted
        if self.label_form(loss.kind, units) is None:
            raise UserError(
                self.unfit_loss().format(
                    loss=short(loss.kind), better=short(self.best_loss(0, units))
                )
            )
        return targets_of

    def metric(
        self, spec: Spec, loss: Spec, units: int, fitted: Fitted, catalog: Catalog
    ) -> BoundMetric:
        from dlstudio.engine.heads.reconstruction_metrics import OF_IMAGES
        from dlstudio.engine.model.instantiate import make

        del units, fitted
        if self.plain_metric(spec, catalog) is None:
            return BoundMetric(make(spec, catalog, "metrics"), targets_of)
        logits = loss.params.get("from_logits") is True
        return BoundMetric(OF_IMAGES[short(spec.kind)](logits), targets_of)

    def scores(self, outputs: npt.ArrayLike, from_logits: bool = False) -> Floats:
        """The images, float32 (n, height, width, channels) from 0 to 1."""
        return image_values(outputs, from_logits)

    def answers(
        self,
        outputs: npt.ArrayLike,
        fitted: Fitted,
        *,
        from_logits: bool = False,
    ) -> list[Answer]:
        """The values of each "image"; errors need the input, see `ImageModel`."""
        del fitted
        return [{"image": each.tolist()} for each in self.scores(outputs, from_logits)]

    def tensors(
        self, outputs: Tensor, fitted: Fitted, from_logits: bool = False
    ) -> dict[str, Tensor]:
        """The "image" of each sample, float32 from 0 to 1."""
        del fitted
        return {"image": image_tensor(outputs, from_logits)}

    def compare(
        self, expected: Floats, given: Floats, fitted: Fitted, tolerance: float
    ) -> AnswerComparison:
        """The largest difference of a value of each image."""
        del fitted
        with np.errstate(invalid="ignore"):
            apart = np.abs(np.asarray(expected, np.float64) - given)
        far = apart.max(axis=tuple(range(1, apart.ndim)), initial=0.0)
        far = np.where(np.isfinite(far), far, np.inf)
        return AnswerComparison(far, far <= tolerance)

    def evaluate(
        self,
        truth: npt.NDArray[Any],
        outputs: npt.ArrayLike,
        ids: Sequence[str],
        fitted: Fitted,
        *,
        target: str = "",
        split: str = "",
        from_logits: bool = False,
        worst: int = WORST,
    ) -> HeadReport:
        """`truth` is uint8 (n, height, width, channels)."""
        from dlstudio.engine.heads.reconstruction_report import (
            ReconstructionSums,
            reconstruction_report,
        )

        del fitted, split
        actual, images = values_of(truth), self.scores(outputs, from_logits)
        sums = ReconstructionSums()
        sums.add(actual, images)
        return reconstruction_report(
            sums, ids, target, worst, lambda places: (actual[places], images[places])
        )


RECONSTRUCTION = ReconstructionHead(
    kind="dlstudio.heads.reconstruction",
    labels="image",
    metrics=tuple(HeadType.METRIC + name for name in ("mse", "mae", "psnr", "ssim")),
)
