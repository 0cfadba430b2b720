"""Exports a model that reconstructs images, or half of it, as a SavedModel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from dlstudio.data.images.decoders.decode import GRAPH_FORMATS, prepare_in_graph
from dlstudio.document.export import Snippet
from dlstudio.engine.export.exported_model import EntryPoint, ExportedModel
from dlstudio.engine.export.formats import image_snippets
from dlstudio.engine.export.image_submodel import ImageSubmodel

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

DEFAULT, BYTES = "serving_default", "serve_bytes"
FILES = "image_bytes"
_LOAD = """\
import tensorflow as tf

model = tf.saved_model.load(@model)
"""


def export(part: ImageSubmodel, out: Path) -> ExportedModel:
    """Write a part as a SavedModel folder.

    The signature `serving_default` takes the part's argument and returns its results;
    where images enter, `serve_bytes` takes `image_bytes`, string (n,), encoded files.

    Args:
        part: All of the model, its encoder or its decoder.
        out: A folder that does not exist.
    """
    module = tf.Module()
    module.kept = [variable.value for variable in part.model.variables]
    shape = part.model.inputs[0].shape
    given = tf.TensorSpec(shape, tf.float32, name=part.argument)
    signatures = {DEFAULT: _plain(part.results, given)}
    entries = {DEFAULT: _entry(DEFAULT, part.argument)}
    if part.takes_images:
        files = tf.TensorSpec((None,), tf.string, name=FILES)
        signatures[BYTES] = _plain(_of_files(part), files)
        entries[BYTES] = _entry(BYTES, FILES)
    tf.saved_model.save(module, str(out), signatures=signatures)
    code = entries[DEFAULT].code
    return ExportedModel(
        path=out,
        load=Snippet("", "python", _LOAD),
        entries=entries,
        runtime=("tensorflow",),
        snippets=(image_snippets.python(part, _LOAD, code),),
        formats=GRAPH_FORMATS if part.takes_images else (),
    )


def _of_files(part: ImageSubmodel) -> Any:
    spec = part.whole.image_spec
    prepared = tf.TensorSpec(spec.shape, tf.uint8)

    def serve(image_bytes: Tensor) -> dict[str, Tensor]:
        pixels = tf.map_fn(
            lambda one: prepare_in_graph(one, spec),
            image_bytes,
            fn_output_signature=prepared,
        )
        return part.results(tf.cast(pixels, tf.float32))

    return serve


def _plain(function: Any, spec: object) -> Any:
    """A graph function of one tensor, without Python control flow."""
    return tf.function(function, input_signature=[spec], autograph=False)


def _entry(signature: str, argument: str) -> EntryPoint:
    """Python from `rows`, values by argument, to `results`, arrays by name."""
    code = f"""\
given = tf.constant(rows["{argument}"])
answer = model.signatures["{signature}"]({argument}=given)
results = {{name: values.numpy() for name, values in answer.items()}}
"""
    return EntryPoint("rows", code)
