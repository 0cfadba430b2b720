"""What is written for desktops after freedesktop.org, and read back as they do."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dlstudio.engine.file_types.desktop_entry import (
    KERAS_TYPE,
    desktop_entry,
    exec_line,
    mime_types,
)
from dlstudio.engine.file_types.launcher import launcher_command
from dlstudio.errors import UserError

MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def entry(text: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return parser["Desktop Entry"]


def unquoted(line: str) -> list[str]:
    """The arguments as a desktop reads them: of the value, then of the command."""
    value = line.replace("\\\\", "\\")
    parts = shlex.split(value)  # keeps the backslash before these two
    return [re.sub(r"\\([$`])", r"\1", part).replace("%%", "%") for part in parts]


@pytest.mark.parametrize(
    "path",
    [
        "/usr/bin/dlstudio-studio",
        "/home/Anna Müller/my venv/bin/python",
        "/opt/100%/python",
        "/opt/a\"b'c`d$e\\f/python",
        "/主目录/python",
    ],
)
def test_every_path_is_quoted(path: str) -> None:
    assert unquoted(exec_line((path, "-m", "dlstudio.app"))) == [
        path,
        "-m",
        "dlstudio.app",
    ]
    assert exec_line(("/usr/bin/python",)) == "/usr/bin/python"


@pytest.mark.parametrize("path", ["/opt/a\nb/python", "/opt/a=b/python"])
def test_what_no_desktop_can_start_is_refused(path: str) -> None:
    with pytest.raises(UserError, match="cannot start a program"):
        exec_line((path,))


def test_the_entry_opens_one_file_of_the_type_that_is_described(tmp_path: Path) -> None:
    text = desktop_entry(("/opt/my venv/bin/dlstudio-studio",))
    found = entry(text)
    assert found["Exec"] == '"/opt/my venv/bin/dlstudio-studio" %f'
    assert found["MimeType"] == f"{KERAS_TYPE};"
    assert found["Comment[zh_CN]"] != found["Comment"]
    (described,) = ElementTree.fromstring(mime_types())
    assert described.get("type") == KERAS_TYPE
    assert [each.get("pattern") for each in described.iter(f"{MIME}glob")] == [
        "*.keras"
    ]
    if shutil.which("desktop-file-validate"):
        path = tmp_path / "dlstudio.desktop"
        path.write_text(text, encoding="utf-8")
        done = subprocess.run(
            ["desktop-file-validate", path], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, "")


def test_the_installed_program_is_started_if_there_is_one(tmp_path: Path) -> None:
    python = tmp_path / "python.exe"
    assert launcher_command(python) == (str(python), "-m", "dlstudio.app")
    (tmp_path / "pythonw.exe").touch()
    assert launcher_command(python)[0] == str(tmp_path / "pythonw.exe")
    (tmp_path / "dlstudio-studio.exe").touch()
    assert launcher_command(python) == (str(tmp_path / "dlstudio-studio.exe"),)
