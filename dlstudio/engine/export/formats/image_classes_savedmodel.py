"""Exports a SavedModel with two signatures and labels as an asset."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import tensorflow as tf

from dlstudio.data.images.decoders.decode import GRAPH_FORMATS, prepare_in_graph
from dlstudio.engine.export.exported_model import ExportedModel
from dlstudio.engine.export.formats import image_classes_snippets as snippets
from dlstudio.engine.export.formats.labels import labels_text
from dlstudio.engine.export.formats.resources import kept_resources
from dlstudio.engine.heads.decisions import decision_threshold, label_tensor
from dlstudio.engine.prediction.image_classifier import TrainedModel
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


LABELS = "labels.txt"


def export(trained: TrainedModel, out: Path) -> ExportedModel:
    """Write `trained` as a SavedModel folder.

    Signatures, each giving `scores` float32 (n, classes) and `labels` string:

    - `serving_default`: `images` float32 (n, height, width, channels), 0 to 255;
    - `serve_bytes`: `image_bytes` string (n,), encoded image files; the EXIF rotation
      is applied inside the graph.

    `labels` is (n,), or for tagging (n, classes) with "" for labels not predicted.

    Args:
        trained: The model.
        out: A folder that does not exist.
    """
    with tempfile.TemporaryDirectory(prefix=".labels-", dir=out.parent) as folder:
        labels = Path(folder) / LABELS
        labels.write_text(labels_text(trained.classes), "utf-8", newline="\n")
        module = tf.Module()
        module.labels = tf.saved_model.Asset(str(labels))
        module.kept = kept_resources(trained.model)
        tf.saved_model.save(module, str(out), signatures=_signatures(trained))
    return ExportedModel(
        path=out,
        load=snippets.LOAD,
        entries=snippets.ENTRIES,
        runtime=("tensorflow",),
        snippets=snippets.shown(trained.has_several_labels),
        notes=partial(_notes, trained.has_several_labels),
        formats=GRAPH_FORMATS,
    )


def _notes(has_several_labels: bool) -> tuple[str, ...]:
    pixels = _(
        "The other signature, `serving_default`, takes `images`: float32 "
        "pixels from 0 to 255 with the shape (n, height, width, channels)."
    )
    if not has_several_labels:
        return (pixels,)
    columns = _(
        "`labels` has one column per class, which is empty where the label does "
        "not apply."
    )
    return (pixels, columns)


def _signatures(trained: TrainedModel) -> dict[str, object]:
    spec = trained.image_spec
    images = tf.TensorSpec(trained.model.inputs[0].shape, tf.float32, name="images")
    encoded = tf.TensorSpec((None,), tf.string, name="image_bytes")
    prepared = tf.TensorSpec(spec.shape, tf.uint8)

    def serving_default(images: Tensor) -> dict[str, Tensor]:
        scores = trained.scores_of(images)
        scores = tf.ensure_shape(scores, (None, len(trained.classes)))
        return {"scores": scores, "labels": _labels(trained, scores)}

    def serve_bytes(image_bytes: Tensor) -> dict[str, Tensor]:
        def prepare(one: Tensor) -> Tensor:
            return prepare_in_graph(one, spec)

        pixels = tf.map_fn(prepare, image_bytes, fn_output_signature=prepared)
        return serving_default(pixels)

    return {
        "serving_default": _plain(serving_default, images),
        "serve_bytes": _plain(serve_bytes, encoded),
    }


def _plain(function: Callable[[Tensor], dict[str, Tensor]], spec: object) -> object:
    """A graph function of one tensor, without Python control flow."""
    return tf.function(function, input_signature=[spec], autograph=False)


def _labels(trained: TrainedModel, scores: Tensor) -> Tensor:
    threshold, several = decision_threshold(trained.fitted), trained.has_several_labels
    return label_tensor(scores, trained.classes, threshold, several=several)
