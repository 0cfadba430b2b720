"""Networks and published presets of KerasHub, as the installed one has them."""

from __future__ import annotations

import difflib
import importlib
import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any

from dlstudio.catalog.backbones import PublishedWeights
from dlstudio.errors import UserError, joined
from dlstudio.i18n import _

EXTRA = 'pip install "dlstudio[hub]"'
OLDEST_PYTHON = (3, 11)
SCHEME = "kaggle://"
PAGES = "https://www.kaggle.com/models/"
OTHERS = ("image_encoder", "num_frames")
"""Arguments of networks that are built around another one, or take videos."""


@dataclass(frozen=True, slots=True)
class HubPreset:
    """A published preset of an image network.

    Attributes:
        name: Of the preset.
        network: Name of its class in `keras_hub.models`.
        description: One English sentence.
        weights: Where its files come from, and how large they are.
    """

    name: str
    network: str
    description: str
    weights: PublishedWeights


def hub_library(name: str = "keras_hub") -> ModuleType:
    """A library of the extra "hub".

    Args:
        name: Of the module.

    Raises:
        UserError: It is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        hint = _("Install it with: {command}").format(command=EXTRA)
        if sys.version_info < OLDEST_PYTHON:
            hint = joined(hint, _("It needs Python 3.11 or newer."))
        raise UserError(
            _("This needs {library}, which is not installed.").format(library=name),
            hint,
        ) from error


@cache
def image_backbones() -> Mapping[str, type[Any]]:
    """The networks that turn images into feature maps or tokens, by their class' name.

    Raises:
        UserError: KerasHub is not installed.
    """
    hub = hub_library()
    models, layers = _classes(hub.models), _classes(hub.layers)
    converted = {getattr(each, "backbone_cls", None) for each in layers}
    tasks = [c for c in models if issubclass(c, hub.models.ImageClassifier)]
    classified = {getattr(each, "backbone_cls", None) for each in tasks}
    found = {}
    for each in models:
        if not issubclass(each, hub.models.Backbone) or each not in converted:
            continue
        arguments = inspect.signature(each.__init__).parameters
        pyramid = issubclass(each, hub.models.FeaturePyramidBackbone)
        if (each in classified or pyramid) and not arguments.keys() & set(OTHERS):
            found[each.__name__] = each
    return MappingProxyType(found)


def _classes(module: ModuleType) -> list[type[Any]]:
    return [each for each in vars(module).values() if inspect.isclass(each)]


@cache
def published_presets() -> Mapping[str, HubPreset]:
    """The presets that are published for image networks, by name, the smallest first.

    Raises:
        UserError: KerasHub is not installed.
    """
    found = []
    for name, network in image_backbones().items():
        for preset, known in network.presets.items():
            handle = str(known.get("kaggle_handle", ""))
            if not handle.startswith(SCHEME):
                continue
            about = known.get("metadata", {})
            weights = PublishedWeights(
                size=0,
                arguments={},
                parameters=int(about.get("params", 0)),
                file=preset,
                address=PAGES + handle.removeprefix(SCHEME),
                hash="",
                handle=handle.removeprefix(SCHEME),
            )
            text = str(about.get("description", "")).strip()
            found.append(HubPreset(preset, name, text, weights))
    found.sort(key=lambda each: each.weights.parameters)
    return MappingProxyType({each.name: each for each in found})


def find_preset(name: str) -> HubPreset:
    """A published preset.

    Args:
        name: Of the preset.

    Raises:
        UserError: There is no such preset, or KerasHub is not installed.
    """
    known = published_presets()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    if near:
        hint = _("Did you mean {names}?").format(names=", ".join(near))
    else:
        hint = _("Give the name of a preset or a folder, such as “./{name}”.")
        hint = hint.format(name=name)
    raise UserError(
        _("KerasHub has no preset “{name}” for images.").format(name=name), hint
    )
