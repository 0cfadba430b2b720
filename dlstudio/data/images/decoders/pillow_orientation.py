"""Applying the EXIF orientation to images that Pillow opened.

Uses the same EXIF data as in a TensorFlow graph (see `exif_orientation`):
the file's own, and that of a PNG's text chunk in which ImageMagick stores it, but not
XMP.
"""

from __future__ import annotations

from PIL import ExifTags, Image

RAW_PROFILES = ("Raw profile type exif", "Raw profile type APP1")
_EXIF = b"Exif\0\0"
_XMP = ("xmp", "XML:com.adobe.xmp")


def settle_exif(image: Image.Image) -> None:
    """Restrict the image's EXIF data to what counts, for `ImageOps.exif_transpose`.

    A PNG may have more EXIF data once its pixels are loaded.
    """
    for name in _XMP:
        image.info.pop(name, None)
    for name in RAW_PROFILES:
        text = image.info.pop(name, None)
        found = _unhexed(text) if isinstance(text, str) else b""
        if found:
            image.info.setdefault("exif", found)


def orientation(image: Image.Image) -> int:
    """The orientation, 1 to 8, by the head of the file, without decoding."""
    settle_exif(image)
    if image.format == "PNG" and "exif" not in image.info:
        return 1  # Pillow would decode the image to read past its pixels
    found = image.getexif().get(ExifTags.Base.Orientation, 1)
    return found if found in range(1, 9) else 1


def _unhexed(text: str) -> bytes:
    """The bytes of a raw profile: a blank line, its name, its length, then hex."""
    lines = text.split("\n", 3)
    try:
        data = bytes.fromhex("".join(lines[3].split())) if len(lines) == 4 else b""
    except ValueError:
        return b""
    # Both forms begin like this, or with the TIFF structure itself; others are XMP.
    if data.startswith(_EXIF):
        return data
    return _EXIF + data if data[:2] in (b"II", b"MM") else b""
