"""The lines of a script that read texts from files, as the rows of a table."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlstudio.data.tables.text_encoding import marked_encoding
from dlstudio.engine.codegen.literals import INDENT, quoted
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable

SPLIT = "split"
"""The column of a script's table that says the split of a row."""
UTF8, MARKED = "utf-8", "utf-8-sig"
LONGEST_MARK = 4
"""Most bytes of a byte order mark."""


@dataclass(frozen=True, slots=True)
class TextReading:
    """How a script reads texts from files.

    Attributes:
        constants: Lines above the functions, such as `FOLDER = …`.
        functions: Functions that `opening` calls.
        opening: Statements of `read_table` that set `table`, whose index begins at 0.
    """

    constants: tuple[str, ...]
    functions: tuple[str, ...]
    opening: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileDecoding:
    """How a script decodes files.

    Attributes:
        functions: Functions that it calls.
        pattern: The expression of the text of `{path}`.
    """

    functions: tuple[str, ...]
    pattern: str

    def text_of(self, path: str) -> str:
        """The expression of the text of a file.

        Args:
            path: Expression of its path.
        """
        return self.pattern.format(path=path)


def script_encoding(content: bytes, encoding: str) -> str:
    """The encoding by which a script reads a file without its byte order mark.

    Args:
        content: Of the file, at least its beginning.
        encoding: In which the studio reads it, as the user may have called it.
    """
    head = content[:LONGEST_MARK].decode(encoding, "replace")
    if head.startswith("\ufeff"):
        return marked_encoding(content)
    return UTF8 if codecs.lookup(encoding).name == UTF8 else encoding


def file_decoding(encodings: Iterable[str]) -> FileDecoding:
    """How files are decoded that have these encodings.

    Raises:
        UserError: There are too many for a script.
    """
    found = sorted(set(encodings))
    marked = MARKED if MARKED in found else UTF8
    others = [each for each in found if each not in (UTF8, MARKED)]
    if not others:
        return FileDecoding((), f"{{path}}.read_bytes().decode({quoted(marked)})")
    if len(found) == 1:
        return FileDecoding((), f"{{path}}.read_bytes().decode({quoted(found[0])})")
    if len(others) > 1 or others[0].startswith("utf"):
        raise UserError(
            _("The files have different encodings, which a script does not detect."),
            _("Save all of them in UTF-8."),
        )
    other = others[0]
    return FileDecoding(
        (
            "",
            "",
            "def text_of(path: pathlib.Path) -> str:",
            f'{INDENT}"""The text of a file: of UTF-8, or {other}."""',
            f"{INDENT}content = path.read_bytes()",
            f"{INDENT}try:",
            f"{2 * INDENT}return content.decode({quoted(marked)})",
            f"{INDENT}except UnicodeDecodeError:",
            f'{2 * INDENT}return content.decode({quoted(other)}, "replace")',
        ),
        "text_of({path})",
    )


def frame_row(columns: Iterable[str], *, splits: bool) -> str:
    """The statement that makes a table of `rows`.

    Args:
        columns: Their names.
        splits: Whether each row also says its split.
    """
    names = ", ".join(map(quoted, [*columns, *([SPLIT] if splits else [])]))
    return f"{INDENT}table = pd.DataFrame(rows, columns=[{names}])"
