"""A trained model that takes features: any number of inputs, any number of outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells
from dlstudio.data.features.base import (
    Fitted,
    Rows,
    dropped_rows,
    load_feature_type,
)
from dlstudio.data.features.stored_values import load_stored_values
from dlstudio.document.bindings import OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.project import Project
from dlstudio.document.search_settings import SearchSettings, with_search
from dlstudio.document.training_method import trains_layers
from dlstudio.document.written_features import given_inputs, written_features
from dlstudio.engine.features.base import load_tensor_feature
from dlstudio.engine.heads.base import Floats, HeadType
from dlstudio.engine.heads.decisions import with_decision
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.model.model_bindings import bound_inputs, bound_outputs
from dlstudio.engine.prediction.model_file import load_run_model
from dlstudio.engine.prediction.written_texts import WrittenTexts, written_texts
from dlstudio.engine.runs.learned_features import learned_by
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runs.thresholds import kept_thresholds
from dlstudio.errors import UserError
from dlstudio.i18n import _

BATCH = 256
Outputs = dict[str, npt.NDArray[np.float32]]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class PredictedFeature:
    """An output of the model and what it predicts.

    Attributes:
        binding: The feature and the head.
        head_type: What the output means.
        place: Among the model's outputs.
        fitted: What the predicted feature has learned, and perhaps a threshold.
        from_logits: Whether the output is no probability yet.
    """

    binding: OutputBinding
    head_type: HeadType
    place: int
    fitted: Fitted
    from_logits: bool

    @property
    def name(self) -> str:
        """The feature it predicts, which its results are called by."""
        return self.binding.feature

    def scores(self, outputs: npt.NDArray[np.float32]) -> Floats:
        """Probabilities of classes (n, classes), or what else the head answers."""
        scores = self.head_type.scores(outputs, self.from_logits)
        classes = len(self.head_type.class_names(self.fitted))
        return scores[:, :classes] if classes else scores


class FeatureModel:
    """A trained model with the features it takes and predicts.

    Attributes:
        whole: The Keras model as it was trained.
        model: The one whose outputs are answered; of most heads the same.
        written: How it writes the text that is predicted; None of other models.

    Args:
        model: The Keras model.
        project: Its features and bindings.
        fitted: What each feature has learned from the training split.
        catalog: Describes feature types and heads.
        run: Id of the run that trained it.
        thresholds: Those that were chosen for outputs, by what they predict.

    Raises:
        UserError: The bindings do not fit the model.
    """

    def __init__(
        self,
        model: Any,
        project: Project,
        fitted: Mapping[str, Fitted],
        catalog: Catalog,
        run: str = "",
        thresholds: Mapping[str, float] | None = None,
    ) -> None:
        self.run = run
        self.whole = model
        self.project = project
        self.catalog = catalog
        given = {each.feature for each in given_inputs(project)}
        self.inputs = tuple(
            each.feature for each in bound_inputs(project) if each.feature in given
        )
        # The record of a run leaves out what has learned nothing.
        self.fitted = {**{name: {} for name in self.inputs}, **fitted}
        bound = bound_outputs(project, model)
        heads = [find_head_type(each.head.kind, catalog) for each, _place in bound]
        self.model = model
        known = [fitted.get(each.feature, {}) for each, _place in bound]
        self.written: WrittenTexts | None = None
        if written_features(project):
            self.written = written_texts(model, project, bound[0][0])
            self.model = self.written.model
            known[0] = {**known[0], **self.written.learned}
        elif len(heads) == 1:
            self.model, known[0] = heads[0].answering(model, known[0])
        self.outputs = tuple(
            PredictedFeature(
                binding,
                head_type,
                place,
                with_decision(learned, (thresholds or {}).get(binding.feature)),
                project.loss_of(binding).params.get("from_logits") is True,
            )
            for (binding, place), head_type, learned in zip(
                bound, heads, known, strict=True
            )
        )
        self._predict = tf.function(self._call, autograph=False, reduce_retracing=True)

    def feature(self, name: str) -> Feature:
        """A feature of the project."""
        return self.project.data.features[name]

    def by_kind(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """What inputs have by their kind of feature; of several the first.

        Args:
            values: By input feature.
        """
        found: dict[str, Value] = {}
        for name in self.inputs:
            if name in values:
                found.setdefault(self.feature(name).kind, values[name])
        return found

    def encode(self, cells: Mapping[str, Cells]) -> dict[str, Rows]:
        """The rows of cells from outside, by the same code as in training.

        Args:
            cells: By input feature; all as long.

        Raises:
            UserError: A value cannot be used.
        """
        rows, broken = self.encode_readable(cells)
        for reason in broken.values():
            raise UserError(reason)
        return rows

    def encode_readable(
        self, cells: Mapping[str, Cells]
    ) -> tuple[dict[str, Rows], dict[int, str]]:
        """As `encode`, but files that cannot be read make rows that are not used.

        Args:
            cells: By input feature; all as long.

        Returns:
            A row for each sample, and the samples whose row is none, with the reason.

        Raises:
            UserError: A value cannot be used.
        """
        found: dict[str, Rows] = {}
        broken: dict[int, str] = {}
        for name in self.inputs:
            found[name], reasons = self.encode_input(name, cells[name])
            broken = {**reasons, **broken}
        return found, broken

    def encode_input(self, name: str, cells: Cells) -> tuple[Rows, dict[int, str]]:
        """The same for one input.

        Args:
            name: The input feature.
            cells: Its cells.

        Raises:
            UserError: A value cannot be used.
        """
        feature, fitted = self.feature(name), self.fitted[name]
        described = self.catalog[feature.kind]
        feature_type = load_feature_type(described)
        column = feature_type.parse(cells, feature).column
        stored = load_stored_values(described)
        if stored is not None:
            return stored.read(column, fitted)
        return feature_type.encode(column, fitted, feature), {}

    def unusable(self, name: str, cells: Cells) -> dict[int, str]:
        """Rows whose value of an input cannot be used, each with the reason.

        Args:
            name: The input feature.
            cells: Its cells.
        """
        from dlstudio.data.table_rows import unusable_reason

        feature = self.feature(name)
        described = self.catalog[feature.kind]
        parsed = load_feature_type(described).parse(cells, feature)
        dropped = dropped_rows(parsed.column, feature, described)
        unusable = dropped | parsed.unreadable
        return {
            row: unusable_reason(name, parsed, row, cells.values[row])
            for row in np.flatnonzero(unusable).tolist()
        }

    def values(self, rows: Mapping[str, Rows]) -> list[npt.NDArray[Any]]:
        """What each input of the model takes, for encoded rows."""
        return [
            load_tensor_feature(self.catalog[self.feature(name).kind]).values(
                rows[name], self.fitted.get(name, {})
            )
            for name in self.inputs
        ]

    def predict(self, rows: Mapping[str, Rows], batch: int = BATCH) -> Outputs:
        """What the model itself gives, float32, by predicted feature.

        Args:
            rows: Encoded rows by input feature, all (n, ...).
            batch: Rows that enter the model at once.
        """
        values = self.values(rows)
        count = len(values[0])
        pieces = [
            self._batch([each[start : start + batch] for each in values])
            for start in range(0, max(count, 1), batch)
        ]
        return {
            output.name: np.concatenate([piece[output.place] for piece in pieces])
            for output in self.outputs
        }

    def call(self, tensors: Sequence[Any]) -> list[Any]:
        """The outputs for input tensors, as graph operations, float32.

        Args:
            tensors: In the order of the model's inputs.
        """
        cast = [
            each if wanted.dtype == "string" else tf.cast(each, wanted.dtype)
            for each, wanted in zip(tensors, self.model.inputs, strict=True)
        ]
        given = self.model(cast if len(cast) > 1 else cast[0], training=False)
        outputs = given if isinstance(given, (list, tuple)) else [given]
        found = [tf.cast(each, tf.float32) for each in outputs]
        kinds = self.by_kind(dict(zip(self.inputs, cast, strict=True)))
        for each in self.outputs:
            found[each.place] = each.head_type.masked(found[each.place], kinds)
        return found

    def _call(self, *tensors: Any) -> list[Any]:
        return self.call(tensors)

    def _batch(self, values: Sequence[npt.NDArray[Any]]) -> list[Any]:
        tensors = [
            tf.constant(each.tolist(), tf.string)
            if each.dtype == object
            else tf.constant(each)
            for each in values
        ]
        return [each.numpy() for each in self._predict(*tensors)]


def load_feature_model(
    run: Run, catalog: Catalog, search: SearchSettings | None = None
) -> FeatureModel:
    """The model of a run, with its features.

    Args:
        run: With a trained model.
        catalog: Describes feature types and heads.
        search: How texts are searched; None as the run's project says.

    Raises:
        UserError: There is no model yet, it is damaged, or the record does not fit.
    """
    if run.model_path is None:
        raise UserError(
            _("Run {id} has no trained model yet.").format(id=run.label),
            _(
                "Finish or resume its training with “dlstudio train --resume {id}”."
            ).format(id=run.number or run.id),
        )
    project = with_search(run.project(), search)
    if not trains_layers(project, catalog):
        raise UserError(
            _("Run {id} has learned word vectors, not a model that predicts.").format(
                id=run.label
            ),
            _(
                "Look them up in the Evaluate room, or with “dlstudio words PROJECT "
                "neighbours WORD”."
            ),
        )
    fitted, thresholds = learned_by(run, project), kept_thresholds(run.folder)
    model = load_run_model(run)
    return FeatureModel(model, project, fitted, catalog, run.id, thresholds)
