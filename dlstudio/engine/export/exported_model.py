"""What an exporter wrote, how it is called, and what it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dlstudio.document.export import Snippet
from dlstudio.engine.prediction.trained_model import Pixels

Takes = Literal["pixels", "bytes"]


@dataclass(frozen=True, slots=True)
class VerificationSamples:
    """What an export is asked, in both forms.

    Attributes:
        pixels: Prepared images, uint8 (n, height, width, channels).
        encoded: The same images as files, or others (m, not necessarily n).
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
class EntryPoint:
    """One way to call an export, in the lines that are shown to the user.

    The verification runs these very lines, so that what is shown is what was tried.

    Attributes:
        takes: "pixels" if the lines read `images`, float32 (n, height, width,
            channels) of 0 to 255; "bytes" if they read `files`, n encoded images.
        code: Python that leaves `scores` (n, classes), and may leave `labels`, the
            bytes of names, (n,) or (n, classes).
    """

    takes: Takes
    code: str


@dataclass(frozen=True, slots=True)
class ExportedModel:
    """What an exporter wrote, and how a program without dlstudio calls it.

    Attributes:
        path: The file or folder.
        load: Python that loads it; filled in as a `Snippet` is.
        entries: Each way to call it, by its name.
        runtime: Modules whose versions the verification reports.
        snippets: What is shown to the user.
        notes: Paragraphs for the card, translated, on what the code does not say.
        formats: What its bytes entries decode, format by format; empty if it has
            none.
    """

    path: Path
    load: Snippet
    entries: Mapping[str, EntryPoint]
    runtime: Sequence[str]
    snippets: Sequence[Snippet] = ()
    notes: Sequence[str] = ()
    formats: Sequence[str] = ()
