"""Several devices: two logical CPUs in a new process, before initialization."""

from __future__ import annotations

import json
import random
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from warm_processes import WarmProcesses

from dlstudio.engine.runtime.devices import accelerators, choose_placement
from dlstudio.engine.runtime.seeds import seed_all
from dlstudio.errors import UserError

CHILD = """
import json, sys
from pathlib import Path

sys.path[:0] = sys.argv[2:]

import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(
    cpu, [tf.config.LogicalDeviceConfiguration()] * 2
)

from tiny import layer, tiny_graph, tiny_project, tiny_samples

from dlstudio.catalog.store import Catalog
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.runtime.devices import choose_placement
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.trainer import TrainerDependencies, Trainer

l2 = Spec("keras.regularizers.L2", FrozenMap({"l2": 0.01}))
graph = tiny_graph(
    layer("conv", "Conv2D", filters=3, kernel_size=3, kernel_regularizer=l2)
)
project = tiny_project(
    graph,
    epochs=2,
    optimizer=Spec("keras.optimizers.SGD", FrozenMap({"learning_rate": 0.05})),
    metrics=tuple(Spec("dlstudio.metrics." + name) for name in ("accuracy", "f1")),
    class_weights="balanced",
)
samples = tiny_samples(64)


def train(name, epochs=None, resume="", **dependencies):
    run = Trainer(
        project, Path(sys.argv[1], name), Catalog.load(), lambda event: None,
        StopSource().token,
        TrainerDependencies(lambda project: samples, **dependencies),
    ).train(resume, epochs)
    return run


one = train("one")
both = train("both", placement=choose_placement("all", kind="CPU"))
longer = [
    train("both", 3, both.id, placement=choose_placement("all", kind="CPU")),
    train("one", 3, one.id),
]
from killed_features import train as train_features

folder = Path(sys.argv[1])
features = [
    train_features(folder / "f1"),
    train_features(folder / "f2", placement=choose_placement("all", kind="CPU")),
]
found = [
    [run.record.outcome, run.record.device, dict(run.record.metrics)]
    for run in (one, both, *longer, *features)
]
print(json.dumps(found))
"""


@pytest.mark.slow
def test_several_devices_give_what_one_gives(
    warm: WarmProcesses, tmp_path: Path
) -> None:
    """The same distributed batches give the same metrics, also when resumed."""
    support, program = Path(__file__).parents[2] / "support", tmp_path / "child.py"
    program.write_text(CHILD, "utf-8")
    done = warm.run(list(map(str, (program, tmp_path, support, support.parents[1]))))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    one, both, both_longer, one_longer, features, both_features = found
    assert both[1] == "CPU:0, CPU:1" and one[1] == "CPU"
    assert "tags_loss" in features[2] and both_features[1] == "CPU:0, CPU:1"
    assert features[2]["loss"] == pytest.approx(both_features[2]["loss"], rel=0.2)
    assert features[2].keys() == both_features[2].keys()
    for first, second in ((one, both), (one_longer, both_longer)):
        assert first[0] == second[0] == "succeeded"
        assert first[2] == {
            name: pytest.approx(value, rel=1e-4) for name, value in second[2].items()
        }
    assert both_longer[2]["loss"] < both[2]["loss"]


def test_the_cpu_can_be_chosen() -> None:
    placement = choose_placement("cpu")
    assert (placement.name, placement.devices) == ("CPU", ("CPU:0",))
    with placement.scope():
        assert tf.constant(1).device.endswith("CPU:0")


@pytest.mark.skipif(bool(accelerators()), reason="this machine has a GPU")
@pytest.mark.parametrize("choice", ["gpu:0", "gpu:3", "all"])
def test_a_missing_gpu_is_reported(choice: str) -> None:
    assert choose_placement("auto").name == "CPU"
    with pytest.raises(UserError, match=f"requires {choice}.* none") as caught:
        choose_placement(choice)
    assert "doctor" in caught.value.hint


@pytest.mark.parametrize("choice", ["", "GPU", "gpu:", "gpu:-1", "gpu:9999999999999"])
def test_an_unknown_device_is_reported(choice: str) -> None:
    with pytest.raises(UserError, match="no device called"):
        choose_placement(choice)


def test_one_of_several_can_be_chosen() -> None:
    assert choose_placement("gpu:0", kind="CPU").devices == ("CPU:0",)


def test_gpu_memory_is_allocated_as_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if TensorFlow raises that it is too late to set it."""
    grown: list[str] = []

    def set_memory_growth(device: str, on: bool) -> None:
        grown.append(device)
        assert on
        raise RuntimeError("already in use")

    config = tf.config
    monkeypatch.setattr(config, "list_physical_devices", lambda kind: ["one", "two"])
    monkeypatch.setattr(config.experimental, "set_memory_growth", set_memory_growth)
    accelerators()
    assert grown == ["one", "two"]


def test_a_seed_decides_everything_random(monkeypatch: pytest.MonkeyPatch) -> None:
    enabled: list[bool] = []
    monkeypatch.setattr(
        tf.config.experimental, "enable_op_determinism", lambda: enabled.append(True)
    )

    def numbers(seed: int) -> list[float]:
        seed_all(seed)
        own = keras.random.uniform((2,), seed=keras.random.SeedGenerator())
        return [*own.numpy(), np.random.rand(), random.random()]

    assert numbers(-3) == numbers(-3) != numbers(4)
    assert not enabled
    seed_all(0, deterministic=True)
    assert enabled == [True]
