"""Code files beside a project: read once, and known by their digest."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dlstudio import paths
from dlstudio.document.custom_code import CodeItem, code_place, entry_of
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import read_regular
from dlstudio.safe_files import refuse_links

LARGEST_CODE = 2**20


@dataclass(frozen=True, slots=True)
class CodeFile:
    """A Python file, as bytes: what is hashed, shown and run is the same.

    Attributes:
        name: Such as "layers.py".
        data: Its bytes.
    """

    name: str
    data: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes, hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def text(self) -> str:
        """Its source, to be read by people."""
        return self.data.decode("utf-8-sig", "replace")

    @property
    def defined_names(self) -> frozenset[str]:
        """Classes and functions that its source defines; none if it has errors.

        A name under which a class is registered, if it is another, is not seen.
        """
        try:
            found = ast.walk(ast.parse(self.data))
            kinds = (ast.ClassDef, ast.FunctionDef)
            return frozenset(each.name for each in found if isinstance(each, kinds))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return frozenset()

    def item(self, trusted: frozenset[str], place: str = "") -> CodeItem:
        """What there is to know of it.

        Args:
            trusted: Digests of the trusted code.
            place: Its path within the project.
        """
        digest = self.digest
        return CodeItem(
            "file",
            self.name,
            digest,
            len(self.data),
            self.text,
            digest in trusted,
            place,
        )


def read_code(folder: Path, entry: str) -> CodeFile:
    """Read a code file that a project names; nothing of it is run.

    Args:
        folder: Of the project.
        entry: Its path there, from an untrusted file.

    Raises:
        UserError: The path leads elsewhere, also through a link, or it cannot be read.
    """
    place = code_place(folder, entry)
    refuse_links(place, folder)
    return _read(place)


def chosen_code(chosen: Sequence[Path]) -> tuple[CodeFile, ...]:
    """The code files that a person has chosen; nothing of them is run.

    Args:
        chosen: Python files, anywhere.

    Raises:
        UserError: One cannot be read or is not a Python file, or two have one name.
    """
    files = tuple(_read(each) for each in chosen)
    names = [entry_of(each.name).casefold() for each in files]
    for name in names:
        if names.count(name) > 1:
            raise UserError(
                _("Two code files are named {name}.").format(
                    name=name.rpartition("/")[2]
                ),
                _("Rename one of them."),
            )
    return files


def write_code(files: Sequence[CodeFile], folder: Path) -> tuple[str, ...]:
    """Write code files into a project; the paths that the project names them by.

    Args:
        files: What `chosen_code` gave.
        folder: Of the project.

    Raises:
        UserError: One cannot be written, or another one has its name.
    """
    entries = tuple(entry_of(each.name) for each in files)
    for file, entry in zip(files, entries, strict=True):
        place = folder / entry
        if place.exists() and read_code(folder, entry).data != file.data:
            raise UserError(
                _("There is another file {path}. Nothing was overwritten.").format(
                    path=place
                ),
                _("Rename one of them."),
            )
        paths.write_bytes(place, file.data, below=folder)
    return entries


def _read(path: Path) -> CodeFile:
    with paths.user_errors(path, writing=False):
        return CodeFile(path.name, read_regular(path, LARGEST_CODE))
