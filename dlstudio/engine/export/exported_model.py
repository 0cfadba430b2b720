"""An exported model, its entry points, and the samples that verify it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dlstudio.document.export import Snippet
from dlstudio.engine.prediction.trained_model import Pixels

Takes = Literal["pixels", "bytes", "rows", "encoded"]


@dataclass(frozen=True, slots=True)
class VerificationSamples:
    """Samples that verify an export, in both forms.

    Attributes:
        pixels: Prepared images, uint8 (n, height, width, channels).
        encoded: The same or other images as encoded files (m, not necessarily n).
        encoded_pixels: `encoded` as prepared by the studio, uint8 (m, ...).
        names: Names of `pixels`, for messages.
        encoded_names: Names of `encoded`.
        drawn_from: Number of `pixels` from each split.
        original_files: How many of `encoded` are the user's files.
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
    """One way to call an export, as the code that is shown to the user.

    The verification runs this same code, so the code shown was tested.

    Attributes:
        takes: "pixels" if the lines read `images`, float32 (n, height, width,
            channels) of 0 to 255; "bytes" if they read `files`, n encoded images;
            "rows" or "encoded" if they read `rows`, raw or encoded values (n, ...) of
            each input by argument.
        code: Python that leaves `scores` (n, classes), and may leave `labels`, the
            bytes of names, (n,) or (n, classes). Of rows: that leaves `results`, arrays
            (n, ...) by name.
    """

    takes: Takes
    code: str


@dataclass(frozen=True, slots=True)
class ExportedModel:
    """An exported model, and how a program without dlstudio calls it.

    Attributes:
        path: The file or folder.
        load: Python that loads it; formatted like a `Snippet`.
        entries: The entry points by name.
        runtime: Names of modules whose versions the verification reports.
        snippets: Code shown to the user.
        notes: Returns paragraphs for the card that explain what the code does not, in
            the current language.
        formats: Image formats that its bytes entries decode; empty without such
            entries.
    """

    path: Path
    load: Snippet
    entries: Mapping[str, EntryPoint]
    runtime: Sequence[str]
    snippets: Sequence[Snippet] = ()
    notes: Callable[[], Sequence[str]] = tuple
    formats: Sequence[str] = ()
