"""GIF files written block by block, for variants that no library writes."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

PALETTE = bytes(np.random.default_rng(0).integers(0, 256, 768, dtype=np.uint8))
COMMENT = b"\x21\xfe\x03abc\0"


def frame(
    x: int,
    y: int,
    width: int,
    height: int,
    *,
    interlaced: bool = False,
    palette: bool = False,
    clear: int | None = None,
) -> bytes:
    """One frame of random colours.

    Args:
        palette: Whether it has a local colour table.
        clear: The colour that is transparent.
    """
    values = np.random.default_rng(1).integers(0, 256, width * height).tolist()
    flags = (0x40 if interlaced else 0) | (0x87 if palette else 0)
    control = bytes([0x21, 0xF9, 4, clear is not None, 0, 0, clear or 0, 0])
    head = b"," + struct.pack("<HHHHB", x, y, width, height, flags)
    return control + head + (PALETTE if palette else b"") + _packed(values)


def gif(
    width: int,
    height: int,
    frames: Sequence[bytes],
    *,
    palette: bool = True,
    before: bytes = b"",
    end: bytes = b";",
) -> bytes:
    """A GIF file; `before` is inserted before its frames."""
    flags = 0xF7 if palette else 0x70
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, flags, 0, 0)
    return head + (PALETTE if palette else b"") + before + b"".join(frames) + end


def _packed(values: Sequence[int]) -> bytes:
    """LZW with nine-bit codes that never grow, because the table is often cleared."""
    clear, stop = 256, 257
    codes = [
        code
        for start in range(0, len(values), 200)
        for code in (clear, *values[start : start + 200])
    ]
    bits = sum(code << 9 * place for place, code in enumerate([*codes, stop]))
    data = bits.to_bytes(-(-9 * (len(codes) + 1) // 8), "little")
    blocks = (data[start : start + 255] for start in range(0, len(data), 255))
    return b"\x08" + b"".join(bytes([len(b)]) + b for b in blocks) + b"\0"
