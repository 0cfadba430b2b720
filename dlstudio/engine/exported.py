"""What an exporter wrote, and what it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dlstudio.engine.trained import Pixels, Scores

Takes = Literal["pixels", "bytes"]


@dataclass(frozen=True, slots=True)
class Questions:
    """What an export is asked, in both forms.

    Attributes:
        pixels: Prepared pictures, uint8 (n, height, width, channels).
        encoded: The same pictures as files, or others (m, not necessarily n).
        encoded_pixels: What the studio makes of `encoded`, uint8 (m, ...).
        names: Names of `pixels`, for messages.
        encoded_names: Names of `encoded`.
        drawn_from: How many of `pixels` come from which split.
        original_files: How many of `encoded` are the user's own files.
    """

    pixels: Pixels
    encoded: Sequence[bytes]
    encoded_pixels: Pixels
    names: Sequence[str]
    encoded_names: Sequence[str]
    drawn_from: Mapping[str, int]
    original_files: int = 0


@dataclass(frozen=True, slots=True)
class Exported:
    """What an exporter wrote, and how a stranger loads and asks it.

    Attributes:
        path: The file or folder.
        loader: A file of `exporters/loaders`.
        entries: Name of each entry and what it takes.
        to_scores: From what an entry answers (n, k) to scores (n, classes).
        usage: Markdown on how to call it.
        companions: Files beside `path` that belong to it.
        formats: Picture formats that its bytes entries decode; empty if it has none.
    """

    path: Path
    loader: Path
    entries: Mapping[str, Takes]
    to_scores: Callable[[Scores], Scores]
    usage: str
    companions: Sequence[Path] = ()
    formats: Sequence[str] = ()
