"""The pretrained networks of `keras.applications`, read from the installed Keras.

``python -m dlstudio.engine.introspection.applications`` writes them, in some minutes,
into ``resources/catalog/backbones.json``. What is known of a network is asked of its
function: sizes from what it checks, files of weights from what
it would download, which is recorded instead.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from unittest import mock

import keras
import numpy as np

from dlstudio.json_values import JsonObject
from dlstudio.paths import resource, write_text

FILE = "backbones.json"
MODES = ("tf", "torch", "caffe")
SIZES = (96, 128, 160, 192, 224)
"""Of images for which a network may have weights of its own."""
CHOICES: dict[str, tuple[Any, ...]] = {
    "alpha": (0.25, 0.35, 0.5, 0.75, 1.0, 1.3, 1.4),
    "minimalistic": (False, True),
}
"""Arguments that change the layers, with the values for which there may be weights."""


class _WouldDownloadError(Exception):
    """Raised in place of a download."""


class _Anything:
    """Takes the place of layers, tensors and models."""

    shape = (None, 8, 8, 8)

    def __call__(self, *_args: object, **_named: object) -> _Anything:
        return self

    def __getattr__(self, name: str) -> _Anything:
        return self

    def _combined(self, _other: object) -> _Anything:
        return self

    __add__ = __radd__ = __mul__ = __rmul__ = __truediv__ = __sub__ = _combined


@dataclass
class _Record:
    """What a function asked for."""

    sizes: tuple[int, int] = (224, 32)  # some know no others
    file: dict[str, str] = field(default_factory=dict)


def describe_applications() -> str:
    """The text of the file with all networks, JSON, by their names."""
    found = {name: _network(name, make) for name, make in sorted(_functions())}
    return json.dumps({"keras": keras.__version__, "networks": found}, indent=1) + "\n"


def _functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, thing in vars(keras.applications).items():
        if inspect.isfunction(thing) and "include_top" in _arguments(thing):
            yield name, thing


def _arguments(make: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(make).parameters)


def _network(name: str, make: Callable[..., Any]) -> JsonObject:
    module = make.__module__.rpartition(".")[2]
    taken = [each for each in CHOICES if each in _arguments(make)]
    usual = {n: inspect.signature(make).parameters[n].default for n in taken}
    _record, file = _asked(make, {"input_shape": None, **usual})
    (side, smallest), known = _record.sizes, file
    weights: list[JsonObject] = []
    for values in itertools.product(*(CHOICES[each] for each in taken)):
        chosen = dict(zip(taken, values, strict=True))
        _, usual_file = _asked(make, chosen)
        if not usual_file:
            continue
        count = _parameters(make, chosen)
        entry: dict[str, Any] = {"arguments": chosen, "parameters": count}
        weights.append({"size": 0, **entry, **usual_file})
        for size in SIZES:
            _, file = _asked(make, {"input_shape": (size, size, 3), **chosen})
            if file and file != usual_file:
                weights.append({"size": size, **entry, **file})
    if not known or not hasattr(keras.applications, module):
        raise ValueError(name)
    return {
        "module": module,
        "size": side,
        "smallest": smallest,
        "mode": _mode(module),
        "arguments": {each: usual[each] for each in taken},
        "includes_preprocessing": "include_preprocessing" in _arguments(make),
        "weights": weights,
    }


def _parameters(make: Callable[..., Any], chosen: dict[str, Any]) -> int:
    """How many parameters a network has without its top."""
    with keras.StatelessScope(initialize_variables=False):
        model = make(include_top=False, weights=None, **chosen)
        return int(model.count_params())


def _asked(
    make: Callable[..., Any], given: dict[str, Any]
) -> tuple[_Record, dict[str, str]]:
    """What a function asks for with ImageNet's weights; no file if it refuses."""
    with _recorded(make) as record:
        try:
            make(include_top=False, weights="imagenet", **given)
        except _WouldDownloadError:
            return record, record.file
        except ValueError:
            return record, {}
    raise AssertionError("The function downloads nothing.")


@contextmanager
def _recorded(make: Callable[..., Any]) -> Iterator[_Record]:
    record = _Record()
    module = sys.modules[make.__module__]
    utils = importlib.import_module("keras.src.applications.imagenet_utils")
    files = importlib.import_module("keras.src.utils.file_utils")
    usual = utils.obtain_input_shape

    def shape(given: Any, default_size: int, min_size: int, **options: Any) -> Any:
        record.sizes = (default_size, min_size)
        return usual(given, default_size=default_size, min_size=min_size, **options)

    def get_file(fname: str, origin: str, file_hash: str = "", **options: Any) -> None:
        assert options.get("cache_subdir") == "models", fname
        record.file = {"file": fname, "address": origin, "hash": file_hash or ""}
        raise _WouldDownloadError

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(utils, "obtain_input_shape", shape))
        stack.enter_context(mock.patch.object(files, "get_file", get_file))
        for name in _layer_makers(module):
            stack.enter_context(mock.patch.object(module, name, _Anything()))
        yield record


def _layer_makers(module: ModuleType) -> list[str]:
    """Names in a module of what builds layers, which takes long and asks nothing."""
    return [
        name
        for name, thing in vars(module).items()
        if name == "layers"
        or (inspect.isclass(thing) and issubclass(thing, keras.layers.Layer))
    ]


def _mode(module: str) -> str:
    """How pixels are scaled: one of `MODES`, or "" where the layers do it."""
    scale = sys.modules[f"keras.src.applications.{module}"].preprocess_input
    utils = importlib.import_module("keras.src.applications.imagenet_utils")
    pixels = np.array([[[[10.0, 100.0, 200.0]]]], np.float32)
    answer = scale(pixels.copy())
    if np.array_equal(answer, pixels):
        return ""
    for mode in MODES:
        if np.allclose(answer, utils.preprocess_input(pixels.copy(), mode=mode)):
            return mode
    raise ValueError(module)


def main() -> None:
    """Write the file."""
    write_text(resource("catalog") / FILE, describe_applications())


if __name__ == "__main__":
    main()
