"""The files of a preset of KerasHub, read without running anything of them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeGuard

from dlstudio.data.fileinfo import is_network_path
from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.preset_config import PresetConfig, preset_config_of
from dlstudio.engine.model.hub_catalog import find_preset, hub_library, image_backbones
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import read_json

CONFIG, CONVERTER = "config.json", "image_converter.json"
WEIGHTS = "model.weights.h5"
FILES = f"{CONFIG}, {CONVERTER}, {WEIGHTS}"
LARGEST = 2**20
NAMESPACE = "keras_hub>"
MOST_VALUES, MOST_OF_A_KIND, LARGEST_NUMBER = 4096, 512, 2**14
NOT_ARGUMENTS = ("name", "trainable", "dtype")
CONVERTED = (
    *("image_size", "scale", "offset", "interpolation", "antialias"),
    *("crop_to_aspect_ratio", "pad_to_aspect_ratio"),
)
LARGEST_SIDE = 2048
"""Of the images that a network resizes to, in pixels."""
COUNTED = re.compile(r"depth|num_(blocks|layers|repeats)")
"""Arguments that say how often something is repeated."""


def known_preset(config: BackboneConfig) -> PresetConfig:
    """The configuration of a backbone's preset: as it was kept, or from its files.

    Args:
        config: Of the backbone.

    Raises:
        UserError: Its files are not at hand or damaged, or it is no image network.
    """
    if config.preset_config:
        return checked_preset(preset_config_of(config.preset_config))
    if (
        config.preset_folder
        and not Path(config.preset_folder).expanduser().is_absolute()
    ):
        raise UserError(
            _("The folder of the preset is relative: {path}").format(
                path=config.preset_folder
            ),
            _("Give its full path, or choose it in the inspector."),
        )
    place = preset_place(config, Path())
    if not config.preset_folder and not is_complete(place):
        raise _not_at_hand(config, place)
    return read_preset(place)


def preset_place(config: BackboneConfig, folder: Path) -> Path:
    """The folder with the files of a backbone's preset, whether it is there or not.

    Args:
        config: Of the backbone.
        folder: Of the project.

    Raises:
        UserError: There is no such preset.
    """
    if not config.preset_folder:
        return cache_place(find_preset(config.preset.strip()).weights.handle)
    if is_network_path(config.preset_folder):
        raise UserError(
            _("{path} is on another machine.").format(path=config.preset_folder),
            _("Copy it beside the project."),
        )
    return folder / Path(config.preset_folder).expanduser()


def cache_place(handle: str) -> Path:
    """The folder of the cache in which KerasHub keeps a published preset."""
    hub_library("kagglehub")
    from kagglehub.config import get_cache_folder

    return Path(get_cache_folder()) / "models" / Path(*handle.split("/"))


def is_complete(folder: Path) -> bool:
    """Whether a folder has the files of a preset that a network needs."""
    return all(is_file_complete(folder, name) for name in (CONFIG, WEIGHTS))


def is_file_complete(folder: Path, name: str) -> bool:
    """Whether a file of a preset is there, put there by hand or downloaded to its end.

    Args:
        folder: Of the preset. KerasHub marks what it has downloaded into its cache.
        name: Of the file.
    """
    marks = folder.parent / ".complete" / folder.name
    downloaded = not marks.is_dir() or (marks / f"{name}.complete").is_file()
    return downloaded and (folder / name).is_file()


def read_preset(folder: Path) -> PresetConfig:
    """The configuration in the files of a preset, checked.

    Args:
        folder: As `save_to_preset` writes it.

    Raises:
        UserError: A file is missing or damaged, or it is no image network.
    """
    path = folder / CONFIG
    if not path.is_file():
        raise UserError(
            _("{folder} is no preset of KerasHub: it has no {file}.").format(
                folder=folder, file=CONFIG
            ),
            _("Choose a folder that “save_to_preset” wrote, with {files}.").format(
                files=f"{CONFIG}, {WEIGHTS}"
            ),
        )
    name, arguments = _entry(path)
    network = {k: v for k, v in arguments.items() if k not in NOT_ARGUMENTS}
    converter: dict[str, object] = {}
    if (folder / CONVERTER).is_file():
        options = _entry(folder / CONVERTER)[1]
        converter = {k: v for k, v in options.items() if k in CONVERTED}
    return checked_preset(PresetConfig(name, network, converter))


def _entry(path: Path) -> tuple[str, Mapping[str, object]]:
    """The class and the arguments of a configuration, as Keras writes it."""
    value = read_json(path, LARGEST)
    if isinstance(value, dict) and isinstance(value.get("config"), dict):
        name, registered = value.get("class_name"), value.get("registered_name")
        if isinstance(name, str) and registered == NAMESPACE + name:
            return name, value["config"]
        raise _foreign(str(name))
    raise UserError(
        _("{path} is no configuration of KerasHub.").format(path=path),
        _("Choose a folder that “save_to_preset” wrote."),
    )


def _foreign(name: str) -> UserError:
    return UserError(
        _("“{name}” is no image network of KerasHub.").format(name=name),
        _("Use one of: {names}.").format(names=", ".join(image_backbones())),
    )


def checked_preset(preset: PresetConfig) -> PresetConfig:
    """The configuration of a preset, of which nothing is run that is not KerasHub's.

    Raises:
        UserError: It is no image network of KerasHub, or has something else than
            numbers and words, or more than any network.
    """
    if preset.class_name not in image_backbones():
        raise _foreign(preset.class_name)
    if preset.network.get("data_format") == "channels_first":
        raise UserError(
            _("The network takes images with the channels first."),
            _("Save the preset again with the channels last."),
        )
    if max(preset.image_size or (0,)) > LARGEST_SIDE:
        raise _too_large()
    values = _plain([*preset.network.values(), *preset.converter.values()])
    counts = {k: v for k, v in preset.network.items() if COUNTED.search(k)}
    if len(values) > MOST_VALUES or any(
        each > MOST_OF_A_KIND for each in _plain(list(counts.values())) if _is_int(each)
    ):
        raise _too_large()
    return preset


def _plain(value: object) -> list[Any]:
    """The numbers and words in a value of JSON.

    Raises:
        UserError: There is something else in it, or a number is out of range.
    """
    found: list[Any] = []
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, (list, tuple)):
            waiting += each
            continue
        if not isinstance(each, (str, int, float, bool, type(None))):
            raise UserError(
                _("The configuration of the preset has an object inside."),
                _("Only networks that are described by numbers and words are read."),
            )
        if _is_int(each) and abs(each) > LARGEST_NUMBER:
            raise _too_large()
        found.append(each)
        if len(found) > MOST_VALUES:
            raise _too_large()
    return found


def _is_int(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _too_large() -> UserError:
    return UserError(_("The network of the preset is too large."))


def preset_weights(config: BackboneConfig, folder: Path) -> Path:
    """The file with the weights of a backbone's preset.

    Args:
        config: Of the backbone.
        folder: Of the project.

    Raises:
        UserError: It is missing; says what to put where.
    """
    place = preset_place(config, folder)
    if is_complete(place):
        return place / WEIGHTS
    if config.preset_folder:
        raise UserError(
            _("{folder} has no weights of a preset.").format(folder=place),
            _("Put these files into it, or choose another preset: {names}.").format(
                names=FILES
            ),
        )
    raise _not_at_hand(config, place)


def _not_at_hand(config: BackboneConfig, place: Path) -> UserError:
    """The error where a published preset was not downloaded."""
    weights = find_preset(config.preset.strip()).weights
    return UserError(
        _("The preset {name} (about {size:.0f} MB) is not at hand.").format(
            name=weights.file, size=max(weights.megabytes, 1)
        ),
        _(
            "Press Train in the window or use “dlstudio train --download” to "
            "download it. Or get its files ({names}) from {address} and put them into "
            "{folder}. Nothing is downloaded unasked."
        ).format(names=FILES, address=weights.address, folder=os.fspath(place)),
    )
