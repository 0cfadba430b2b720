"""What an exporter wrote, how it is called, and what it is asked."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Literal

from dlstudio.engine.prediction.trained_model import Pixels

Takes = Literal["pixels", "bytes"]
Language = Literal["python", "sh", "cpp"]


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


class _Text(Template):
    """Names to fill in begin with "@", which the languages shown rarely use."""

    delimiter = "@"


_QUOTES: Mapping[Language, Callable[[str], str]] = {
    "python": lambda text: json.dumps(text, ensure_ascii=False),
    "sh": shlex.quote,
    "cpp": lambda text: json.dumps(text, ensure_ascii=False),
}


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code that calls an export.

    Attributes:
        title: Where it is used, marked for translation.
        language: What it is written in.
        text: With "@model" (the export), "@labels" (the file of its class names),
            "@mount" (the export's absolute path, for a shell), and "@image" for an
            image file.
        labels: What is added to the export's path to reach the file of class names.
    """

    title: str
    language: Language
    text: str
    labels: str = ""

    def filled(self, model: str, image: str = "image.jpg") -> str:
        """The code for an export at the path `model`."""
        quoted = _QUOTES[self.language]
        mount = quoted(model) if os.path.isabs(model) else f'"$PWD"/{quoted(model)}'
        return _Text(self.text).safe_substitute(
            model=quoted(model),
            labels=quoted(model + self.labels),
            image=quoted(image),
            mount=mount,
        )


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
