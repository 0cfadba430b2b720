"""The wheel, the pinned versions, and the bootstrap."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; .+)?$")


def module_of(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, PACKAGING / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The bootstrap with its own environment, in which nothing is installed."""
    module = module_of("bootstrap")
    monkeypatch.setattr(module, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(module, "PLAIN_ENVIRONMENT", tmp_path / ".venv-plain")
    return module


@pytest.fixture
def commands(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that the bootstrap would run; none is run."""
    commands: list[list[str]] = []

    def call(command: list[str], **_options: object) -> int:
        commands.append([str(part) for part in command])
        return 0

    def works(_python: str, _version: object = None) -> bool:
        folder = Path(_python).parent.parent
        folder.mkdir(exist_ok=True)
        return any(command[-1] == str(folder) for command in commands)

    monkeypatch.setattr(bootstrap.subprocess, "call", call)
    monkeypatch.setattr(bootstrap, "works", works)
    return commands


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    done = subprocess.run(
        [*command, "-d", str(folder)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_brings_its_resources_and_no_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "dlstudio/__main__.py",
        "dlstudio/engine/export/verification_runner.py",
        "dlstudio/resources/catalog/keras_layers.json",
        "dlstudio/resources/locale/zh_CN/LC_MESSAGES/dlstudio.mo",
    ):
        assert name in names
    assert not [name for name in names if name.startswith(("tests/", "packaging/"))]


def test_the_command_line_works_from_the_wheel_alone(
    wheel: Path, tmp_path: Path
) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "import dlstudio; assert dlstudio.__file__.startswith(sys.argv[1]);"
        "from dlstudio.cli import main; sys.exit(main(['--lang', 'zh_CN', 'layers']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "site")],
        capture_output=True,
        cwd=tmp_path,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode("utf-8")
    assert "Conv2D" in text and "卷积" in text


def test_every_version_is_pinned_and_no_index_or_path_is_named() -> None:
    lines = (PACKAGING / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert len(pins) > 50
    assert [line for line in pins if not PIN.match(line)] == []


def test_everything_pyproject_requires_is_pinned() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    required = re.findall(r'^    "([A-Za-z0-9-]+)[^"]*>=', text, re.MULTILINE)
    pinned = {
        name.lower()
        for line in (PACKAGING / "constraints.txt").read_text("utf-8").splitlines()
        for name, *_rest in [line.partition("==")]
    }
    assert len(required) > 15
    assert [name for name in required if name.lower() not in pinned] == []


def test_an_environment_is_made_once(
    bootstrap: ModuleType, commands: list[list[str]]
) -> None:
    bootstrap.install(["test"])
    assert any("venv" in command for command in commands)
    assert any(f"{ROOT}[test]" in command for command in commands)
    count = len(commands)
    bootstrap.install(["test"])
    bootstrap.install([])
    assert len(commands) == count


def test_what_was_added_later_stays(
    bootstrap: ModuleType, commands: list[list[str]]
) -> None:
    bootstrap.install(["gpu"])
    bootstrap.install(["test"])
    assert commands[-1][-1] == f"{ROOT}[gpu,test]"


def test_new_constraints_are_installed(
    bootstrap: ModuleType,
    commands: list[list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bootstrap.install([])
    count = len(commands)
    changed = tmp_path / "constraints.txt"
    changed.write_text("rich==1.0\n", "utf-8")
    monkeypatch.setattr(bootstrap, "CONSTRAINTS", changed)
    bootstrap.install([])
    assert len(commands) > count


@pytest.mark.parametrize("version", [(3, 9, 0), (3, 14, 1), (2, 7, 18)])
def test_an_unsupported_python_says_which_are(
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    version: tuple[int, int, int],
) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", version)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _name: None)
    assert bootstrap.main(["run"]) == 1
    err = capsys.readouterr().err
    assert "3.10 to 3.13" in err and "{}.{}".format(*version[:2]) in err


def test_an_unsupported_python_finds_a_supported_one(
    bootstrap: ModuleType, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 0))
    monkeypatch.setattr(
        bootstrap.shutil,
        "which",
        lambda name: name.replace("python", "/"),
    )
    monkeypatch.setattr(bootstrap, "works", lambda python, _version: python == "/3.11")
    assert bootstrap.main(["install"]) == 0
    assert commands[0][0] == "/3.11"


def test_a_shim_of_a_version_manager_is_not_taken_for_python(
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    signpost = tmp_path / "python3.11"
    signpost.write_text("#!/bin/sh\nexit 127\n", "utf-8")
    signpost.chmod(0o755)
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 0))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _name: str(signpost))
    assert bootstrap.main(["run"]) == 1
    assert "3.10 to 3.13" in capsys.readouterr().err


def failing(status: int) -> Callable[..., int]:
    return lambda *_arguments, **_options: status


def test_without_venv_there_is_a_message(
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(bootstrap.subprocess, "call", failing(1))
    monkeypatch.setattr(bootstrap, "add_system_packages", lambda _extras: None)
    assert bootstrap.main(["run"]) == 1
    assert "-venv" in capsys.readouterr().err


def test_without_a_network_there_is_a_message(
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(bootstrap.subprocess, "call", failing(1))
    monkeypatch.setattr(bootstrap, "add_system_packages", lambda _extras: None)
    monkeypatch.setattr(bootstrap, "works", lambda _python: True)
    assert bootstrap.main(["test"]) == 1
    err = capsys.readouterr().err
    assert "PIP_FIND_LINKS" in err and "Traceback" not in err


def test_only_what_is_missing_is_installed_on_debian_as_root(
    bootstrap: ModuleType, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap.sys, "platform", "linux")
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/{name}")
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(
        bootstrap,
        "SYSTEM_LIBRARIES",
        {
            "": {"here": "a", "gone": "b"},
            "gui": {"gone_too": "c"},
            "gpu": {"other": "d"},
        },
    )
    monkeypatch.setattr(
        bootstrap.ctypes.util,
        "find_library",
        lambda name: name if name == "here" else None,
    )
    bootstrap.add_system_packages(["gui", "test"])
    assert [command[:2] for command in commands] == [
        ["apt-get", "update"],
        ["apt-get", "install"],
    ]
    assert commands[1][-2:] == ["b", "c"]


def checked(
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    statuses: dict[str, int],
    rest: tuple[str, ...] = (),
) -> list[list[str]]:
    """Run every check; `statuses` maps a word in a command to its exit status."""
    ran: list[list[str]] = []

    def call(command: list[str], **_options: object) -> int:
        ran.append(command)
        return next((n for word, n in statuses.items() if word in command), 0)

    monkeypatch.setattr(bootstrap.subprocess, "call", call)
    try:
        bootstrap.test("python", "plain", list(rest))
    finally:
        monkeypatch.undo()
    return ran


def test_the_checks_all_run_even_when_one_fails(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = checked(bootstrap, monkeypatch, {})
    mypy = [] if sys.version_info < (3, 11) else ["mypy"]
    assert [each[2] for each in ran] == ["ruff", "ruff", *mypy, "pytest", "pytest"]
    assert [each[0] for each in ran[-2:]] == ["plain", "python"]
    with pytest.raises(bootstrap.BootstrapError, match=r"Failed: ruff check\."):
        checked(bootstrap, monkeypatch, {"check": 1})


def test_the_failed_tests_are_named_with_the_command_that_runs_them(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def call(command: list[str], **_options: object) -> int:
        if "pytest" not in command:
            return 0
        side = "window" if "--side=window" in command else "model"
        (place,) = (each for each in command if each.startswith("--failures="))
        with open(place.partition("=")[2], "a") as file:
            file.write(f"tests/test_{side}.py::test_it[a b]\n")
        return 1

    monkeypatch.setattr(bootstrap.subprocess, "call", call)
    with pytest.raises(bootstrap.BootstrapError) as caught:
        bootstrap.test("python", "plain", [])
    assert str(caught.value).splitlines() == [
        "Failed: tests without Qt, tests of the window.",
        "",
        "Failed tests:",
        "    tests/test_model.py::test_it[a b]",
        "    tests/test_window.py::test_it[a b]",
        "",
        "To run only those:",
        "    python packaging/bootstrap.py test "
        "'tests/test_model.py::test_it[a b]' 'tests/test_window.py::test_it[a b]'",
    ]


def test_each_test_that_fails_is_noted_once(tmp_path: Path) -> None:
    place, noted = tmp_path / "project", tmp_path / "notes" / "failed.txt"
    place.mkdir()
    noted.parent.mkdir()
    noted.write_text("test_of_the_other_half\n", "utf-8")
    shutil.copy(ROOT / "tests" / "conftest.py", place)
    support = (ROOT / "tests" / "support").as_posix()
    settings = f'[tool.pytest.ini_options]\npythonpath = ["{support}"]\n'
    (place / "pyproject.toml").write_text(settings, "utf-8")
    (place / "test_some.py").write_text(
        "import pytest\n"
        "@pytest.fixture\n"
        "def broken():\n"
        "    yield\n"
        "    assert False\n"
        "def test_good(): pass\n"
        "def test_bad(): assert False\n"
        "def test_twice_bad(broken): assert False\n",
        "utf-8",
    )
    (place / "test_none.py").write_text("import nowhere_to_be_found\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-n", "2", f"--failures={noted}"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    assert sorted(noted.read_text("utf-8").splitlines()) == [
        "test_none.py",
        "test_of_the_other_half",
        "test_some.py::test_bad",
        "test_some.py::test_twice_bad",
    ]


def test_requested_tests_may_lie_on_one_side(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = bootstrap.NO_TESTS
    checked(bootstrap, monkeypatch, {"--side=model": none}, ("tests/ui",))
    with pytest.raises(bootstrap.BootstrapError, match="without Qt"):
        checked(bootstrap, monkeypatch, {"--side=model": none})
    with pytest.raises(bootstrap.BootstrapError, match="without Qt, tests of"):
        checked(bootstrap, monkeypatch, {"pytest": none}, ("-k", "nothing"))


def test_the_plain_environment_never_sees_qt(
    bootstrap: ModuleType, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: name)
    bootstrap.install_plain(system_site_packages=True)
    assert commands[0][-1] == str(bootstrap.PLAIN_ENVIRONMENT)
    assert not any("--system-site-packages" in command for command in commands)
    assert commands[-1][-1] == f"{ROOT}[test]"


def test_a_run_without_qt_fails_where_qt_is(tmp_path: Path) -> None:
    (tmp_path / "PySide6.py").write_text("", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--side=model", "--collect-only", "-q"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode != 0
    assert "PySide6" in done.stderr


def test_the_sample_is_made_once_and_exported_again(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []

    def call(command: list[str], **_options: object) -> int:
        ran.append(command[3])
        if command[3] == "new":
            (tmp_path / "project.json").write_text("{}", "utf-8")
        return 0

    monkeypatch.setattr(bootstrap.subprocess, "call", call)
    assert bootstrap.run("python", str(tmp_path)) == 0
    assert bootstrap.run("python", str(tmp_path)) == 0
    usual = ["train", "evaluate", "export"]
    assert ran == ["new", *usual, *usual]


def recorded_runs(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, status: int
) -> list[list[str]]:
    """The dlstudio commands that are run; `status` is the exit status of `gui`."""
    ran: list[list[str]] = []

    def call(command: list[str], **_options: object) -> int:
        ran.append(command[3:4])
        return status if command[3] == "gui" else 0

    def install(extras: list[str], _system: bool) -> str:
        ran.append(extras)
        return "python"

    monkeypatch.setattr(bootstrap.subprocess, "call", call)
    monkeypatch.setattr(bootstrap, "add_system_packages", lambda _extras: None)
    monkeypatch.setattr(bootstrap, "install", install)
    return ran


def test_with_a_screen_the_sample_is_opened_in_the_window(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = recorded_runs(bootstrap, monkeypatch, status=0)
    monkeypatch.setattr(bootstrap, "has_screen", lambda: True)
    where = ["--folder", str(tmp_path)]
    assert bootstrap.main(["run", *where]) == 0
    assert ran == [["gui"], ["new"], ["gui"]]
    del ran[:]
    assert bootstrap.main(["run", "--headless", *where]) == 0
    assert ran == [[], ["new"], ["train"], ["evaluate"], ["export"]]
    del ran[:]
    monkeypatch.setattr(bootstrap, "has_screen", lambda: False)
    assert bootstrap.main(["run", *where]) == 0
    assert ran[-1] == ["export"]


def test_a_window_that_cannot_be_opened_is_reported(
    bootstrap: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    recorded_runs(bootstrap, monkeypatch, status=1)
    monkeypatch.setattr(bootstrap, "has_screen", lambda: True)
    assert bootstrap.main(["run", "--folder", str(tmp_path)]) == 1
    assert "--headless" in capsys.readouterr().err


def test_a_screen_is_detected_by_the_environment(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(bootstrap.sys, "platform", "linux")
    assert not bootstrap.has_screen()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert bootstrap.has_screen()
    monkeypatch.delenv("WAYLAND_DISPLAY")
    monkeypatch.setattr(bootstrap.sys, "platform", "darwin")
    assert bootstrap.has_screen()


@pytest.mark.parametrize(
    ("language", "fonts", "lacks"),
    [("zh_CN", b"", True), ("zh_CN", b"Noto Sans CJK SC\n", False), ("en", b"", False)],
)
def test_a_chinese_font_is_added_for_who_reads_it_and_has_none(
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    fonts: bytes,
    lacks: bool,
) -> None:
    monkeypatch.setattr(bootstrap.sys, "platform", "linux")
    monkeypatch.setenv("DLSTUDIO_LANG", language)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/{name}")
    monkeypatch.setattr(bootstrap.subprocess, "check_output", lambda _command: fonts)
    assert bootstrap.lacks_chinese_font() is lacks
