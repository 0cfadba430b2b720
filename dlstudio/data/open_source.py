"""Opening the source a recipe names, and guessing what a path is."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.data.fileinfo import looks_like_image
from dlstudio.data.narrow_values import narrow_values
from dlstudio.data.samples import Samples
from dlstudio.data.sources.folder import has_classes
from dlstudio.data.sources.folder_check import check_is_classification, check_level
from dlstudio.data.sources.folder_layout import names_classes
from dlstudio.data.sources.folder_tree import descend, entries_of, is_file
from dlstudio.data.sources.idx import find_pairs
from dlstudio.data.sources.table import lists_images
from dlstudio.data.sources.unsupported import unfit
from dlstudio.data.value_range import value_range_of, with_value_range
from dlstudio.document.values import FrozenMap, Spec, thaw
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject
from dlstudio.paths import user_errors

Read = Callable[[Mapping[str, Any], Path], Samples]
TABLES = (".csv", ".tsv", ".txt")
FILES_SAMPLED = 20  # files of a folder, to tell whether there are images in it


def open_source(spec: Spec, catalog: Catalog, base: Path) -> Samples:
    """The samples of a source.

    Args:
        spec: A description of family "sources" with its parameters.
        base: Folder of the project; relative paths begin there.

    Raises:
        UserError: There is no such source, or its data cannot be read.
    """
    if not spec.kind:
        raise UserError(
            _("The project has no data yet."),
            _(
                "Set data.source to a folder of images, or to digits for the "
                "handwritten digits."
            ),
        )
    description = catalog[spec.kind]
    if description.family != "sources":
        raise UserError(_("“{kind}” is not a data source.").format(kind=spec.kind))
    params = _params(description, spec)
    module, _colon, name = description.implementation.partition(":")
    read = cast(Read, getattr(importlib.import_module(module), name))
    samples = with_value_range(read(params, base), value_range_of(spec))
    return replace(samples, notes=(*samples.notes, *narrow_values(samples)))


def _params(description: Description, spec: Spec) -> JsonObject:
    """Defaults overlaid with the spec's, checked for names and presence."""
    for name in spec.params:
        if description.param(name) is None:
            raise UserError(
                _("The source “{kind}” has no parameter “{name}”.").format(
                    kind=description.name, name=name
                )
            )
    params = {**description.defaults(), **{k: thaw(v) for k, v in spec.params.items()}}
    for param in description.params:
        if param.required and not params.get(param.name):
            raise UserError(
                _("The source “{kind}” needs “{name}”.").format(
                    kind=description.name, name=param.name
                ),
                param.summary,
            )
    return params


def guess_source(path: Path) -> Spec:
    """The source that reads `path`: a folder, table, IDX or NumPy file.

    Raises:
        UserError: It is missing or nothing that is known.
    """
    if not path.exists():
        raise UserError(
            _("{path} does not exist.").format(path=path),
            _("Check the name, or whether it was moved."),
        )
    if path.is_dir():
        with user_errors(path, writing=False):
            return _guess_folder(path)
    suffix = path.suffix.lower()
    if suffix in (".npz", ".npy"):
        return _spec("arrays", path)
    if suffix in TABLES:
        return _spec("csv", path)
    if find_pairs(path):
        return _spec("idx", path)
    raise unfit(path)


def _guess_folder(path: Path) -> Spec:
    if find_pairs(path):
        return _spec("idx", path)
    table = _only_file(descend(path), (".csv", ".tsv"))
    if table is not None and not names_classes(path) and lists_images(table):
        return _spec("csv", table)
    check_is_classification(path)
    if has_classes(path):
        check_level(path)
        return _spec("folder", path)
    for kind, suffixes in (("csv", (".csv", ".tsv")), ("arrays", (".npz",))):
        found = _only_file(path, suffixes)
        if found is not None:
            return _spec(kind, found)
    files = _files(path)
    if any(looks_like_image(each) for each in files[:FILES_SAMPLED]):
        raise UserError(
            _("The images in {path} have no classes.").format(path=path),
            _("Put the images of each class into a separate subfolder."),
        )
    raise unfit(path)


def _files(folder: Path) -> list[Path]:
    return [Path(each.path) for each in entries_of(folder) if is_file(each)]


def _only_file(folder: Path, suffixes: tuple[str, ...]) -> Path | None:
    """The one file in a folder with one of these endings; None for none or several."""
    found = [each for each in _files(folder) if each.suffix.lower() in suffixes]
    return found[0] if len(found) == 1 else None


def _spec(name: str, path: Path) -> Spec:
    return Spec(f"dlstudio.sources.{name}", FrozenMap({"path": path.as_posix()}))
