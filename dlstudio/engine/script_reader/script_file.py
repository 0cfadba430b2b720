"""The text of a file with a Keras script, or of the code in a notebook."""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

from dlstudio import paths
from dlstudio.engine.script_reader.reader import LARGEST
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import parse_json, read_regular

NOTEBOOK = ".ipynb"
MAGIC = re.compile(r"^\s*[%!?].*", re.MULTILINE)
"""Lines of a notebook that are commands of Jupyter."""


def read_script_file(path: Path) -> str:
    """The script in a file.

    Args:
        path: A Python file, or a notebook, whose cells of code are joined.

    Raises:
        UserError: It is missing, too large, or no text.
    """
    with paths.user_errors(path, writing=False):
        data = read_regular(path, 4 * LARGEST)
    try:
        if path.suffix.lower() == NOTEBOOK:
            return _code_of(_notebook(data, path))
        encoding, _lines = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (UnicodeDecodeError, SyntaxError, LookupError) as error:
        raise UserError(
            _("{path} is not a Python script.").format(path=path),
            _("Choose a text file with Python code."),
        ) from error


def _notebook(data: bytes, path: Path) -> object:
    try:
        return parse_json(data)
    except UserError as error:
        raise UserError(
            _("{path} is not a whole notebook.").format(path=path),
            _("Save it again in Jupyter."),
        ) from error


def _code_of(notebook: object) -> str:
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    found = []
    for cell in cells if isinstance(cells, list) else ():
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", "")
            text = "".join(source) if isinstance(source, list) else str(source)
            found.append(MAGIC.sub("pass", text))
    return "\n\n".join(found) + "\n"
