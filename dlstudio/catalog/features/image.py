"""Images: photos, scans, drawings."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations, Param
from dlstudio.i18n import marked as _

IMAGE = Description(
    kind="dlstudio.features.image",
    family="features",
    implementation="",
    title=_("Image"),
    category="images",
    summary=_("An image file, or pixels in an array."),
    params=(
        Param(
            "folder",
            "text",
            default="",
            summary=_("Folder of the files that a table names, relative to the table."),
            advanced=True,
        ),
        Param(
            "extension",
            "text",
            default="",
            summary=_("Added to the names in a table, such as .jpg."),
            advanced=True,
        ),
    ),
    extra={
        "samples": "images",
        "groups": False,
        "absent": _("The image files named here do not exist."),
        "absent_finding": "missing-images",
    },
    implementations=Implementations(
        data="dlstudio.data.features.image:IMAGE",
        engine="dlstudio.engine.features.image:IMAGE",
        view="dlstudio.ui.features.image:IMAGE",
        stored="dlstudio.data.features.image_files:IMAGE_FILES",
        findings="dlstudio.data.features.image_findings:unreadable_images",
    ),
)
