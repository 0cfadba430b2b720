"""The lines of a script for texts."""

from __future__ import annotations

import polars as pl

from dlstudio.engine.features.feature_script import (
    FeatureScript,
    ScriptColumn,
    not_written,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _


def text_script(column: ScriptColumn) -> FeatureScript:
    """See `TensorFeature.script`.

    Raises:
        UserError: The file's type of the column is none of texts, or its Chinese words
            are to be found.
    """
    if column.feature.params.get("segmentation") == "words":
        raise UserError(
            _("A script does not find the words of Chinese texts in “{name}”.").format(
                name=column.name
            ),
            _("Let the column be read as characters, or export the model."),
        )
    read: tuple[str, ...] = ()
    if not column.is_text:
        if column.cells.values.dtype != pl.String:
            raise not_written(column.name)
        read = (
            "texts = table[{name}].str.strip()",
            'table[{name}] = texts.mask(texts == "")',
        )
    return FeatureScript(
        read=read,
        prepare=('inputs[{name}] = table[{name}].fillna("").to_numpy(object)',),
        serve=("tf.strings.strip({value})",),
    )
