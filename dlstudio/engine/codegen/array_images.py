"""Images in arrays, in a script: how they become names, labels and pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.data.images.columns import PixelBlocks
from dlstudio.data.images.samples import images_of
from dlstudio.data.images.value_range import value_range_of, with_value_range
from dlstudio.data.samples import Samples
from dlstudio.data.sources.array_splits import ArraySplit, join_splits
from dlstudio.document.plan import LABEL
from dlstudio.document.project import Project
from dlstudio.engine.codegen.array_files import ScriptArrays, script_arrays
from dlstudio.engine.codegen.column_loops import comment
from dlstudio.engine.codegen.image_listing import (
    ImageListing,
    correction_rows,
    used_samples,
)
from dlstudio.engine.codegen.literals import INDENT, WIDTH, quoted
from dlstudio.errors import UserError
from dlstudio.i18n import _

UNNAMED = "picture"
"""What samples are called whose source says no split; see `join_splits`."""


def array_listing(project: Project, folder: Path, catalog: Catalog) -> ImageListing:
    """The images of arrays and how a script reads them.

    Args:
        project: Its data are arrays.
        folder: Of the project, to which paths are relative.
        catalog: Describes the source.

    Raises:
        UserError: The arrays cannot be read, or not by a script.
    """
    source = project.data.source
    arrays = script_arrays(source, catalog, folder)
    opened = join_splits(arrays.splits, arrays.classes)
    opened = with_value_range(opened, value_range_of(source))
    names = [each.split or UNNAMED for each in arrays.splits]
    if len(set(names)) < len(names):
        raise _not_read()
    samples, sizes = used_samples(opened, project)
    images = images_of(opened)
    assert isinstance(images, PixelBlocks)
    shapes = {block.array.shape[1:] for block in images.blocks}
    if len(shapes) > 1:
        raise _not_read()
    shape = (*shapes.pop(), 1)[:3]
    return ImageListing(
        arrays.constants,
        (*arrays.functions, *_load_images(project, opened, samples, arrays)),
        samples,
        sizes,
        {each.split: each.split for each in arrays.splits if each.split},
        shape=shape,
    )


def _not_read() -> UserError:
    return UserError(_("A script does not read arrays of such different forms."))


def _load_images(
    project: Project, opened: Samples, samples: Samples, arrays: ScriptArrays
) -> list[str]:
    """The lines of `load_images`.

    Args:
        project: Has the corrections.
        opened: All samples.
        samples: Those that are used.
        arrays: Where they are.
    """
    kind = "list" if opened.has_several_labels else "str"
    what = "labels" if opened.has_several_labels else "class"
    pairs = {
        split.split or UNNAMED: each
        for split, each in zip(arrays.splits, arrays.expressions, strict=True)
    }
    changes, label = _label(opened, arrays)
    rows = [
        "",
        "",
        f"def load_images() -> tuple[dict[str, {kind}], np.ndarray]:",
        f'{INDENT}"""The {what} of each image by its name, and the pixels, '
        '(n, h, w, c)."""',
        *(INDENT + row for row in arrays.opening),
        f"{INDENT}parts = {{",
        *(row for name, pair in pairs.items() for row in _pair_rows(name, pair)),
        f"{INDENT}}}",
        *([f'{INDENT}names = NAMES["{LABEL}"]'] if "names" in label else []),
        f"{INDENT}images = {{}}",
        f"{INDENT}for part, (_values, labels) in parts.items():",
        *(2 * INDENT + row for row in changes),
        f"{2 * INDENT}for place, label in enumerate(labels.tolist()):",
        f'{3 * INDENT}images[f"{{part}}/{{place}}"] = {label}',
        f"{INDENT}pixels = np.concatenate([values for values, _labels in "
        "parts.values()])",
        *(INDENT + row for row in _pixel_rows(opened)),
    ]
    corrections = correction_rows(project, samples)
    if project.data.leave_out:
        rows += [f"{INDENT}all_names = list(images)", *corrections]
        rows.append(f"{INDENT}kept = [name in images for name in all_names]")
        return [*rows, f"{INDENT}return images, pixels[kept]"]
    return [*rows, *corrections, f"{INDENT}return images, pixels"]


def _pair_rows(name: str, pair: tuple[str, str]) -> list[str]:
    """An entry of `parts`: images and labels."""
    line = f"{2 * INDENT}{quoted(name)}: ({', '.join(pair)}),"
    if len(line) <= WIDTH:
        return [line]
    inner = [f"{3 * INDENT}{each}," for each in pair]
    return [f"{2 * INDENT}{quoted(name)}: (", *inner, f"{2 * INDENT}),"]


def _label(opened: Samples, arrays: ScriptArrays) -> tuple[list[str], str]:
    """Statements that change `labels`, and the expression of the label of an image."""
    several = [each.labels for each in arrays.splits if _columns(each) > 1]
    if opened.has_several_labels:
        return [], "[name for name, on in zip(names, label) if on]"
    if several:
        return ["labels = labels.argmax(axis=1)"], "names[label]"
    flat = any(each.labels.ndim > 1 for each in arrays.splits)
    changes = ["labels = labels.reshape(-1)"] * flat
    kind = np.result_type(*(each.labels.dtype for each in arrays.splits)).kind
    value = "int(label)" if kind == "f" else "label"
    by_place = arrays.classes and opened.classes == tuple(arrays.classes)
    if by_place and kind in "iuf":
        return changes, f"names[{value}]"
    if kind == "S":
        return changes, 'label.decode("utf-8", "replace")'
    return changes, f"str({value})"


def _columns(split: ArraySplit) -> int:
    """How many columns the labels of a split have."""
    return split.labels.shape[1] if split.labels.ndim == 2 else 1


def _pixel_rows(opened: Samples) -> list[str]:
    """Statements that make uint8 from 0 to 255, with channels, of `pixels`."""
    images = images_of(opened)
    assert isinstance(images, PixelBlocks)
    rows = []
    forms = {
        (
            block.array.dtype == np.uint8 and block.scale == 1,
            block.scale,
            block.lowest,
        )
        for block in images.blocks
    }
    if len(forms) > 1:
        raise _not_read()
    ((plain, scale, lowest),) = forms
    if not plain:
        values = 'pixels.astype("float32")'
        values = f"({values} - {lowest!r})" if lowest else values
        below = round(1 / scale)
        factor = f"/ {below}" if below > 1 and 1 / below == scale else f"* {scale!r}"
        why = "What is black becomes 0, and what is white 255."
        rows += [row.removeprefix(INDENT) for row in comment(why)]
        rows.append(f"pixels = np.nan_to_num(np.rint({values} {factor}))")
        rows.append("pixels = np.clip(pixels, 0, 255).astype(np.uint8)")
    if images.blocks[0].array.ndim == 3:
        rows.append("pixels = pixels[..., np.newaxis]")
    return rows
