"""Export formats; "rows" says what those of models of tables take."""

from __future__ import annotations

from dlstudio.catalog.schema import Description
from dlstudio.i18n import marked as _

FORMATS = (
    Description(
        kind="dlstudio.formats.savedmodel",
        family="formats",
        implementation="dlstudio.engine.export.formats.savedmodel:export",
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
        implementation="dlstudio.engine.export.formats.keras_file:export",
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
