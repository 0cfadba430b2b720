"""An export: its folder, its verification report, and code that calls it."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from string import Template
from typing import Any, Literal

from dlstudio.catalog.export_formats import EXAMPLE_FILE
from dlstudio.i18n import translator
from dlstudio.json_values import JsonObject

Language = Literal["python", "sh", "cpp"]


@dataclass(frozen=True, slots=True)
class Certificate:
    """The verification report of an export.

    Attributes:
        samples: Number of different held-out samples compared.
        max_abs_difference: Largest absolute difference of any score at any entry point;
            of numbers, in standard deviations of the target.
        label_agreement: Share of predictions with the studio's label, 0 to 1.
        size_bytes: Of the export's model files.
        latency_ms: Median latency of a single sample at the first entry point, in
            milliseconds.
        entries: The same values for each entry point.
        files: SHA-256 of each file by its path in the export.
    """

    passed: bool
    samples: int
    max_abs_difference: float
    label_agreement: float
    size_bytes: int
    latency_ms: float
    tolerance: float
    entries: Mapping[str, Mapping[str, Any]]
    drawn_from: Mapping[str, int]
    original_files: int
    load_ms: float
    versions: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)

    def with_files(self, files: Mapping[str, str]) -> Certificate:
        """The same report with the digests of these files."""
        return replace(self, files=dict(files))

    def to_json(self) -> JsonObject:
        """Plain JSON data; "kind" identifies an export of dlstudio."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return {"kind": "dlstudio certificate", "version": 1, **plain}


class _Text(Template):
    """A template with "@" placeholders, as "@" is rare in the languages shown."""

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
        title: Where the code is used, marked for translation.
        language: Programming language.
        text: With "@model" (the export), "@labels" (the file of its class names),
            "@mount" (the export's absolute path, for a shell), and "@file" for a
            file that is a sample.
        labels: Suffix that turns the export's path into that of its class names file.
    """

    title: str
    language: Language
    text: str
    labels: str = ""

    def filled(self, model: str, file: str = EXAMPLE_FILE) -> str:
        """The code for an export at the path `model`."""
        quoted = _QUOTES[self.language]
        mount = quoted(model) if os.path.isabs(model) else f'"$PWD"/{quoted(model)}'
        return _Text(self.text).safe_substitute(
            model=quoted(model),
            labels=quoted(model + self.labels),
            file=quoted(file),
            mount=mount,
        )


@dataclass(frozen=True, slots=True)
class SignatureEntry:
    """An argument or a result of an export, in words.

    Attributes:
        name: As code calls it.
        feature: The feature that enters or is predicted.
        form: Data type and shape, such as "float32 (n,)".
        values: What the values mean, in sentences; "" if there is nothing to say.
    """

    name: str
    feature: str
    form: str
    values: str = ""


@dataclass(frozen=True, slots=True)
class ExportSignature:
    """What an export takes and returns.

    Attributes:
        arguments: One for each input.
        results: One or two for each output.
        notes: What else a caller must know, in paragraphs.
    """

    arguments: tuple[SignatureEntry, ...]
    results: tuple[SignatureEntry, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportResult:
    """An export's path, its verification report, and code that calls it.

    Attributes:
        signatures: By language, of a model that takes rows of a table; none of
            others.
        of_labels: Whether the model answers with labels.
    """

    path: Path
    format: str
    certificate: Certificate
    snippets: tuple[Snippet, ...] = ()
    signatures: Mapping[str, ExportSignature] = field(default_factory=dict)
    of_labels: bool = True

    @property
    def signature(self) -> ExportSignature | None:
        """What the export takes and returns, in the current language."""
        return self.signatures.get(translator.language)

    @property
    def of_rows(self) -> bool:
        """Whether the model takes rows of a table."""
        return bool(self.signatures)

    def to_json(self) -> JsonObject:
        """The form `dlstudio export --json` prints."""
        return {
            "path": str(self.path),
            "format": self.format,
            "certificate": self.certificate.to_json(),
        }
