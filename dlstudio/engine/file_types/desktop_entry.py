"""The files that register a program on a desktop that follows freedesktop.org.

https://specifications.freedesktop.org/desktop-entry-spec/ and
https://specifications.freedesktop.org/shared-mime-info-spec/
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from dlstudio.engine.file_types.launcher import Command
from dlstudio.errors import UserError
from dlstudio.i18n import _, all_translators
from dlstudio.i18n import marked as mark

APPLICATION = "dlstudio"
KERAS_TYPE = "application/x-keras"
COMMENT = mark("Design, train and understand neural networks")
GENERIC_NAME = mark("Deep learning studio")
KERAS_MODEL = mark("Keras model")
FILE_ARGUMENT = " %f"
"""Where the key Exec takes the file that is opened."""


def desktop_entry(command: Command) -> str:
    """Return the desktop entry that opens the window.

    Args:
        command: The command without the file.

    Raises:
        UserError: The command cannot be written into a desktop entry.
    """
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Version=1.0",
        f"Name={APPLICATION}",
        *_translated("GenericName", GENERIC_NAME),
        *_translated("Comment", COMMENT),
        "Exec=" + exec_line(command) + FILE_ARGUMENT,
        f"Icon={APPLICATION}",
        "Terminal=false",
        "Categories=Science;ArtificialIntelligence;",
        "Keywords=Keras;TensorFlow;",
        f"MimeType={KERAS_TYPE};",
        "StartupNotify=true",
        f"StartupWMClass={APPLICATION}",
    ]
    return "\n".join(lines) + "\n"


def exec_line(command: Command) -> str:
    """Return a command quoted as the key Exec wants it: twice, with %% for %.

    Raises:
        UserError: It has a control character, or its program's path has an "=".
    """
    if any(re.search(r"[\x00-\x1f\x7f]", part) for part in command) or (
        "=" in command[0]
    ):
        raise UserError(
            _("The system cannot start a program at {path}.").format(path=command[0]),
            _("Install dlstudio in a folder without “=” in its path."),
        )
    return " ".join(_quoted(part) for part in command)


def mime_types() -> str:
    """Return the description of the file types for the shared MIME database."""
    comments = "".join(
        f'    <comment xml:lang="{language}">{escape(text)}</comment>\n'
        for language, text in _translations(KERAS_MODEL)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">\n'
        f'  <mime-type type="{KERAS_TYPE}">\n'
        f"    <comment>{escape(KERAS_MODEL)}</comment>\n"
        f"{comments}"
        '    <sub-class-of type="application/zip"/>\n'
        f'    <icon name="{APPLICATION}"/>\n'
        '    <glob pattern="*.keras"/>\n'
        "  </mime-type>\n"
        "</mime-info>\n"
    )


def _quoted(part: str) -> str:
    if re.fullmatch(r"[\w./:@,+-]+", part):
        return part
    quoted = re.sub(r'(["`$\\])', r"\\\1", part).replace("%", "%%")
    return '"' + quoted.replace("\\", "\\\\") + '"'  # a value's own backslashes


def _translated(key: str, text: str) -> list[str]:
    others = [f"{key}[{language}]={found}" for language, found in _translations(text)]
    return [f"{key}={text}", *others]


def _translations(text: str) -> list[tuple[str, str]]:
    """The text in every other language, by its code."""
    found = [(each.language, each.text(text)) for each in all_translators()]
    return [(language, other) for language, other in found if other != text]
