"""The lines of a script for images that a table names."""

from __future__ import annotations

import json
import os
from collections import Counter

import polars as pl

from dlstudio.catalog.features.image import IMAGE as DESCRIPTION
from dlstudio.data.features.base import load_feature_type
from dlstudio.data.features.cell_text import named_texts
from dlstudio.data.features.image import form_of
from dlstudio.data.images.columns import Files
from dlstudio.data.images.spec import ImageSpec
from dlstudio.engine.features.feature_script import (
    FeatureScript,
    ScriptColumn,
    check_rewritten,
    not_written,
)

UPRIGHT = ("    # dlstudio also turns photos upright as their EXIF data says.",)
KEEPING_ASPECT = ("crop_to_aspect_ratio", "pad_to_aspect_ratio")


def image_script(column: ScriptColumn) -> FeatureScript:
    """See `TensorFeature.script`.

    Raises:
        UserError: The cells are no texts, files are in too many places, or pixels have
            a range of values of their own.
    """
    spec = form_of(column.fitted)
    if column.cells.values.dtype != pl.String or spec.value_range is not None:
        raise not_written(column.name)
    read, rewritten = _paths(column)
    name = decoder_name(spec)
    form = f"{spec.width}x{spec.height}x{spec.channels}"
    images, usable = f"images_{form}", f"with_images_{form}"
    decode = decoder_rows(name, spec, UPRIGHT)
    return FeatureScript(
        read=read,
        usable=(f"table = {usable}(table, {{name}})",),
        prepare=(f"inputs[{{name}}] = {images}(table[{{name}}])",),
        target=(f"targets[{{name}}] = {images}(table[{{name}}])",),
        serve=(f"tf.map_fn({name}, {{value}}, fn_output_signature=tf.uint8)",),
        helpers=(decode, _usable(usable, name), _reader(images, name)),
        needs_value=True,
        rewritten=check_rewritten(column.name, rewritten),
    )


def _paths(column: ScriptColumn) -> tuple[tuple[str, ...], dict[int, str]]:
    """The lines that make paths of the cells, and cells for which they do not."""
    parsed = load_feature_type(DESCRIPTION).parse(column.cells, column.feature).column
    assert isinstance(parsed, Files)
    texts = [text or "" for text in named_texts(column.cells).to_list()]
    around = Counter(
        found
        for text, path in zip(texts, parsed.paths, strict=True)
        if (found := _around(text, path)) is not None
    )
    if not around:
        raise not_written(column.name)
    (before, behind), _count = around.most_common(1)[0]
    folder = column.cells.folder.replace(os.sep, "/")
    first = json.dumps(before, ensure_ascii=False)
    if folder and before.startswith(folder):
        rest = json.dumps(before.removeprefix(folder), ensure_ascii=False)
        first = f"os.path.dirname(TABLE) + {rest}"
    path = f"{first} + table[{{name}}]"
    if behind:
        path += f" + {json.dumps(behind, ensure_ascii=False)}"
    rewritten = {
        place: _rewritten(path, before, behind)
        for place, (text, path) in enumerate(zip(texts, parsed.paths, strict=True))
        if text and before + text + behind != path
    }
    return (f"table[{{name}}] = {path}",), rewritten


def _around(text: str, path: str) -> tuple[str, str] | None:
    """What stands before and behind a cell in the path of its file."""
    plain = path.replace(os.sep, "/")
    start = plain.rfind(text)
    return (
        None if not text or start < 0 else (plain[:start], plain[start + len(text) :])
    )


def _rewritten(path: str, before: str, behind: str) -> str:
    """The cell for a file that is elsewhere; "" where there is none."""
    if not path:
        return ""
    plain = os.path.relpath(path, before or os.curdir).replace(os.sep, "/")
    return plain.removesuffix(behind)


def decoder_name(spec: ImageSpec) -> str:
    """What a script calls the function that decodes files."""
    return f"decoded_{spec.width}x{spec.height}x{spec.channels}"


def decoder_rows(
    name: str, spec: ImageSpec, notes: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The function that decodes and resizes one file.

    Args:
        name: Of the function.
        spec: The form of the images.
        notes: Comments on what the studio does otherwise.
    """
    return (
        f"def {name}(file: tf.Tensor) -> tf.Tensor:",
        '    """An image from the content of its file, uint8."""',
        *notes,
        f"    image = tf.io.decode_image(file, {spec.channels}, "
        "expand_animations=False)",
        *resizer_rows(spec),
        f"    return tf.ensure_shape(image, {spec.shape})",
    )


def resizer_rows(spec: ImageSpec) -> tuple[str, ...]:
    """Statements that resize `image`, or several: uint8 (…, height, width, channels).

    Args:
        spec: The form of the images.
    """
    size = f"({spec.height}, {spec.width})"
    options = f'"{spec.interpolation}", antialias={spec.antialias}'
    aspect = [each for each in KEEPING_ASPECT if getattr(spec, each)]
    resize: tuple[str, ...] = (
        f"    image = tf.image.resize(image, {size}, {options})",
    )
    if aspect:
        more = "".join(f", {each}=True" for each in aspect)
        resize = (
            "    image = keras.ops.image.resize(",
            f"        tf.cast(image, tf.float32), {size}, {options}{more},",
            *_filling(spec),
            "    )",
        )
    rounded = "    image = tf.cast(tf.round(tf.clip_by_value(image, 0, 255)), tf.uint8)"
    return (*resize, rounded)


def _filling(spec: ImageSpec) -> tuple[str, ...]:
    """Arguments that say what is put around an image, where that is not black."""
    if not spec.pad_to_aspect_ratio or not spec.fill_value:
        return ()
    return (f'        fill_mode="{spec.fill_mode}", fill_value={spec.fill_value!r},',)


def _reader(name: str, decode: str) -> tuple[str, ...]:
    """The function that decodes all files of a column, once."""
    return (
        f"def {name}(paths: pd.Series) -> np.ndarray:",
        '    """The images of all rows, uint8 (n, height, width, channels)."""',
        "    files = tf.data.Dataset.from_tensor_slices(paths.to_numpy(str))",
        "    images = files.map(",
        f"        lambda path: {decode}(tf.io.read_file(path)),",
        "        num_parallel_calls=tf.data.AUTOTUNE,",
        "    )",
        "    return np.stack(list(images.as_numpy_iterator()))",
    )


def _usable(name: str, decode: str) -> tuple[str, ...]:
    """The function that leaves out rows whose files cannot be decoded."""
    return (
        f"def {name}(table: pd.DataFrame, name: str) -> pd.DataFrame:",
        '    """The rows whose images can be decoded."""',
        "    files = tf.data.Dataset.from_tensor_slices(table[name].to_numpy(str))",
        "    decoded = files.enumerate().map(",
        f"        lambda place, path: (place, {decode}(tf.io.read_file(path))),",
        "        num_parallel_calls=tf.data.AUTOTUNE,",
        "    )",
        "    usable = np.zeros(len(table), bool)",
        "    for place, _image in decoded.ignore_errors().as_numpy_iterator():",
        "        usable[place] = True",
        "    for path in table[~usable][name]:",
        '        print("Not used, as it cannot be decoded:", path)',
        "    return table[usable]",
    )
