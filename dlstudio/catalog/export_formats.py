"""Export formats."""

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
        },
    ),
)
