"""Writes the files of small models for the tests, with the Keras that is installed.

    KERAS_BACKEND=jax python write.py OUT.zip   # any version of Keras 3
    python write.py OUT.zip                     # `tf-keras` 2.15, where it is installed

Each archive has the files, and the inputs and outputs of each model in "values.npz".
"""

from __future__ import annotations

import io
import sys
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

if find_spec("tf_keras"):
    import tf_keras as keras
    from models_of_keras2 import MAKERS
else:
    import keras
    from models import MAKERS

OLD = keras.__version__.startswith("2")
TIME = (2020, 1, 1, 0, 0, 0)


def inputs_of(model: Any, random: np.random.Generator) -> list[Any]:
    """Values for the inputs of a model; whole numbers where words are looked up."""
    words = any(type(layer).__name__ == "Embedding" for layer in model.layers)
    shapes = [(3, *tensor.shape[1:]) for tensor in model.inputs]
    if words:
        return [random.integers(0, 10, shape).astype("float32") for shape in shapes]
    return [random.normal(size=shape).astype("float32") for shape in shapes]


def randomize(model: Any, random: np.random.Generator) -> None:
    """Give all weights random values; those of variances are positive."""
    learned = [each for each in model.layers if type(each).__name__ == "Normalization"]
    if not learned:
        model.set_weights(
            [random.uniform(0.1, 0.9, each.shape) for each in model.get_weights()]
        )


def outputs_of(model: Any, values: list[Any]) -> list[Any]:
    """The outputs of a model, in the order of its outputs."""
    given = values if len(values) > 1 else values[0]
    found = model.predict(given, verbose=0)
    if isinstance(found, dict):
        return list(found.values())
    return list(found) if isinstance(found, (list, tuple)) else [found]


def save(model: Any, name: str, folder: Path) -> None:
    """Save a model in all formats of this Keras."""
    for suffix in ("keras", "h5"):
        path = folder / f"{name}.{suffix}"
        try:
            model.save(path)
        except Exception as error:  # what some versions cannot write
            path.unlink(missing_ok=True)
            print(f"{path.name}: {type(error).__name__}: {str(error)[:200]}")
    if name in ("siamese_models", "nested", "recurrent", "operators"):
        (folder / f"{name}.json").write_text(model.to_json())
    if OLD and name in ("teachable", "recurrent", "operators", "normalized"):
        model.save(folder / name, save_format="tf", include_optimizer=False)


def main(out: Path) -> None:
    """Write the archive."""
    arrays: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, maker in MAKERS.items():
            keras.backend.clear_session()
            random = np.random.default_rng(0)
            try:
                model = maker()
                randomize(model, random)
                values = inputs_of(model, random)
                outputs = outputs_of(model, values)
                save(model, name, folder)
            except Exception as error:
                print(f"{name}: {type(error).__name__}: {str(error)[:300]}")
                continue
            arrays |= {f"{name}.in.{n}": each for n, each in enumerate(values)}
            for number, each in enumerate(outputs):
                arrays[f"{name}.out.{number}"] = np.asarray(each, "float32")
        stream = io.BytesIO()
        np.savez(stream, **arrays)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.name != "fingerprint.pb":
                    name = path.relative_to(folder).as_posix()
                    info = zipfile.ZipInfo(name, TIME)
                    data = b"" if path.name == "saved_model.pb" else path.read_bytes()
                    archive.writestr(info, data, zipfile.ZIP_LZMA)
            info = zipfile.ZipInfo("values.npz", TIME)
            archive.writestr(info, stream.getvalue(), zipfile.ZIP_LZMA)
    print(keras.__version__, len(arrays), out.stat().st_size)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
