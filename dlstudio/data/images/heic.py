"""HEIC and HEIF images: read where the extra "heic" is installed.

pillow-heif is not a dependency, because its wheels contain GPL libraries.
"""

from __future__ import annotations

from functools import lru_cache

from dlstudio.data.images.error import ImageError
from dlstudio.i18n import _, ngettext

EXTRA = 'pip install "dlstudio[heic]"'
KIND = "heic"
"""Kind of the error, and of the finding, for the missing extra."""

_CODED = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm"})
_BRANDS = frozenset({*_CODED, b"hevs", b"mif1", b"msf1"})
_OTHERS = frozenset({b"avif", b"avis"})


def is_heic(head: bytes) -> bool:
    """Whether a file has the first bytes of a HEIC or HEIF file; AVIF is separate."""
    if head[4:8] != b"ftyp" or head[8:12] not in _BRANDS:
        return False
    end = min(int.from_bytes(head[:4], "big"), len(head))
    also = {head[place : place + 4] for place in range(16, end - 3, 4)}
    return head[8:12] in _CODED or not also & _OTHERS


def is_avif(head: bytes) -> bool:
    """Whether a file has the first bytes of an AVIF file, which Pillow reads itself."""
    return head[4:8] == b"ftyp" and head[8:12] in _OTHERS


@lru_cache(maxsize=1)
def can_read_heic() -> bool:
    """Whether HEIC can be read; registers the reader with Pillow once per process."""
    try:
        import pillow_heif
    except (ImportError, OSError):
        return False
    pillow_heif.register_heif_opener()
    return True


def without_extra() -> ImageError:
    """The error for a HEIC file where the extra is missing."""
    text = _(
        "The image is in HEIC format, which requires the optional HEIC support: "
        "{command}"
    )
    return ImageError(KIND, text.format(command=EXTRA))


def files_without_extra(count: int) -> str:
    """The message about all HEIC files of a dataset, or of a prediction."""
    text = ngettext(
        "{count} image is in HEIC format, which requires the optional HEIC "
        "support: {command}",
        "{count} images are in HEIC format, which requires the optional HEIC "
        "support: {command}",
        count,
    )
    return text.format(count=f"{count:,}", command=EXTRA)
