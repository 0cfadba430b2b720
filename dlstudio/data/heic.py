"""HEIC and HEIF, which phones write: read where the extra "heic" is installed.

pillow-heif is no dependency, because its wheels carry libraries under the GPL.
"""

from __future__ import annotations

from functools import lru_cache

from dlstudio.data.image_error import ImageError
from dlstudio.i18n import _, ngettext

EXTRA = 'pip install "dlstudio[heic]"'
KIND = "heic"
"""Of the error, and of the finding, that the extra is missing."""

_CODED = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm"})
_BRANDS = frozenset({*_CODED, b"hevs", b"mif1", b"msf1"})
_OTHERS = frozenset({b"avif", b"avis"})


def is_heic(head: bytes) -> bool:
    """Whether a file begins as a HEIC or HEIF file does; AVIF is another format."""
    if head[4:8] != b"ftyp" or head[8:12] not in _BRANDS:
        return False
    end = min(int.from_bytes(head[:4], "big"), len(head))
    also = {head[place : place + 4] for place in range(16, end - 3, 4)}
    return head[8:12] in _CODED or not also & _OTHERS


def is_avif(head: bytes) -> bool:
    """Whether a file begins as an AVIF file does, which Pillow reads by itself."""
    return head[4:8] == b"ftyp" and head[8:12] in _OTHERS


@lru_cache(maxsize=1)
def can_read_heic() -> bool:
    """Whether HEIC can be read here; teaches Pillow to, once in each process."""
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
    """The one sentence about all HEIC files of a dataset, or of a prediction."""
    text = ngettext(
        "{count} image is in HEIC format, which requires the optional HEIC "
        "support: {command}",
        "{count} images are in HEIC format, which requires the optional HEIC "
        "support: {command}",
        count,
    )
    return text.format(count=f"{count:,}", command=EXTRA)
