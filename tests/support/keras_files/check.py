"""Opens every file that a version of Keras wrote, and says which are not the same.

The layer of somebody's own is registered, as its author would.

python tests/support/keras_files/check.py [VERSION...]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[3]))


def register_own_layer() -> None:
    """Register the layer of the model "own_layer"."""
    import keras

    @keras.saving.register_keras_serializable(package="corpus")
    class Scaled(keras.layers.Layer):
        def build(self, shape: tuple[int, ...]) -> None:
            self.scale = self.add_weight(shape=(shape[-1],), name="scale")

        def call(self, x: object) -> object:
            return x * self.scale


def main(versions: list[str]) -> int:
    """Check the files; returns how many are not the same."""
    from dlstudio.engine.runtime.startup import start_tensorflow

    start_tensorflow()
    from dlstudio.catalog.store import Catalog
    from tests.support.written_models import (
        ROUGH,
        TOLERANCE,
        VERSIONS,
        difference,
        files,
    )

    register_own_layer()
    catalog, total, wrong = Catalog.load(), 0, 0
    with tempfile.TemporaryDirectory() as place:
        for version in versions or VERSIONS:
            good, names = 0, files(version)
            for name in names:
                folder = Path(place) / version
                folder.mkdir(exist_ok=True)
                limit = ROUGH if "precision" in name else TOLERANCE
                try:
                    found = difference(version, name, folder, catalog)
                    reason = "" if found <= limit else f"differs by {found:.2g}"
                except Exception as error:
                    reason = f"{type(error).__name__}: {error}"[:300]
                good += not reason
                if reason:
                    print(f"  {version} {name}: {reason}")
            print(f"{version}: {good} of {len(names)}")
            total, wrong = total + len(names), wrong + len(names) - good
    print(f"{total - wrong} of {total}")
    return wrong


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
