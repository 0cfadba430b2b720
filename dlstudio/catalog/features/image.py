"""Images: photos, scans, drawings."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations
from dlstudio.i18n import marked as _

IMAGE = Description(
    kind="dlstudio.features.image",
    family="features",
    implementation="",
    title=_("Image"),
    category="images",
    summary=_("An image file, or pixels in an array."),
    # Its data part are the sources of images and the cache of prepared images.
    implementations=Implementations(
        engine="dlstudio.engine.features.image:IMAGE",
        view="dlstudio.ui.features.image:IMAGE",
    ),
)
