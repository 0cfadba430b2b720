"""Python code that reads an image file as the studio does, with Pillow and Keras."""

from __future__ import annotations

from dlstudio.data.images.decoders.jpeg_header import NEARLY
from dlstudio.data.images.spec import ImageSpec

_DEFAULTS = {
    "interpolation": "bilinear",
    "antialias": False,
    "crop_to_aspect_ratio": False,
    "pad_to_aspect_ratio": False,
    "fill_mode": "constant",
    "fill_value": 0.0,
}
"""Default parameters of `keras.layers.Resizing`."""


def read_image_code(spec: ImageSpec) -> str:
    """Lines from the file "@file" to `images`, float32 (1, height, width, channels).

    They apply the EXIF orientation, blend transparency onto white (unless there are
    four channels), reduce more than 8 bits, and resize as in `spec`.
    """
    mode = {1: "L", 4: "RGBA"}.get(spec.channels, "RGB")
    lines = ["image = Image.open(@file)"]
    if spec.interpolation != "nearest":
        least = tuple(-(-NEARLY * side // 10) for side in (spec.width, spec.height))
        lines.append(
            f'image.draft("{mode[:3]}", {least})  # decodes large JPEGs faster'
        )
    lines += [
        "image = ImageOps.exif_transpose(image)",
        *_narrowing(spec.value_range),
    ]
    if mode != "RGBA":
        lines += [
            "if image.has_transparency_data:",
            '    image = image.convert("RGBA")',
            '    white = Image.new("RGBA", image.size, "white")',
            "    image = Image.alpha_composite(white, image)",
        ]
    lines += [
        f'image = image.convert("{mode}")',
        'images = np.asarray(image, "float32").reshape'
        "(1, image.height, image.width, -1)",
        f"resize = keras.layers.Resizing({_resizing(spec)})",
        "images = np.asarray(resize(images)).round().clip(0, 255)",
    ]
    return "".join(f"{line}\n" for line in lines)


def _narrowing(ends: tuple[float, float] | None) -> tuple[str, ...]:
    """Reduction of more than 8 bits: by a value range, or to the upper 8 bits."""
    if ends is None:
        return (
            'if image.mode.startswith("I"):  # 16 bits',
            "    image = Image.fromarray((np.asarray(image) // 256).astype(np.uint8))",
        )
    low, high = ends
    return (
        'if image.mode.startswith(("I", "F")):  # more than 8 bits',
        f'    values = np.clip(np.asarray(image, "float64"), {low}, {high})',
        f"    values = np.rint((values - {low}) * (255 / ({high} - {low})))",
        "    image = Image.fromarray(values.astype(np.uint8))",
    )


def _resizing(spec: ImageSpec) -> str:
    values = [str(spec.height), str(spec.width)]
    for name, default in _DEFAULTS.items():
        value = getattr(spec, name)
        if value != default:
            shown = f'"{value}"' if isinstance(value, str) else str(value)
            values.append(f"{name}={shown}")
    return ", ".join(values)
