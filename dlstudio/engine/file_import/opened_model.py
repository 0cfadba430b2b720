"""A model of a file as graphs and, where no code is missing or untrusted, alive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT
from dlstudio.document.values import FrozenMap
from dlstudio.engine.file_import.code_model import (
    around,
    is_defined_by_code,
    refuse_unknown_code,
)
from dlstudio.engine.file_import.given_weights import give_weights
from dlstudio.engine.file_import.memory_check import check_memory
from dlstudio.engine.model.build import build
from dlstudio.engine.model_files.live_model import live_model
from dlstudio.engine.model_files.model_file import ModelFile, read_model_file
from dlstudio.engine.model_import.carried_weights import carry_weights, model_weights
from dlstudio.engine.model_import.imported_graphs import ImportedGraphs
from dlstudio.engine.model_import.keras_models import imported_graphs, imported_model
from dlstudio.engine.runtime.error_text import plain
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel

SAMPLES = 2
SIZES = (8, 32, 128, 512)
"""Sides of inputs that take any: the first that the model can compute is used."""
TOLERANCE = 1e-4
"""Largest difference, relative to the largest output, that rounding explains."""

Outputs = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OpenedModel:
    """A model of a file.

    Attributes:
        file: What the file says.
        imported: Its graphs.
        original: The model that Keras makes of the file; None if it cannot.
        reason: Why it cannot, one sentence.
        has_weights: Whether `original` has weights of a file.
        unmatched: Layers that the weights of another file do not fit.
        saved_models: Folders of SavedModels that blocks of it call, by their place
            beside the project.
    """

    file: ModelFile
    imported: ImportedGraphs
    original: KerasModel | None = None
    reason: str = ""
    has_weights: bool = False
    unmatched: tuple[str, ...] = ()
    saved_models: FrozenMap[str, Path] = field(default_factory=FrozenMap)


def open_model(
    path: Path, catalog: Catalog, weights: Path | None = None
) -> OpenedModel:
    """The model of a file; nothing of the file is run but what is trusted.

    Args:
        path: Of the model.
        catalog: Describes layers.
        weights: A file of weights to use in place of the model's own.

    Raises:
        UserError: The file cannot be read or has no list of layers, or the weights fit
            nothing.
    """
    with _damage_reported(path):
        file = read_model_file(path)
        if is_defined_by_code(file):
            return _opened_code(file, catalog, weights)
        imported = imported_graphs(file.config, catalog)
        check_memory(imported, catalog)
        try:
            original = live_model(file)
        except UserError as error:
            if not imported.opaque:
                raise
            return OpenedModel(file, _free_batches(imported), reason=error.message)
    return _opened(file, original, catalog, weights)


def _opened(
    file: ModelFile, original: KerasModel, catalog: Catalog, weights: Path | None
) -> OpenedModel:
    with _damage_reported(file.path):
        imported = _free_batches(imported_model(original, catalog))
    if weights is None:
        return OpenedModel(file, imported, original, "", file.has_weights)
    found = give_weights(original, weights)
    return OpenedModel(file, imported, original, "", True, found.missing)


def _opened_code(
    file: ModelFile, catalog: Catalog, weights: Path | None
) -> OpenedModel:
    """A model that is defined by trusted code, as one block."""
    refuse_unknown_code(file)
    return _opened(file, around(live_model(file), file), catalog, weights)


@contextmanager
def _damage_reported(path: Path) -> Iterator[None]:
    """Convert what a configuration that Keras never wrote leads to."""
    try:
        yield
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        raise UserError(
            _("The configuration of {path} is damaged.").format(path=path.name),
            _("Save the model again, with Keras."),
        ) from error


def _free_batches(imported: ImportedGraphs) -> ImportedGraphs:
    """The same graphs, with inputs for batches of any size."""
    graphs = dict(imported.graphs)
    for name, graph in graphs.items():
        changed = []
        for node in graph.nodes.values():
            shape = node.params.get("batch_shape")
            if node.kind == INPUT and isinstance(shape, tuple) and shape[0] is not None:
                free = node.params.set("batch_shape", (None, *shape[1:]))
                changed.append(replace(node, params=free))
        if changed:
            graphs[name] = graph.with_nodes(changed)
    return replace(imported, graphs=FrozenMap(graphs))


def rebuilt_model(opened: OpenedModel, catalog: Catalog) -> tuple[KerasModel, float]:
    """The model built from the graphs, with the original's weights.

    Args:
        opened: Has an original.
        catalog: Describes layers.

    Returns:
        The model, and the largest difference of its outputs from the original's,
        relative to the largest of them.

    Raises:
        UserError: It cannot be built, or is another model than the original.
    """
    assert opened.original is not None
    imported = opened.imported
    built = build(
        imported.model, catalog, graphs=imported.graphs, precision=imported.precision
    )
    carried = carry_weights(built, imported, model_weights(opened.original, imported))
    if not carried.complete:
        lost = [each.path for each in carried.mismatches] + list(carried.unused)
        raise UserError(
            _("The weights of these layers could not be taken over: {names}.").format(
                names=", ".join("/".join(path) for path in lost[:8])
            )
        )
    if opened.saved_models:  # the same program computes both; importing runs none
        return built, 0.0
    difference = largest_difference(opened.original, built)
    if difference > TOLERANCE:
        raise UserError(
            _(
                "The model was read, but its outputs differ from those of the original "
                "by {difference:.2g} of the largest. Nothing was imported."
            ).format(difference=difference),
            _("Please report this, and attach the file if you may."),
        )
    return built, difference


def largest_difference(original: KerasModel, built: KerasModel) -> float:
    """The largest difference of outputs for the same random inputs; see above.

    Args:
        original: A model.
        built: Another one with the same inputs.

    Raises:
        UserError: The original computes nothing, of whatever size its inputs are.
    """
    values, outputs = computed_outputs(original)
    pairs = zip(outputs, _outputs(built, values), strict=True)
    worst = 0.0
    for expected, found in pairs:
        if expected.dtype.kind not in "fiub" or not expected.size:
            continue
        finite = np.isfinite(expected)
        if not np.array_equal(finite, np.isfinite(found)):
            return float("inf")
        differences = np.abs(expected - found)[finite]
        scale = max(float(np.abs(expected[finite]).max(initial=0)), 1e-6)
        worst = max(worst, float(differences.max(initial=0)) / scale)
    return worst


def computed_outputs(model: KerasModel) -> tuple[list[object], list[Outputs]]:
    """Random inputs of a size that a model takes, and its outputs for them."""
    for size in SIZES:
        values = [_random(each.shape, str(each.dtype), size) for each in model.inputs]
        try:
            return values, _outputs(model, values)
        except Exception as error:  # of many kinds: of a layer, or of TensorFlow
            if size != SIZES[-1] and any(None in e.shape[1:] for e in model.inputs):
                continue
            raise UserError(
                _("The model gives no outputs for random inputs: {reason}").format(
                    reason=plain(error)
                ),
                _("Check that it computes with the Keras that is installed here."),
            ) from error
    raise AssertionError


def _outputs(model: KerasModel, values: list[object]) -> list[Outputs]:
    import keras

    given = values if len(values) > 1 else values[0]
    outputs = keras.tree.flatten(model(_structured(model, given), training=False))
    return [np.asarray(each).astype(np.float64) for each in outputs]


def _structured(model: KerasModel, given: object) -> object:
    """The values in the structure that a model takes them in."""
    import keras

    values = given if isinstance(given, list) else [given]
    wanted = getattr(model, "_inputs_struct", None)
    if wanted is None:
        return given
    return keras.tree.pack_sequence_as(wanted, values)


def _random(shape: tuple[int | None, ...], dtype: str, size: int) -> object:
    """Values for an input; the same ones each time. `size`: of sides that vary."""
    import keras

    sizes = [SAMPLES, *(size if each is None else each for each in shape[1:])]
    generator = np.random.default_rng(0)
    if dtype == "string":
        import tensorflow as tf

        return tf.fill(sizes, "a small text")
    if "int" in dtype or dtype == "bool":
        return keras.ops.cast(generator.integers(0, 2, sizes), dtype)
    return keras.ops.cast(generator.random(sizes), dtype)
