"""A backbone opened into its layers keeps outputs, weights and frozen layers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.store import Catalog
from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.graph import INPUT, NESTED, Graph, node
from dlstudio.document.project import Project
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.document.values import FrozenMap
from dlstudio.engine.model.backbone import make_network
from dlstudio.engine.model.backbone_weights import set_backbone_weights
from dlstudio.engine.model.build import build
from dlstudio.engine.model.initial_weights import set_initial_weights
from dlstudio.engine.model_import.opened_backbone import open_backbone
from dlstudio.errors import UserError

CATALOG = Catalog.load()
SHAPE = (32, 32, 3)


def test_the_layers_begin_with_the_same_weights(tmp_path: Path) -> None:
    config = {"architecture": "MobileNet", "alpha": 0.25, "pooling": "avg"}
    network = make_network(BackboneConfig(**config, weights="none"), SHAPE)  # type: ignore[arg-type]
    random = np.random.default_rng(0)
    network.set_weights(
        [random.uniform(0.1, 0.3, w.shape) for w in network.get_weights()]
    )
    network.save_weights(tmp_path / "own.weights.h5")
    first = {**config, "weights": "own.weights.h5", "trainable_from": "conv_dw_13"}
    graph = Graph.chain(
        [
            node("image", INPUT, shape=SHAPE),
            node("net", BACKBONE, **first),
            node("head", "keras.layers.Dense", units=2),
        ]
    )
    project = Project(name="birds", graphs=FrozenMap({"model": graph, "net": graph}))
    closed = build(project, CATALOG)
    set_backbone_weights(project, closed, tmp_path, None)
    edit = open_backbone(project, "net", tmp_path, CATALOG)
    opened = project_from_json(project_to_json(edit.apply(project)))
    assert opened.model.nodes["net"].kind == NESTED
    inner = opened.graphs["net 2"]
    assert len(inner.nodes) > 80
    model = build(opened, CATALOG)
    found = set_initial_weights(opened, model, tmp_path, None)
    (told,) = found.values()
    assert told["matched"] == 54 and told["missing"] == ["head"] and not told["unused"]
    images = random.uniform(0, 255, (2, *SHAPE)).astype(np.float32)
    wanted = closed.get_layer("net")(images)
    np.testing.assert_allclose(model.get_layer("net")(images), wanted, rtol=1e-5)
    counts = [
        sum(np.prod(w.shape) for w in each.get_layer("net").trainable_weights)
        for each in (closed, model)
    ]
    assert counts[0] == counts[1] == 9 * 256 + 256 * 256

    # What was kept for it stays when the edit is undone and done again.
    with pytest.raises(UserError, match="no pretrained network"):
        open_backbone(opened, "net", tmp_path, CATALOG)
    shared = project.model.with_nodes(
        [replace(graph.nodes["head"], kind=BACKBONE, shares="net")]
    )
    with pytest.raises(UserError, match="shares"):
        open_backbone(project.with_graph("model", shared), "net", tmp_path, CATALOG)
