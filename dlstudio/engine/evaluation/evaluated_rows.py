"""The samples of a split as a model of features takes them, with what is true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dlstudio.data.features.base import Rows
from dlstudio.data.prepared import Prepared
from dlstudio.data.split_names import split_word
from dlstudio.engine.heads.evenly_spread import Indices, some_of
from dlstudio.engine.prediction.feature_model import FeatureModel, Outputs
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext

ALL = "all"


@dataclass(frozen=True, eq=False, slots=True)
class EvaluatedRows:
    """Samples whose targets are known.

    Attributes:
        ids: Their names.
        inputs: Encoded rows by input feature, each (n, ...).
        truth: Encoded rows by predicted feature, each (n, ...).
    """

    ids: Sequence[str]
    inputs: Mapping[str, Rows]
    truth: Mapping[str, Rows]

    def __len__(self) -> int:
        return len(self.ids)

    def some(self, most: int) -> EvaluatedRows:
        """At most so many of them, spread evenly."""
        if len(self) <= most:
            return self
        rows = some_of(np.arange(len(self)), most)
        return replace(
            self,
            ids=[self.ids[row] for row in rows.tolist()],
            inputs={name: each[rows] for name, each in self.inputs.items()},
            truth={name: each[rows] for name, each in self.truth.items()},
        )


def evaluated_rows(
    model: FeatureModel, prepared: Prepared, split: str
) -> EvaluatedRows:
    """The samples of a split.

    Args:
        model: A run's model.
        prepared: Its data, or other data with the same features.
        split: "train", "validation", "test" or "all".

    Raises:
        UserError: The split is empty.
    """
    everything = split == ALL
    indices = np.arange(len(prepared)) if everything else prepared.splits[split]
    if not len(indices):
        raise UserError(
            _("The data has no samples in the {split} split.").format(
                split=split_word(split)
            ),
            _("Choose another split, or assign samples to this one and train again."),
        )
    return rows_at(model, prepared, indices)


def rows_at(model: FeatureModel, prepared: Prepared, indices: Indices) -> EvaluatedRows:
    """Some samples.

    Args:
        model: Says which features it takes and predicts.
        prepared: Their rows.
        indices: Which of them.
    """
    return EvaluatedRows(
        [prepared.ids[index] for index in indices.tolist()],
        {name: prepared.rows[name][indices] for name in model.inputs},
        {
            output.name: np.asarray(prepared.rows[output.name][indices])
            for output in model.outputs
        },
    )


def check_finite(outputs: Outputs) -> None:
    """Check that a model's outputs are numbers.

    Raises:
        UserError: Some are not.
    """
    for values in outputs.values():
        finite = np.isfinite(values).reshape(len(values), -1).all(axis=1)
        broken = int((~finite).sum())
        if broken:
            raise UserError(
                ngettext(
                    "For {count} sample, the model's scores are not numbers.",
                    "For {count} samples, the model's scores are not numbers.",
                    broken,
                ).format(count=broken),
                _("Training diverged. Train again with a lower learning rate."),
            )
