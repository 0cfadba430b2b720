"""Registering the studio with each system, and removing it again."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

from dlstudio.engine.file_types.linux import LinuxFileTypes, data_folder, run_program
from dlstudio.engine.file_types.mac import MacFileTypes
from dlstudio.engine.file_types.system import system_file_types
from dlstudio.engine.file_types.windows import (
    CLASSES,
    OFFERED,
    PROGRAM,
    RegistryValue,
    UserRegistry,
    WindowsFileTypes,
    registry_values,
)
from dlstudio.errors import UserError

COMMAND = ("/opt/dlstudio/bin/dlstudio-studio",)
WINDOWS_COMMAND = (r"C:\Users\Anna Müller\venv\Scripts\dlstudio-studio.exe",)


def test_on_linux_files_are_written_and_removed(tmp_path: Path) -> None:
    updates: list[tuple[str, ...]] = []
    types = LinuxFileTypes(tmp_path, COMMAND, updates.append)
    other = tmp_path / "applications" / "other.desktop"
    other.parent.mkdir()
    other.touch()
    assert not types.state().registered
    found = types.register()
    assert found.registered and len(found.places) == 3
    assert all(Path(place).stat().st_size for place in found.places)
    assert types.register() == found, "again, as after an update"
    assert updates[:2] == [
        ("update-mime-database", str(tmp_path / "mime")),
        ("update-desktop-database", str(tmp_path / "applications")),
    ]
    Path(found.places[0]).unlink()
    assert not types.state().registered
    assert types.remove().places == ()
    updates.clear()
    assert types.remove().places == () and not updates
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [other]


def test_the_data_folder_is_that_of_the_desktop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_folder() == tmp_path
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert data_folder() == Path.home() / ".local" / "share"
    run_program(("no-such-program",))  # is not installed everywhere


@dataclass
class FakeRegistry:
    """A registry as Windows has it: a key with others below it cannot be deleted."""

    values: dict[tuple[str, str], str] = field(default_factory=dict)
    announced: int = 0

    def read(self, key: str, name: str) -> str | None:
        return self.values.get((key, name))

    def write(self, value: RegistryValue) -> None:
        self.values[value.key, value.name] = value.text

    def delete_value(self, key: str, name: str) -> None:
        self.values.pop((key, name), None)

    def delete_key(self, key: str) -> None:
        if any(each.startswith(key + "\\") for each, _name in self.values):
            raise PermissionError("has keys below it")
        for each in [each for each in self.values if each[0] == key]:
            del self.values[each]

    def announce(self) -> None:
        self.announced += 1


def test_on_windows_values_are_written_and_deleted() -> None:
    others = {
        (rf"{CLASSES}\.keras", ""): "Other.Program",
        (OFFERED, "Other.Program"): "",
    }
    registry = FakeRegistry(dict(others))
    types = WindowsFileTypes(registry, WINDOWS_COMMAND)
    assert not types.state().registered
    found = types.register()
    assert found.registered and registry.announced == 1
    assert rf"HKEY_CURRENT_USER\{OFFERED}" in found.places
    assert others.items() <= registry.values.items(), "the default stays"
    opened = registry.values[rf"{CLASSES}\{PROGRAM}\shell\open\command", ""]
    assert opened == f'"{WINDOWS_COMMAND[0]}" "%1"'
    assert not types.remove().registered
    assert registry.values == others and registry.announced == 2


def test_the_registry_is_used_as_pythons_module_wants_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake = FakeRegistry()

    @contextmanager
    def opened(_root: str, key: str, _reserved: int = 0, _access: int = 0):
        yield key

    def value(key: str, name: str) -> tuple[str, int]:
        if (key, name) not in fake.values:
            raise FileNotFoundError
        return fake.values[key, name], 1

    module = ModuleType("winreg")
    module.__dict__.update(
        HKEY_CURRENT_USER="user",
        KEY_SET_VALUE=2,
        REG_SZ=1,
        OpenKey=opened,
        CreateKey=opened,
        QueryValueEx=value,
        SetValueEx=lambda key, name, _reserved, _type, text: fake.write(
            RegistryValue(key, name, text)
        ),
        DeleteValue=fake.delete_value,
        DeleteKey=lambda _root, key: fake.delete_key(key),
    )
    monkeypatch.setitem(sys.modules, "winreg", module)
    monkeypatch.setattr(UserRegistry, "announce", lambda _self: None)
    types = WindowsFileTypes(UserRegistry(), WINDOWS_COMMAND)
    assert types.register().registered and fake.values
    assert not types.remove().registered and not fake.values


def test_python_is_started_where_no_program_is_installed() -> None:
    command = (r"C:\Python\pythonw.exe", "-m", "dlstudio.app")
    texts = [value.text for value in registry_values(command)]
    assert r'"C:\Python\pythonw.exe" "-m" "dlstudio.app" "%V"' in texts


def test_a_registry_that_is_locked_is_reported() -> None:
    class Locked(FakeRegistry):
        def write(self, value: RegistryValue) -> None:
            raise PermissionError(5, "Access is denied")

    with pytest.raises(UserError, match="Access is denied"):
        WindowsFileTypes(Locked(), WINDOWS_COMMAND).register()


def test_on_macos_the_message_says_what_works() -> None:
    types = MacFileTypes()
    assert not types.state().registered and not types.remove().registered
    with pytest.raises(UserError, match="bundle") as raised:
        types.register()
    assert "dlstudio gui FILE" in raised.value.hint


def test_each_system_has_its_own() -> None:
    assert isinstance(system_file_types("linux"), LinuxFileTypes)
    assert isinstance(system_file_types("freebsd14"), LinuxFileTypes)
    assert isinstance(system_file_types("darwin"), MacFileTypes)
    assert isinstance(system_file_types("win32"), WindowsFileTypes)
