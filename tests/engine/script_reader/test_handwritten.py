"""Scripts as people write them become graphs that compute the same."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras_scripts import RESIDUAL, SCRIPTS

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.engine.model.build import build
from dlstudio.engine.script_reader.project_merge import project_from_script

CATALOG = Catalog.load()


def read(text: str, project: Project | None = None) -> Project:
    return project_from_script(text, project or Project(), CATALOG)


def answers(model: Any) -> list[np.ndarray]:
    """The outputs with all weights alike, so that their order does not matter."""
    for weight in model.weights:
        value = 1.0 if "variance" in weight.path else 0.02
        if weight.dtype == "float32":
            weight.assign(np.full(weight.shape, value))
    rng = np.random.default_rng(0)
    given = [
        rng.integers(1, 9, (2, *each.shape[1:])).astype(each.dtype)
        for each in model.inputs
    ]
    whole: Any = given[0]
    if len(given) > 1:
        whole = keras.tree.pack_sequence_as(model._inputs_struct, given)
    found = model(whole, training=False)
    return [np.asarray(each) for each in keras.tree.flatten(found)]


@pytest.mark.filterwarnings("ignore:Do not pass an")
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_read_as_keras_builds_it(name: str) -> None:
    space: dict[str, Any] = {"__name__": "script"}
    exec(SCRIPTS[name], space)  # it is ours
    theirs = space["model"]
    project = read(SCRIPTS[name])
    ours = build(project, CATALOG)
    assert ours.count_params() == theirs.count_params()
    trained = [sum(w.numpy().size for w in m.trainable_weights) for m in (ours, theirs)]
    assert trained[0] == trained[1]
    for one, other in zip(answers(ours), answers(theirs), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_functions_become_groups_and_settings_the_plan() -> None:
    project = read(RESIDUAL.replace("if False:", "if True:"))
    names = [group.name for group in project.model.groups]
    assert names.count("residual_block 1") == 1 and "residual_block 4" in names
    assert project.plan.epochs == 7 and project.plan.batch_size == 48
    assert project.plan.optimizer.kind == "keras.optimizers.SGD"
    assert dict(project.plan.optimizer.params)["momentum"] == 0.9
