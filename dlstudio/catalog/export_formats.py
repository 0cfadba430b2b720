"""Export formats; "rows" says what those of models of tables take."""

from __future__ import annotations

from dlstudio.catalog.schema import Description
from dlstudio.i18n import marked as _

NO_FEATURES = _("The format {format} takes models of images only.")
"""Of a format without an implementation for models of features."""
EXAMPLE_FILE = "image.jpg"
"""The file in the code that calls an export."""
FORMATS = (
    Description(
        kind="dlstudio.formats.savedmodel",
        family="formats",
        implementation="dlstudio.engine.export.formats.image_classes_savedmodel:export",
        summary=_("TensorFlow SavedModel, for serving and for other languages."),
        extra={
            "features": "dlstudio.engine.export.formats.feature_savedmodel:export",
            "images": "dlstudio.engine.export.formats.image_savedmodel:export",
            "rows": _(
                "For tables, it takes raw values, one argument for each input: "
                "numbers, and strings for texts, categories, lists of names and "
                "dates. It fills in missing values itself."
            ),
        },
    ),
    Description(
        kind="dlstudio.formats.keras",
        family="formats",
        implementation="dlstudio.engine.export.formats.image_classes_keras:export",
        summary=_("A .keras file, for further work in Keras."),
        extra={
            "suffix": ".keras",
            "features": "dlstudio.engine.export.formats.feature_keras:export",
            "images": "dlstudio.engine.export.formats.image_keras:export",
            "rows": _(
                "For tables, it takes values prepared as for training, such as dates "
                "as numbers; the caller fills in missing ones."
            ),
        },
    ),
)
