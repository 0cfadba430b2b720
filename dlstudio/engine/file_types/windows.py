"""Registration on Windows: values in the user's part of the registry."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Protocol

from dlstudio.engine.file_types.desktop_entry import KERAS_MODEL
from dlstudio.engine.file_types.launcher import Command, launcher_command
from dlstudio.engine.file_types.registration import Registration
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

CLASSES = r"Software\Classes"
PROGRAM = "dlstudio.keras"
"""The name of what opens the files ("ProgID")."""
OFFERED = rf"{CLASSES}\.keras\OpenWithProgids"
"""Programs that are offered for the files. The default is another value, which is left
alone: Windows asks the user."""
FOLDER_MENU = rf"{CLASSES}\Directory\shell\dlstudio"
OPEN_FOLDER = mark("Open with dlstudio")


@dataclass(frozen=True, slots=True)
class RegistryValue:
    """A text in the registry, below HKEY_CURRENT_USER; the name "" is the default."""

    key: str
    name: str
    text: str


class Registry(Protocol):
    """The user's part of the registry."""

    def read(self, key: str, name: str) -> str | None:
        """Return a text; None if there is none."""

    def write(self, value: RegistryValue) -> None:
        """Write a text, and the key if it is missing."""

    def delete_value(self, key: str, name: str) -> None:
        """Delete a text, if it is there."""

    def delete_key(self, key: str) -> None:
        """Delete a key without keys below it, if it is there."""

    def announce(self) -> None:
        """Let the file manager read the registry again."""


def registry_values(command: Command) -> tuple[RegistryValue, ...]:
    """Return the values that register the studio.

    Args:
        command: The command without the file; no part can have a quotation mark.
    """
    start = " ".join(f'"{part}"' for part in command)
    return (
        RegistryValue(rf"{CLASSES}\{PROGRAM}", "", _(KERAS_MODEL)),
        RegistryValue(rf"{CLASSES}\{PROGRAM}\shell\open\command", "", f'{start} "%1"'),
        RegistryValue(OFFERED, PROGRAM, ""),
        RegistryValue(FOLDER_MENU, "", _(OPEN_FOLDER)),
        RegistryValue(rf"{FOLDER_MENU}\command", "", f'{start} "%V"'),
    )


OWN_KEYS = (
    rf"{CLASSES}\{PROGRAM}\shell\open\command",
    rf"{CLASSES}\{PROGRAM}\shell\open",
    rf"{CLASSES}\{PROGRAM}\shell",
    rf"{CLASSES}\{PROGRAM}",
    rf"{FOLDER_MENU}\command",
    FOLDER_MENU,
)
"""The keys of the studio alone, inner ones first."""


@dataclass(frozen=True, slots=True)
class WindowsFileTypes:
    """Values in the registry.

    Attributes:
        registry: The user's part of it.
        command: Opens the window.
    """

    registry: Registry
    command: Command = field(default_factory=launcher_command)

    def state(self) -> Registration:
        """Return the keys that are there."""
        values = registry_values(self.command)
        there = [v for v in values if self.registry.read(v.key, v.name) is not None]
        places = tuple(dict.fromkeys(rf"HKEY_CURRENT_USER\{v.key}" for v in there))
        return Registration(len(there) == len(values), places)

    def register(self) -> Registration:
        """Write the values.

        Raises:
            UserError: The registry cannot be written.
        """
        try:
            for value in registry_values(self.command):
                self.registry.write(value)
        except OSError as error:
            raise _refused(error) from error
        self.registry.announce()
        return self.state()

    def remove(self) -> Registration:
        """Delete the values, and the keys that are the studio's alone.

        Raises:
            UserError: The registry cannot be written.
        """
        try:
            self.registry.delete_value(OFFERED, PROGRAM)
            for key in OWN_KEYS:
                self.registry.delete_key(key)
        except OSError as error:
            raise _refused(error) from error
        self.registry.announce()
        return self.state()


def _refused(error: OSError) -> UserError:
    return UserError(
        _("The registry could not be written: {reason}.").format(
            reason=error.strerror or error
        ),
        _("Check whether your organization allows it."),
    )


def _winreg() -> ModuleType:
    """Python's module, which only Windows has."""
    return import_module("winreg")


class UserRegistry:
    """HKEY_CURRENT_USER of this machine."""

    def read(self, key: str, name: str) -> str | None:
        """Return a text; None if there is none."""
        winreg = _winreg()
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                return str(winreg.QueryValueEx(opened, name)[0])
        except FileNotFoundError:
            return None

    def write(self, value: RegistryValue) -> None:
        """Write a text, and the key if it is missing."""
        winreg = _winreg()
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, value.key) as opened:
            winreg.SetValueEx(opened, value.name, 0, winreg.REG_SZ, value.text)

    def delete_value(self, key: str, name: str) -> None:
        """Delete a text, if it is there."""
        winreg = _winreg()
        access = winreg.KEY_SET_VALUE
        with (
            suppress(FileNotFoundError),
            winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, access) as opened,
        ):
            winreg.DeleteValue(opened, name)

    def delete_key(self, key: str) -> None:
        """Delete a key without keys below it, if it is there."""
        winreg = _winreg()
        with suppress(FileNotFoundError):
            winreg.DeleteKey(winreg.HKEY_CURRENT_USER, key)

    def announce(self) -> None:
        """Let the file manager read the registry again."""
        shell32 = import_module("ctypes").windll.shell32
        associations_changed = 0x08000000  # SHCNE_ASSOCCHANGED
        shell32.SHChangeNotify(associations_changed, 0, None, None)
