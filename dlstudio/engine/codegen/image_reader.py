"""The functions of a script that read images, and make them what a model takes."""

from __future__ import annotations

from dlstudio.data.images.spec import ImageSpec
from dlstudio.document.plan import IMAGE, LABEL
from dlstudio.document.project import Project
from dlstudio.engine.codegen.column_loops import comment
from dlstudio.engine.codegen.image_listing import ImageListing
from dlstudio.engine.codegen.literals import INDENT, quoted
from dlstudio.engine.features.image_script import decoder_name, resizer_rows

AT_ONCE = 1000
"""Images of arrays that are resized at once."""
MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def file_rows(listing: ImageListing, spec: ImageSpec) -> list[str]:
    """The lines of `read_images`, and of the function it needs."""
    return [*_converter_rows(listing, spec), *_read_rows(listing, spec)]


def _read_rows(listing: ImageListing, spec: ImageSpec) -> list[str]:
    kind = f"dict[str, {listing.label_type}]"
    content = "content(path)" if listing.converted else "tf.io.read_file(path)"
    return [
        "",
        "",
        f"def read_images(images: {kind}) -> tuple[{kind}, np.ndarray]:",
        f'{INDENT}"""The images that can be decoded, and pixels (n, h, w, c)."""',
        *comment(differences(spec)),
        f"{INDENT}paths = [str(FOLDER / name) for name in images]",
        f"{INDENT}files = tf.data.Dataset.from_tensor_slices(paths).enumerate()",
        f"{INDENT}decoded = files.map(",
        f"{2 * INDENT}lambda place, path: (place, {decoder_name(spec)}({content})),",
        f"{2 * INDENT}num_parallel_calls=tf.data.AUTOTUNE,",
        f"{INDENT})",
        f"{INDENT}places, pixels = zip(*decoded.ignore_errors().as_numpy_iterator())",
        f"{INDENT}names = list(images)",
        f"{INDENT}read = {{names[place]: images[names[place]] for place in places}}",
        f"{INDENT}for name in images.keys() - read.keys():",
        f'{2 * INDENT}print("Not used, as it cannot be decoded:", name)',
        f"{INDENT}return read, np.stack(pixels)",
    ]


def differences(spec: ImageSpec) -> str:
    """What the studio does to other pixels than a script, as a sentence."""
    return (
        "dlstudio gives the same pixels, except that it turns photos upright as their "
        "EXIF data says, decodes large JPEG files at a half, quarter or eighth of "
        "their size"
        + (", puts transparent pixels on white" if spec.channels != 4 else "")
        + (", makes grey of colours by ITU-R 601-2" if spec.channels == 1 else "")
        + "."
    )


def _converter_rows(listing: ImageListing, spec: ImageSpec) -> list[str]:
    """The function that makes PNG of files that TensorFlow does not decode."""
    if not listing.converted:
        return []
    endings = ", ".join(map(quoted, listing.converted))
    mode = MODES[spec.channels]
    return [
        "",
        "",
        "def content(path: tf.Tensor) -> tf.Tensor:",
        f'{INDENT}"""A file; as PNG if its format is one that TensorFlow does not know.'
        '"""',
        "",
        f"{INDENT}def as_png(path: bytes) -> bytes:",
        f"{2 * INDENT}png = io.BytesIO()",
        f"{2 * INDENT}with PIL.Image.open(path.decode()) as image:",
        f'{3 * INDENT}image.convert("{mode}").save(png, "PNG")',
        f"{2 * INDENT}return png.getvalue()",
        "",
        f"{INDENT}ending = tf.strings.lower(tf.strings.regex_replace(path, "
        'r".*(\\.)", r"\\1"))',
        f"{INDENT}return tf.cond(",
        f"{2 * INDENT}tf.reduce_any(ending == tf.constant([{endings}])),",
        f"{2 * INDENT}lambda: tf.ensure_shape("
        "tf.numpy_function(as_png, [path], tf.string), ()),",
        f"{2 * INDENT}lambda: tf.io.read_file(path),",
        f"{INDENT})",
    ]


def prepare_rows(project: Project, listing: ImageListing, spec: ImageSpec) -> list[str]:
    """The lines of `prepare`, and of the function it needs.

    Args:
        project: Says what is predicted.
        listing: Of the images.
        spec: The form in which they enter the model.
    """
    fits = listing.shape in (None, spec.shape)
    values = "pixels" if fits else "fitted(pixels)"
    rows = [
        *([] if fits else _fitting_rows(listing, spec)),
        "",
        "",
        f"def prepare(images: dict[str, {listing.label_type}], pixels: np.ndarray)"
        " -> tuple[dict, ...]:",
        f'{INDENT}"""What enters the model, and what it is to predict."""',
        f'{INDENT}inputs = {{"{IMAGE}": {values}}}',
    ]
    if project.output.feature == IMAGE:
        return [*rows, f"{INDENT}return inputs, inputs  # each image is its own target"]
    names = f'NAMES["{LABEL}"]'
    if listing.samples.has_several_labels:
        return [
            *rows,
            f"{INDENT}labels = [[name in each for name in {names}] "
            "for each in images.values()]",
            f'{INDENT}return inputs, {{"{LABEL}": np.array(labels, "uint8")}}',
        ]
    return [
        *rows,
        f"{INDENT}places = {{name: place for place, name in enumerate({names})}}",
        f"{INDENT}numbers = [places[name] for name in images.values()]",
        f'{INDENT}return inputs, {{"{LABEL}": np.array(numbers, "int32")}}',
    ]


def _fitting_rows(listing: ImageListing, spec: ImageSpec) -> list[str]:
    """The function that makes arrays of images those that the model takes."""
    assert listing.shape is not None
    rows = _channel_rows(listing.shape[-1], spec.channels)
    if listing.shape[:2] != spec.shape[:2]:
        rows += [
            "parts = []  # a few at a time, since floats take more memory",
            f"for start in range(0, len(pixels), {AT_ONCE}):",
            f"{INDENT}image = tf.constant(pixels[start : start + {AT_ONCE}])",
            *resizer_rows(spec),
            f"{INDENT}parts.append(image.numpy())",
            "pixels = np.concatenate(parts)",
        ]
    return [
        "",
        "",
        "def fitted(pixels: np.ndarray) -> np.ndarray:",
        f'{INDENT}"""Images in the size and with the channels that the model takes."""',
        *(INDENT + row for row in rows),
        f"{INDENT}return pixels",
    ]


def _channel_rows(have: int, wanted: int) -> list[str]:
    """Statements that change the channels, as the cache of images does."""
    if have == wanted:
        return []
    rows = []
    if have == 1:
        rows.append("pixels = np.repeat(pixels, 3, axis=-1)")
    if wanted == 4:
        opaque = "np.full_like(pixels[..., :1], 255)"
        return [*rows, f"pixels = np.concatenate([pixels, {opaque}], axis=-1)"]
    if have == 4:
        rows += [
            "colors, alpha = np.split(pixels.astype(np.uint32), [3], axis=-1)",
            "pixels = (colors * alpha + 255 * (255 - alpha) + 127) // 255  # on white",
        ]
    if wanted == 1:
        rows += [
            "weights = np.array([[19595], [38470], [7471]], np.uint32)  # ITU-R 601-2",
            "pixels = (pixels @ weights + 0x8000) >> 16",
        ]
    return [*rows, "pixels = pixels.astype(np.uint8)"] if have > 1 else rows
