"""Where a script finds arrays of images and labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.data.fileinfo import resolve
from dlstudio.data.samples import TEST, TRAIN
from dlstudio.data.sources.array_splits import ArraySplit
from dlstudio.data.sources.arrays import labels_file, read_npy, read_npz
from dlstudio.data.sources.digits import read_digits
from dlstudio.data.sources.idx import find_pairs, read_pair
from dlstudio.data.sources.keras_set import CLASSES
from dlstudio.document.values import Spec
from dlstudio.engine.codegen.literals import INDENT, quoted
from dlstudio.errors import UserError
from dlstudio.i18n import _

Params = Mapping[str, Any]
KERAS_SHAPES: Mapping[str, tuple[int, tuple[int, ...], tuple[int, ...]]] = {
    "mnist": (60_000, (28, 28), ()),
    "fashion_mnist": (60_000, (28, 28), ()),
    "cifar10": (50_000, (32, 32, 3), (1,)),
    "cifar100": (50_000, (32, 32, 3), (1,)),
}
"""Training images of Keras' datasets, and the shapes of an image and of a label."""
KERAS_TEST = 10_000


@dataclass(frozen=True, slots=True)
class ScriptArrays:
    """Arrays of images and labels, and how a script reads them.

    Attributes:
        splits: The arrays themselves.
        expressions: Of images and labels of each of them.
        constants: Lines above the functions.
        functions: Lines of functions that the expressions call.
        opening: Statements above the expressions.
        classes: Names of labels that are numbers; () where they name themselves.
    """

    splits: tuple[ArraySplit, ...]
    expressions: tuple[tuple[str, str], ...]
    constants: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


def script_arrays(source: Spec, catalog: Catalog, base: Path) -> ScriptArrays:
    """The arrays of a source, of a kind in `READERS`.

    Args:
        source: With its parameters.
        catalog: Has the defaults of these.
        base: Folder of the project.

    Raises:
        UserError: They cannot be read.
    """
    params = {**catalog[source.kind].defaults(), **source.params}
    return READERS[source.kind](params, base)


def _digits(params: Params, base: Path) -> ScriptArrays:
    del params, base
    pixels = 'np.rint(digits.images * (255 / 16)).astype("uint8")'
    return ScriptArrays(
        (read_digits(),),
        ((pixels, "digits.target"),),
        opening=("digits = load_digits()  # of scikit-learn",),
    )


def _keras_set(params: Params, base: Path) -> ScriptArrays:
    """Nothing is downloaded: sizes are known, and stand for what is not."""
    del base
    name = str(params["name"])
    if name not in KERAS_SHAPES:
        raise UserError(
            _("Keras has no image dataset called “{name}”.").format(name=name)
        )
    count, image, label = KERAS_SHAPES[name]
    splits = tuple(
        ArraySplit(
            split,
            np.broadcast_to(np.uint8(0), (many, *image)),
            np.broadcast_to(np.int64(0), (many, *label)),
        )
        for split, many in ((TRAIN, count), (TEST, KERAS_TEST))
    )
    load = f"keras.datasets.{name}.load_data()"
    return ScriptArrays(
        splits,
        (("x_train", "y_train"), ("x_test", "y_test")),
        opening=(f"(x_train, y_train), (x_test, y_test) = {load}",),
        classes=CLASSES[name],
    )


def _numpy(params: Params, base: Path) -> ScriptArrays:
    path = resolve(params["path"], base)
    file = f"FILE = {quoted(path.as_posix())}"
    if path.suffix.lower() != ".npz":
        labels = labels_file(path, params, base)
        return ScriptArrays(
            (read_npy(path, labels),),
            (("np.load(FILE)", "np.load(LABELS)"),),
            constants=(file, f"LABELS = {quoted(labels.as_posix())}"),
        )
    named, classes = read_npz(path)
    return ScriptArrays(
        tuple(named.values()),
        tuple((f"arrays[{quoted(x)}]", f"arrays[{quoted(y)}]") for x, y in named),
        constants=(file,),
        opening=("arrays = np.load(FILE)",),
        classes=classes,
    )


def _idx(params: Params, base: Path) -> ScriptArrays:
    path = resolve(params["path"], base)
    pairs = find_pairs(path)
    if not pairs:
        raise UserError(
            _("No IDX files with images and labels were found in {path}.").format(
                path=path
            )
        )
    root = path if path.is_dir() else path.parent
    packed = any(file.suffix == ".gz" for pair in pairs for file in pair)
    expressions = tuple(
        (_read_idx(images), _read_idx(labels)) for images, labels in pairs
    )
    return ScriptArrays(
        tuple(read_pair(*pair) for pair in pairs),
        expressions,
        constants=(f"FOLDER = pathlib.Path({quoted(root.as_posix())})",),
        functions=tuple(_idx_reader(packed)),
    )


def _read_idx(path: Path) -> str:
    return f"read_idx(FOLDER / {quoted(path.name)})"


def _idx_reader(packed: bool) -> list[str]:
    """The lines of `read_idx`."""
    unpack = [
        f'{INDENT}if path.suffix == ".gz":',
        f"{2 * INDENT}data = gzip.decompress(data)",
    ]
    return [
        "",
        "",
        "def read_idx(path: pathlib.Path) -> np.ndarray:",
        f'{INDENT}"""The array in a file of MNIST\'s format."""',
        f"{INDENT}data = path.read_bytes()",
        *(unpack if packed else []),
        f'{INDENT}shape = np.frombuffer(data, ">u4", count=data[3], offset=4)',
        f"{INDENT}start = 4 + 4 * len(shape)",
        f"{INDENT}return np.frombuffer(data, np.uint8, offset=start).reshape(shape)",
    ]


READERS: Mapping[str, Callable[[Params, Path], ScriptArrays]] = {
    "dlstudio.sources.digits": _digits,
    "dlstudio.sources.keras_set": _keras_set,
    "dlstudio.sources.arrays": _numpy,
    "dlstudio.sources.idx": _idx,
}
