"""Registration on Linux and other systems with desktops after freedesktop.org."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from dlstudio.engine.file_types.desktop_entry import (
    APPLICATION,
    desktop_entry,
    mime_types,
)
from dlstudio.engine.file_types.launcher import Command, launcher_command
from dlstudio.engine.file_types.registration import Registration
from dlstudio.paths import resource, user_errors, write_bytes

SECONDS = 60.0
"""Time for a program that updates the desktop's databases."""
UPDATES = {"update-mime-database": "mime", "update-desktop-database": "applications"}
"""The programs, and the folder that each of them reads."""


def data_folder() -> Path:
    """The folder of the user's data: `XDG_DATA_HOME`, or its default."""
    named = os.environ.get("XDG_DATA_HOME", "")
    # As the specification says, a relative path is ignored.
    return Path(named) if os.path.isabs(named) else Path.home() / ".local" / "share"


def run_program(command: Command) -> None:
    """Run a program if it is installed; its failure is not ours to report."""
    if shutil.which(command[0]) is None:
        return
    with suppress(OSError, subprocess.SubprocessError):
        subprocess.run(command, timeout=SECONDS, capture_output=True, check=False)


@dataclass(frozen=True, slots=True)
class LinuxFileTypes:
    """Files in the user's data folder.

    Attributes:
        folder: The data folder.
        command: Opens the window.
        run: Runs a program that updates a database.
    """

    folder: Path = field(default_factory=data_folder)
    command: Command = field(default_factory=launcher_command)
    run: Callable[[Command], None] = run_program

    @property
    def paths(self) -> tuple[Path, Path, Path]:
        """Where the icon, the file types and the program are described."""
        return (
            self.folder / "icons/hicolor/scalable/apps" / f"{APPLICATION}.svg",
            self.folder / "mime/packages" / f"{APPLICATION}.xml",
            self.folder / "applications" / f"{APPLICATION}.desktop",
        )

    def state(self) -> Registration:
        """Return the files that are there."""
        there = tuple(str(path) for path in self.paths if path.is_file())
        return Registration(len(there) == len(self.paths), there)

    def register(self) -> Registration:
        """Write the files, and update the databases.

        Raises:
            UserError: A file cannot be written, or the command not be described.
        """
        icon = resource("icon", f"{APPLICATION}.svg").read_bytes()
        texts = mime_types(), desktop_entry(self.command)
        contents = (icon, *(text.encode() for text in texts))
        for path, content in zip(self.paths, contents, strict=True):
            write_bytes(path, content)
        self._update()
        return self.state()

    def remove(self) -> Registration:
        """Remove the files, and update the databases.

        Raises:
            UserError: A file cannot be removed.
        """
        there = [path for path in self.paths if os.path.lexists(path)]
        for path in there:
            with user_errors(path, writing=True):
                path.unlink(missing_ok=True)
        if there:
            self._update()
        return self.state()

    def _update(self) -> None:
        for program, name in UPDATES.items():
            folder = self.folder / name
            if folder.is_dir():
                self.run((program, str(folder)))
