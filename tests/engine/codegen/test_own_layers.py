"""Scripts of models with dlstudio's own layers: they need Keras alone."""

from __future__ import annotations

from typing import Any

import killed_autoencoder
import numpy as np
import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.document.values import Spec, freeze_map
from dlstudio.engine.codegen.script import script
from dlstudio.engine.runtime.devices import choose_placement
from dlstudio.engine.training.setup import assemble

CATALOG = Catalog.load()


def written(kind: str, **plan: Any) -> dict[str, Any]:
    """The script of a project, run as a module without its last lines."""
    text = script(killed_autoencoder.autoencoder(kind, **plan), CATALOG).text
    names: dict[str, Any] = {"__name__": "made"}
    exec(compile(text, "<script>", "exec"), names)
    assert "dlstudio.layers" not in text and "import dlstudio" not in text
    return names


@pytest.mark.parametrize("kind", ["supervised", "variational"])
def test_a_written_autoencoder_has_the_loss_of_the_studio(kind: str) -> None:
    method = Spec(
        f"dlstudio.methods.{kind}",
        freeze_map({"beta": 3.0} if kind == "variational" else {}),
    )
    names = written(kind, method=method)
    model = names["build_model"]()
    names["compile_model"](model)
    project = killed_autoencoder.autoencoder(kind, method=method)
    samples = killed_autoencoder.images()
    training = assemble(project, samples, CATALOG, choose_placement("cpu"))
    for mine, own in zip(
        model.trainable_variables, training.model.trainable_variables, strict=True
    ):
        assert mine.shape == own.shape
        mine.assign(own)
    feed = training.components.validation
    order = np.arange(len(feed), dtype=np.int32)
    block = next(iter(feed.blocks(order, 10, 0, lambda _step: 1)))
    (loss,) = training.method.stepper.test(block.pool, block.index)
    images = samples.images[samples.splits["validation"]].astype("float32")
    found = model.evaluate(images, images / 255, batch_size=10, verbose=0)
    assert found[0] == pytest.approx(float(loss), rel=1e-4)
    history = model.fit(images, images / 255, epochs=1, verbose=0).history
    assert np.isfinite(history["loss"][0]) and "mse" in history


def test_no_class_is_written_where_no_layer_needs_it() -> None:
    assert "Sampling" not in written("supervised")
