"""What files of images are called."""

from __future__ import annotations

_SUFFIXES = """
.jpg .jpeg .jpe .jfif .png .apng .gif .bmp .dib .webp .tif .tiff .ico .ppm .pgm .pbm
.pnm .tga .avif .heic .heif .hif
"""
IMAGE_SUFFIXES = frozenset(_SUFFIXES.split())
"""Endings in lower case; the first bytes of a file then decide what it is."""
