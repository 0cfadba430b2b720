"""Files that would run code, leave their place or fill the memory do none of it."""

from __future__ import annotations

import json
import marshal
import pickle
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.engine.file_import.opened_model import OpenedModel, open_model
from dlstudio.engine.model_files.model_file import read_model_file
from dlstudio.errors import UserError

CATALOG = Catalog.load()


def dense_model() -> Any:
    x = keras.Input((4,), name="row")
    return keras.Model(x, keras.layers.Dense(2, name="dense")(x))


def with_layer(layer: dict[str, Any]) -> dict[str, Any]:
    """The configuration of a model in which one layer is another."""
    config: dict[str, Any] = keras.saving.serialize_keras_object(dense_model())
    nodes = config["config"]["layers"][1]["inbound_nodes"]
    config["config"]["layers"][1] = {**layer, "name": "dense", "inbound_nodes": nodes}
    return json.loads(json.dumps(config))


def archive(path: Path, config: dict[str, Any], **more: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("metadata.json", '{"keras_version": "3.9.0"}')
        made.writestr("config.json", json.dumps(config))
        for name, data in more.items():
            made.writestr(name, data)
    return path


def opened(path: Path) -> OpenedModel:
    return open_model(path, CATALOG)


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file that a module writes when it is imported, and code when it is run."""
    mark = tmp_path / "caught"
    (tmp_path / "trap_module.py").write_text(f"open({str(mark)!r}, 'w').close()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield mark
    assert not mark.exists() and "trap_module" not in sys.modules


@pytest.mark.parametrize(
    "layer",
    [
        {"module": "trap_module", "class_name": "Anything", "config": {}},
        {"module": "os", "class_name": "system", "config": {"command": "true"}},
        {"module": "builtins", "class_name": "function", "config": "eval"},
        {
            "module": "keras.layers",
            "class_name": "TFSMLayer",
            "config": {"filepath": "trap_module"},
        },
        {
            "module": "keras.layers",
            "class_name": "Dense",
            "config": {
                "units": 2,
                "activation": {
                    "module": "trap_module",
                    "class_name": "function",
                    "config": "run",
                    "registered_name": "function",
                },
            },
        },
    ],
)
def test_foreign_classes_are_kept_and_never_looked_up(
    layer: dict[str, Any], trap: Path, tmp_path: Path
) -> None:
    found = opened(archive(tmp_path / "model.keras", with_layer(layer)))
    assert found.original is None and found.reason
    assert [each.node for each in found.imported.opaque] == ["dense"]


@pytest.mark.parametrize("kind", ["keras", "h5"])
def test_a_lambda_is_kept_and_never_run(kind: str, trap: Path, tmp_path: Path) -> None:
    code = marshal.dumps(compile(f"open({str(trap)!r}, 'w')", "x", "eval")).hex()
    function = {
        "class_name": "__lambda__",
        "config": {"code": code, "defaults": None, "closure": None},
    }
    layer = {
        "module": "keras.layers",
        "class_name": "Lambda",
        "config": {"name": "dense", "function": function},
        "registered_name": None,
    }
    path = tmp_path / f"model.{kind}"
    if kind == "keras":
        archive(path, with_layer(layer))
    else:
        old = {"name": "dense", "function": [code, None, None], "module": "os"}
        layers = [
            {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 4]}},
            {"class_name": "Lambda", "config": {**old, "function_type": "lambda"}},
        ]
        with h5py.File(path, "w") as file:
            file.attrs["keras_version"] = "2.9.0"
            file.attrs["model_config"] = json.dumps(
                {"class_name": "Sequential", "config": {"layers": layers}}
            )
            file.create_group("model_weights").attrs["layer_names"] = ["dense"]
    found = opened(path)
    assert found.original is None and "custom code" in found.reason
    assert [each.class_name for each in found.imported.opaque] == ["Lambda"]


def test_paths_outside_are_refused(tmp_path: Path) -> None:
    config = with_layer({"module": "keras.layers", "class_name": "Dense", "config": {}})
    path = archive(tmp_path / "model.keras", config, **{"../escaped.txt": b"x"})
    with pytest.raises(UserError, match="points outside"):
        read_model_file(path)
    assert not (tmp_path.parent / "escaped.txt").exists()


def test_pickled_objects_are_refused(tmp_path: Path) -> None:
    config = with_layer({"module": "keras.layers", "class_name": "Dense", "config": {}})
    data = pickle.dumps({"a": 1})
    path = archive(tmp_path / "model.keras", config, **{"assets/vocabulary.pkl": data})
    with pytest.raises(UserError, match="can run code"):
        read_model_file(path)


def test_bombs_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("config.json", b" " * (70 * 2**20))
    with pytest.raises(UserError, match="would expand"):
        read_model_file(path)
    path = tmp_path / "model.h5"
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = "{}"
        file.create_dataset("huge", (2**40,), "float32")  # no byte of it is written
    with pytest.raises(UserError, match="larger than the file"):
        read_model_file(path)


def test_weights_in_other_files_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.h5"
    with h5py.File(secret, "w") as file:
        file["kernel"] = np.ones((4, 2), "float32")
    links = {
        "external": lambda file: file.__setitem__(
            "weights", h5py.ExternalLink("secret.h5", "kernel")
        ),
        "soft": lambda file: file.__setitem__("weights", h5py.SoftLink("/other")),
        "stored": lambda file: file.create_dataset(
            "weights", (4, 2), "float32", external=[(str(secret), 0, 32)]
        ),
        "virtual": lambda file: file.create_virtual_dataset("weights", layout),
    }
    layout = h5py.VirtualLayout((4, 2), "float32")
    layout[:] = h5py.VirtualSource(str(secret), "kernel", (4, 2))
    for name, link in links.items():
        path = tmp_path / f"{name}.h5"
        with h5py.File(path, "w") as file:
            file.attrs["model_config"] = "{}"
            link(file)
        with pytest.raises(UserError, match="another"):
            read_model_file(path)


def test_models_larger_than_the_memory_are_refused(tmp_path: Path) -> None:
    layer = {"name": "a", "units": 10**9, "batch_input_shape": [None, 10**5]}
    layers = [{"class_name": "Dense", "config": layer}]
    path = tmp_path / "huge.json"
    path.write_text(
        json.dumps({"class_name": "Sequential", "config": {"layers": layers}})
    )
    with pytest.raises(UserError, match="of memory"):
        opened(path)


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    for name, data in {
        "empty.keras": b"",
        "text.keras": b"hello",
        "cut.keras": b"PK\x03\x04 and nothing",
        "cut.h5": b"\x89HDF\r\n\x1a\n" + bytes(64),
        "other.json": b'{"name": "no model"}',
        "dict.json": b'{"class_name": {}, "config": {"layers": [{}]}}',
        "deep.json": b'{"class_name": ' + b"[" * 4000 + b"]" * 4000 + b"}",
        "loop.json": json.dumps(
            {"class_name": "Sequential", "config": {"layers": "none"}}
        ).encode(),
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(UserError):
            opened(path)
