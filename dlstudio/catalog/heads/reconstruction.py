"""The input itself."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations, Param
from dlstudio.i18n import marked as _

RECONSTRUCTION = Description(
    kind="dlstudio.heads.reconstruction",
    family="heads",
    implementation="",
    title=_("Reconstruction"),
    summary=_("The model gives back its input, an image from 0 to 1."),
    params=(
        Param(
            "quantile",
            "float",
            default=0.99,
            minimum=0,
            maximum=1,
            summary=_(
                "Share of the validation images whose error is at most the threshold "
                "above which an image is an anomaly."
            ),
        ),
    ),
    extra={
        "features": (),
        "labels": "image",
        "of_input": True,
    },
    implementations=Implementations(
        engine="dlstudio.engine.heads.reconstruction:RECONSTRUCTION",
        view="dlstudio.ui.heads.image_view:IMAGES",
    ),
)
