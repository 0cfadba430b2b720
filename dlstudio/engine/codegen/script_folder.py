"""What a script needs to know of images in folders, one for each class."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.data.features.base import Fitted
from dlstudio.data.features.image import FORM
from dlstudio.data.fileinfo import resolve
from dlstudio.data.images.spec import ImageSpec, image_spec
from dlstudio.data.open_source import open_source
from dlstudio.data.recipe import apply_recipe
from dlstudio.data.samples import Samples
from dlstudio.data.sources.folder_layout import AUTO, FolderLayout, layout_of
from dlstudio.data.split import split
from dlstudio.document.feature import Feature
from dlstudio.document.plan import IMAGE, LABEL, SUPERVISED
from dlstudio.document.project import IMAGE_TYPE, RECONSTRUCTION, Project
from dlstudio.engine.features.feature_script import FeatureScript
from dlstudio.engine.features.image_script import decoder_name, decoder_rows
from dlstudio.errors import UserError
from dlstudio.i18n import _

DECODED = frozenset({".bmp", ".gif", ".jfif", ".jpe", ".jpeg", ".jpg", ".png"})
"""Endings of the files that `tf.io.decode_image` decodes."""
MOST_LISTED = 200
"""Files that a script names because its listing would take them for samples."""
MEANINGS = ((LABEL, "dlstudio.heads.classification"), (IMAGE, RECONSTRUCTION))
"""What a script trains a model to predict, and its head."""
CATEGORY = "dlstudio.features.category"


@dataclass(frozen=True, eq=False, slots=True)
class FolderListing:
    """The images of a source, as far as they do not depend on the model.

    Attributes:
        root: The folder that their paths begin at.
        tops: The folders above those of the classes, "" for `root`, each with the
            split it says, or "".
        suffixes: Endings of the files, in lower case.
        no_samples: Files that are listed, though they are none of the source.
        samples: All that are used, with the classes that the user gave them; none of
            images without classes, which are all that is in the folders without a
            split.
        sizes: Samples of each split.
    """

    root: Path
    tops: Mapping[str, str]
    suffixes: tuple[str, ...]
    no_samples: tuple[str, ...]
    samples: Samples
    sizes: Mapping[str, int]


@dataclass(frozen=True, eq=False, slots=True)
class ScriptFolder:
    """See `ScriptData`: images of folders, and their classes.

    Attributes:
        listing: The images.
        spec: The form in which they enter the model.
        features, fitted, scripts: As of `ScriptData`.
    """

    listing: FolderListing
    spec: ImageSpec
    features: Mapping[str, Feature]
    fitted: Mapping[str, Fitted]
    scripts: Mapping[str, FeatureScript]

    @property
    def sizes(self) -> Mapping[str, int]:
        """Images of each split."""
        return self.listing.sizes

    @property
    def fills(self) -> bool:
        """No image is filled with anything."""
        return False

    @property
    def loading(self) -> tuple[str, ...]:
        """The calls of the functions that list, split and read images."""
        return (
            "images = list_images()",
            "splits = split_images(images)",
            "inputs, targets = prepare(images)",
        )

    @property
    def results(self) -> Mapping[str, str]:
        """The names that the studio's own export gives."""
        return {f"{LABEL}_scores": "scores", f"{LABEL}_label": "labels"}


def folder_listing(project: Project, folder: Path, catalog: Catalog) -> FolderListing:
    """List a project's images as a script does, and check that it finds the same.

    Args:
        project: Its data is a folder of classes.
        folder: Of the project, to which the path is relative.
        catalog: Describes the source.

    Raises:
        UserError: The folder cannot be read, or not by a script.
    """
    recipe = project.data
    if recipe.split.group_by:
        raise UserError(_("A script does not keep groups of images in one split."))
    if recipe.source.params.get("files"):
        raise UserError(_("A script does not choose single images of a folder."))
    opened = open_source(recipe.source, catalog, folder)
    if not opened.classes and recipe.changed_values(LABEL):
        raise UserError(_("A script does not label images that have no classes."))
    root = resolve(recipe.source.params.get("path"), folder)
    tops = _tops(root, _layout(root, project))
    suffixes = {os.path.splitext(name)[1].lower() for name in opened.ids}
    others = sorted(suffixes - DECODED)
    if others:
        raise UserError(
            _("A script decodes JPEG, PNG, GIF and BMP only, not “{name}”.").format(
                name=others[0]
            )
        )
    samples = apply_recipe(opened, recipe)
    listed = _listed(root, tops, samples.classes, suffixes)
    labels = opened.labels.tolist()
    found = {
        name: opened.classes[label] if label >= 0 else ""
        for name, label in zip(opened.ids, labels, strict=True)
    }
    more = sorted(listed.keys() - found.keys())
    same = all(listed.get(name) == label for name, label in found.items())
    if not same or len(more) > MOST_LISTED:
        raise UserError(_("The images are in folders that a script does not list."))
    splits = split(samples, recipe.split, None, recipe.moved)
    return FolderListing(
        root,
        tops,
        tuple(sorted(suffixes)),
        tuple(more),
        samples,
        {name: len(places) for name, places in splits.items()},
    )


def script_folder(project: Project, listing: FolderListing) -> ScriptFolder:
    """What a script needs to know of images for the model as it is.

    Args:
        project: Takes one image.
        listing: Of its images.

    Raises:
        UserError: The model takes images in a form that a script does not make.
    """
    spec = image_spec(project.model, project.data.source)
    if spec.value_range is not None:
        raise UserError(_("A script does not set the values of black and white."))
    meaning = project.output.feature, project.head
    if meaning not in MEANINGS or project.plan.method.kind != SUPERVISED.kind:
        raise UserError(_("A script does not train a model of images for this."))
    name = decoder_name(spec)
    serve = f"tf.map_fn({name}, {{value}}, fn_output_signature=tf.uint8)"
    names = listing.samples.classes
    return ScriptFolder(
        listing,
        spec,
        {IMAGE: Feature(IMAGE_TYPE), LABEL: Feature(CATEGORY)},
        {IMAGE: {FORM: spec.to_json()}, LABEL: {"names": list(names)}},
        {
            IMAGE: FeatureScript(serve=(serve,), helpers=(decoder_rows(name, spec),)),
            LABEL: FeatureScript(names=names),
        },
    )


def _layout(root: Path, project: Project) -> FolderLayout:
    params = project.data.source.params
    roles, only = params.get("split_folders") or (), params.get("classes") or ()
    layout = layout_of(
        root,
        str(params.get("layout") or AUTO),
        tuple(map(str, roles if isinstance(roles, tuple) else ())),
        tuple(map(str, only if isinstance(only, tuple) else ())),
        unlabeled=bool(params.get("unlabeled")),
    )
    if layout.inner_splits:
        raise UserError(_("The images are in folders that a script does not list."))
    return layout


def _tops(root: Path, layout: FolderLayout) -> dict[str, str]:
    """Folders above those of the classes, relative to the root, with their splits."""
    found = {}
    for name, top in layout.split_folders:
        path = top.relative_to(root).as_posix()
        found["" if path == "." else path] = name
    return found


def _listed(
    root: Path, tops: Mapping[str, str], classes: Sequence[str], suffixes: set[str]
) -> dict[str, str]:
    """The class of each file that the script lists; see `folder_reader`."""
    if not classes:
        return {
            path.relative_to(root).as_posix(): ""
            for top, split in tops.items()
            if not split
            for path in (root / top).rglob("*")
            if path.suffix.lower() in suffixes
        }
    return {
        path.relative_to(root).as_posix(): name
        for top in tops
        for name in classes
        for path in (root / top / name).rglob("*")
        if path.suffix.lower() in suffixes
    }
