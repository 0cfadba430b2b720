"""File name extensions of images."""

from __future__ import annotations

_SUFFIXES = """
.jpg .jpeg .jpe .jfif .png .apng .gif .bmp .dib .webp .tif .tiff .ico .ppm .pgm .pbm
.pnm .tga .avif .heic .heif .hif
"""
IMAGE_SUFFIXES = frozenset(_SUFFIXES.split())
"""Extensions in lower case; a file's first bytes then decide its actual format."""
