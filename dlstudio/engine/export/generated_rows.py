"""Rows that verify the export of a model whose data is not known: imported ones."""

from __future__ import annotations

import numpy as np
import polars as pl

from dlstudio.data.columns import Cells
from dlstudio.data.split_names import GENERATED
from dlstudio.engine.export.feature_samples import FeatureSamples, samples_of
from dlstudio.engine.export.sample_choice import ENOUGH
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.errors import UserError
from dlstudio.i18n import _

NUMBER, TEXT = "dlstudio.features.number", "dlstudio.features.text"


def generated_rows(model: FeatureModel, count: int = ENOUGH) -> FeatureSamples:
    """Rows of random numbers and words; the same ones each time.

    Args:
        model: A model of numbers and texts.
        count: Number of rows.

    Raises:
        UserError: Something else enters the model.
    """
    generator = np.random.default_rng(0)
    cells = {}
    for name in model.inputs:
        kind = model.feature(name).kind
        if kind == NUMBER:
            values = pl.Series(generator.normal(size=count))
        elif kind == TEXT:
            words = generator.choice(_WORDS, (count, 8))
            values = pl.Series([" ".join(each) for each in words.tolist()])
        else:
            raise UserError(
                _("There are no samples to verify the export with."),
                _("Give the project data, such as a few rows of a table, and train."),
            )
        cells[name] = Cells(values)
    rows = [_("row {number}").format(number=each + 1) for each in range(count)]
    return samples_of(model, cells, rows, {GENERATED: count})


_WORDS = np.array(["a", "the", "good", "bad", "film", "was", "is", "not", "very"])
