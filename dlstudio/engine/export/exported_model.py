"""An exported model, its entry points, and the samples that verify it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dlstudio.document.export import Snippet


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """One way to call an export, as the code that is shown to the user.

    The verification runs this same code, so the code shown was tested.

    Attributes:
        takes: "rows" or "encoded" if the lines read `rows`, raw or encoded values (n,
            ...) of each input by argument. Else the name of samples that the
            verification stores, which says what the lines read.
        code: Python that leaves `scores` (n, classes), and may leave `labels`, the
            bytes of names, (n,) or (n, classes). Of rows: that leaves `results`, arrays
            (n, ...) by name.
    """

    takes: str
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
        formats: Formats of files that its entries decode; empty without such
            entries.
    """

    path: Path
    load: Snippet
    entries: Mapping[str, EntryPoint]
    runtime: Sequence[str]
    snippets: Sequence[Snippet] = ()
    notes: Callable[[], Sequence[str]] = tuple
    formats: Sequence[str] = ()
