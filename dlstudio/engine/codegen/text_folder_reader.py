"""Texts in folders, or in files of lines, one for each class, in a script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dlstudio.data.fileinfo import resolve
from dlstudio.data.sources.text_folder import (
    LABEL,
    SUFFIX,
    TEXT,
    TextFile,
    encodings_of,
    text_folder,
)
from dlstudio.document.project import Project
from dlstudio.engine.codegen.column_loops import list_rows
from dlstudio.engine.codegen.image_listing import dictionary_rows
from dlstudio.engine.codegen.literals import INDENT, quoted
from dlstudio.engine.codegen.text_reader import (
    FileDecoding,
    TextReading,
    file_decoding,
    frame_row,
    script_encoding,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors


def text_folder_reading(project: Project, folder: Path) -> TextReading:
    """How a script reads a project's folder of texts.

    Args:
        project: Its data is such a folder.
        folder: Of the project, to which the path is relative.

    Raises:
        UserError: The folder cannot be read, or not by a script.
    """
    params = project.data.source.params
    root = resolve(params.get("path"), folder)
    with user_errors(root, writing=False):
        found = text_folder(root)
        if found is None:
            raise _unlisted()
        contents = [each.path.read_bytes() for each in found.files]
    encodings = encodings_of(contents, str(params.get("encoding") or ""))
    decoding = file_decoding(map(script_encoding, contents, encodings))
    if found.lines:
        return _of_lines(found.files, decoding)
    return _of_files(found.files, decoding)


def _unlisted() -> UserError:
    return UserError(_("The texts are in folders that a script does not list."))


def _of_lines(files: Sequence[TextFile], decoding: FileDecoding) -> TextReading:
    """A text in each line."""
    top = files[0].path.parent
    names = {each.label: quoted(each.path.name) for each in files}
    return TextReading(
        (_folder(top), *dictionary_rows("FILES = ", names, "")),
        decoding.functions,
        (
            f"{INDENT}rows = []",
            f"{INDENT}for label, name in FILES.items():",
            f"{2 * INDENT}text = {decoding.text_of('(FOLDER / name)')}",
            f'{2 * INDENT}for line in re.split(r"\\r\\n|\\r|\\n", text):',
            f"{3 * INDENT}if line.strip():",
            f"{4 * INDENT}rows.append((line, label))",
            frame_row((TEXT, LABEL), splits=False),
        ),
    )


def _of_files(files: Sequence[TextFile], decoding: FileDecoding) -> TextReading:
    """A text in each file.

    Raises:
        UserError: The lines of the script would list other files.
    """
    splits = {each.path.parent.parent: each.split for each in files}
    top = next(iter(splits))
    named = any(splits.values())
    top = top.parent if named else top
    tops = {each.name if named else "": split for each, split in splits.items()}
    labels = sorted({each.label for each in files})
    listed = [
        path
        for name in tops
        for label in labels
        for path in sorted((top / name / label).glob(f"*{SUFFIX}"))
    ]
    if len(splits) != len(tops) or listed != [each.path for each in files]:
        raise _unlisted()
    place, row, indent, rows = "FOLDER / label", "(text, label)", INDENT, []
    if named:
        place, row = "FOLDER / top / label", "(text, label, split)"
        given = {name: quoted(split) for name, split in tops.items()}
        rows += dictionary_rows("given = ", given)
        rows.append(f"{INDENT}for top, split in given.items():")
        indent += INDENT
    rows += list_rows(f"{indent}for label in ", map(quoted, labels), ":")
    return TextReading(
        (_folder(top),),
        decoding.functions,
        (
            f"{INDENT}rows = []",
            *rows,
            f'{indent}{INDENT}for path in sorted(({place}).glob("*{SUFFIX}")):',
            f"{indent}{2 * INDENT}text = {decoding.text_of('path')}",
            f"{indent}{2 * INDENT}rows.append({row})",
            frame_row((TEXT, LABEL), splits=named),
        ),
    )


def _folder(top: Path) -> str:
    return f"FOLDER = pathlib.Path({quoted(top.as_posix())})"
