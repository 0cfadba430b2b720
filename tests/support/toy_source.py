"""Data sources for tests: the minimum that a contributor would write."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from dlstudio.catalog.schema import Description, Param, SourceTraits
from dlstudio.data.data_source import DataSource
from dlstudio.data.fileinfo import resolve
from dlstudio.data.samples import Samples
from dlstudio.data.sources.array_splits import ArraySplit, join_splits

DESCRIPTION = Description(
    kind="dlstudio.sources.brightness",
    family="sources",
    implementation="toy_source:SOURCE",
    title="Brightness list",
    category="images",
    summary="A text file with a gray value and its class on each line.",
    params=(
        Param("path", "path", required=True),
        Param(
            "image_side",
            "int",
            default=8,
            minimum=1,
            summary="Width and height of the images in pixels.",
        ),
    ),
    source=SourceTraits(("*.bright",), "a list of gray values"),
)
SAMPLE = Description(
    kind="dlstudio.sources.squares",
    family="sources",
    implementation="toy_source:SQUARES",
    title="Gray squares",
    source=SourceTraits(sample="Use gray squares"),
)


def read(params: Mapping[str, Any], base: Path) -> Samples:
    """One image per line, filled with the line's gray value."""
    lines = resolve(params["path"], base).read_text("utf-8").splitlines()
    grays, names = zip(*(line.split() for line in lines), strict=True)
    side = params["image_side"]
    images = np.array(grays, np.uint8)[:, None, None].repeat(side, 1).repeat(side, 2)
    return join_splits([ArraySplit("", images, np.array(names))])


def read_squares(_params: Mapping[str, Any], _base: Path) -> Samples:
    """Twelve squares, built in."""
    images = np.arange(12, dtype=np.uint8)[:, None, None].repeat(8, 1).repeat(8, 2)
    return join_splits([ArraySplit("", images, np.arange(12) % 2)])


SOURCE = DataSource(read)
SQUARES = DataSource(read_squares)


def write_brightness(path: Path, count: int = 40) -> Path:
    """Write a list of dark and light grays."""
    lines = (f"{n + 180 * (n % 2)} {('dark', 'light')[n % 2]}" for n in range(count))
    path.write_text("\n".join(lines), "utf-8")
    return path


def register() -> None:
    """Register the source as if it were built in, before anything else is imported."""
    from dlstudio.catalog import sources

    sources.SOURCES = (*sources.SOURCES, DESCRIPTION)
