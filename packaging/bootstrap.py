"""Set up a fresh machine: a virtual environment with dlstudio, then a command.

    python packaging/bootstrap.py run      open the window with the digits sample;
                                           --headless: train and export it instead
    python packaging/bootstrap.py test     run all checks
    python packaging/bootstrap.py install  only create the environment

Uses the standard library only, in old syntax, so that an old Python can report which
version is needed.
"""

import argparse
import ctypes.util
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
# Without Qt: everything but the window is tested where Qt is not installed.
PLAIN_ENVIRONMENT = ROOT / ".venv-plain"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
STAMP = "dlstudio-stamp"
SAMPLE = os.path.join("" if Path.cwd() == ROOT else str(ROOT), "build", "digits")

OLDEST, NEWEST = (3, 10), (3, 13)
# Library name for the loader and its Debian package, by the extra that needs it; those
# of "" are always needed.
SYSTEM_LIBRARIES = {
    "": {"stdc++": "libstdc++6"},
    "gui": {
        "EGL": "libegl1",
        "GL": "libgl1",
        "dbus-1": "libdbus-1-3",
        "fontconfig": "libfontconfig1",
        "glib-2.0": "libglib2.0-0",
        "xcb-cursor": "libxcb-cursor0",
        "xcb-icccm": "libxcb-icccm4",
        "xcb-keysyms": "libxcb-keysyms1",
        "xcb-shape": "libxcb-shape0",
        "xkbcommon": "libxkbcommon0",
        "xkbcommon-x11": "libxkbcommon-x11-0",
    },
}
BUILD_TOOLS = ["hatchling", "editables"]
# Crashed workers are not replaced: with --dist loadfile the run could hang. Files run
# in the order of tests/conftest.py: xdist's own would begin those with few tests, which
# may be long, last.
PYTEST = ["-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
PYTEST += ["--max-worker-restart", "0"]
NO_TESTS = 5
"""pytest's exit status if no test was selected."""


class BootstrapError(Exception):
    """An error that the user can fix."""


def main(arguments=None):
    """Run the command line; returns the exit status."""
    options = parse(arguments)
    try:
        python = supported_python()
        if python:
            return subprocess.call(
                [python, str(Path(__file__).resolve()), *sys.argv[1:]]
            )
        window = options.command == "run" and not options.headless and has_screen()
        extras = ["gpu"] if options.gpu else []
        if options.command == "test":
            extras += ["gui", "test", "window-test"]
        elif window:
            extras.append("gui")
        add_system_packages(extras)
        environment_python = install(extras, options.system_site_packages)
        if options.command == "install":
            say("Ready: {}".format(script("dlstudio")))
            return 0
        if options.command == "test":
            plain = install_plain(options.system_site_packages)
            return test(environment_python, plain, options.rest)
        if window:
            return open_window(environment_python, options.folder)
        return run(environment_python, options.folder)
    except BootstrapError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130


def parse(arguments):
    """The command line's options."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=("run", "test", "install"))
    parser.add_argument(
        "--headless",
        action="store_true",
        help="train and export the sample without a window (run)",
    )
    parser.add_argument(
        "--folder", default=SAMPLE, help="where the sample project goes (run)"
    )
    parser.add_argument(
        "--gpu", action="store_true", help="also install NVIDIA's libraries (Linux)"
    )
    parser.add_argument(
        "--system-site-packages",
        action="store_true",
        help="use what this Python already has",
    )
    parser.add_argument("rest", nargs="*", help="passed on to pytest (test)")
    return parser.parse_args(arguments)


def say(message):
    """Print progress on stderr; results of commands go to stdout."""
    print(f"* {message}", file=sys.stderr, flush=True)


def has_screen():
    """Whether there is a display."""
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def supported_python():
    """Another Python to continue with if this one is not supported, or None.

    Raises:
        BootstrapError: Neither this Python nor any on the path is supported.
    """
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return None
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        # One on the path may not work: version managers leave shims.
        if found and works(found, (3, minor)):
            return found
    raise BootstrapError(
        "dlstudio needs Python {}.{} to {}.{}; this is {}.{}. "
        "Install one of them and run this again with it.".format(
            *(OLDEST + NEWEST + sys.version_info[:2])
        )
    )


def add_system_packages(extras):
    """Install missing system packages on Debian as root; otherwise print a hint."""
    missing = {
        package
        for extra in ["", *extras]
        for library, package in SYSTEM_LIBRARIES.get(extra, {}).items()
        if sys.platform == "linux" and ctypes.util.find_library(library) is None
    }
    if "gui" in extras and lacks_chinese_font():
        missing.add("fonts-noto-cjk")
    if importlib.util.find_spec("ensurepip") is None and not in_environment():
        missing.add("python{}.{}-venv".format(*sys.version_info[:2]))
    if not missing or shutil.which("apt-get") is None:
        return
    names = ", ".join(sorted(missing))
    command = ["apt-get", "install", "--yes", "--no-install-recommends"]
    command += sorted(missing)
    if os.geteuid() != 0:
        say("The system seems to lack {}: sudo {}".format(names, " ".join(command)))
        return
    say(f"Installing {names}")
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    updated = subprocess.call(["apt-get", "update", "--quiet"], env=quiet)
    if updated != 0 or subprocess.call(command, env=quiet) != 0:
        say(f"{names} could not be installed; continuing, as it may work without")


def lacks_chinese_font():
    """Whether the user reads Chinese, and the system has no font for it."""
    names = ("DLSTUDIO_LANG", "LC_ALL", "LANG")
    locales = [os.environ[name] for name in names if os.environ.get(name)]
    if sys.platform != "linux" or not locales or not locales[0].startswith("zh"):
        return False
    lister = shutil.which("fc-list")
    if lister is None:
        return True
    return not subprocess.check_output([lister, ":lang=zh", "family"]).strip()


def in_environment():
    """Whether the environment exists."""
    return Path(script("python")).exists()


def script(name, environment=None):
    """Path of a program of an environment, by default of the usual one."""
    windows = os.name == "nt"
    folder = (environment or ENVIRONMENT) / ("Scripts" if windows else "bin")
    return str(folder / (name + ".exe" if windows else name))


def stamp():
    """A digest of everything that the environment is built from."""
    digest = hashlib.sha256()
    for path in (CONSTRAINTS, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    digest.update(repr((sys.version_info[:3], str(ROOT))).encode())
    return digest.hexdigest()


def install_plain(system_site_packages=False):
    """Create the environment of the tests without Qt; returns its Python.

    Uses this Python's packages only if Qt is not among them.
    """
    has_qt = importlib.util.find_spec("PySide6") is not None
    return install(["test"], system_site_packages and not has_qt, PLAIN_ENVIRONMENT)


def install(extras, system_site_packages=False, environment=None):
    """Create an environment unless it is up to date; returns its Python.

    Raises:
        BootstrapError: venv or pip failed.
    """
    now = stamp()
    environment = environment or ENVIRONMENT
    python = script("python", environment)
    note = environment / STAMP
    stamped = note.read_text("utf-8").split() if note.exists() else []
    ready = stamped[1:] if stamped[:1] == [now] and works(python) else None
    if ready is not None and set(extras) <= set(ready):
        return python
    if not works(python):
        make_environment(environment, system_site_packages)
    extras = sorted({*extras, *(ready or [])})
    project = str(ROOT) + ("[{}]".format(",".join(extras)) if extras else "")
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    pip += ["--constraint", str(CONSTRAINTS)]
    say(f"Installing into {environment.name} (some minutes the first time)")
    attempt([*pip, *BUILD_TOOLS])
    attempt([*pip, "--no-build-isolation", "--editable", project])
    note.write_text("\n".join([now, *extras]) + "\n", "utf-8")
    return python


def works(python, version=sys.version_info[:2]):
    """Whether a Python can be started, has pip, and is of this version."""
    if not Path(python).exists():
        return False
    command = [python, "-c", "import pip, sys; print(*sys.version_info[:2])"]
    try:
        printed = subprocess.check_output(command, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return False
    return printed.split() == [b"%d" % part for part in version]


def make_environment(environment, system_site_packages):
    """Create a virtual environment unless there is one that works."""
    say(f"Making a virtual environment in {environment}")
    command = [sys.executable, "-m", "venv", "--clear", str(environment)]
    if system_site_packages:
        command.append("--system-site-packages")
    made = subprocess.call(command) == 0
    if not made or not works(script("python", environment)):
        raise BootstrapError(
            "Python's venv module could not make {}. On Debian or Ubuntu: "
            "sudo apt-get install python{}.{}-venv".format(
                environment, *sys.version_info[:2]
            )
        )


def attempt(command):
    """Run pip; its output is shown only if it fails.

    Raises:
        BootstrapError: pip failed.
    """
    if subprocess.call(command) == 0:
        return
    raise BootstrapError(
        "The packages could not be installed; see pip's output above. Without a "
        "network, set PIP_FIND_LINKS to a folder with the wheels of "
        "packaging/constraints.txt and run this again."
    )


def test(python, plain, rest):
    """Run every check, even if one fails.

    Args:
        python: Python of the full environment.
        plain: Python of the environment without Qt, for the tests that need no Qt.
        rest: More arguments for pytest.

    Raises:
        BootstrapError: A check failed; it names the tests that did.
    """
    with tempfile.TemporaryDirectory(prefix="dlstudio-checks-") as folder:
        failures = os.path.join(folder, "failures.txt")
        failed = check(python, plain, rest, ["--failures=" + failures])
        tests = lines_of(failures)
    if failed:
        raise BootstrapError(failure_report(failed, tests))
    say("Everything passed")
    return 0


def check(python, plain, rest, options):
    """Run every check; returns the names of those that failed.

    Args:
        python, plain, rest: As for `test`.
        options: For pytest, too.
    """
    chosen, rest = bool(rest), [*options, *rest]
    checks = {
        "ruff check": [python, "-m", "ruff", "check", "."],
        "ruff format": [python, "-m", "ruff", "format", "--check", "."],
        "mypy": [python, "-m", "mypy"],
        "tests without Qt": [plain, *PYTEST, "--side=model", *rest],
        "tests of the window": [python, *PYTEST, "--side=window", *rest],
    }
    if sys.version_info[:2] == OLDEST:
        # NumPy for the oldest Python has different type stubs.
        del checks["mypy"]
    statuses = {}
    for name, command in checks.items():
        say(name)
        statuses[name] = subprocess.call(command, cwd=str(ROOT))
    empty = [name for name, status in statuses.items() if status == NO_TESTS]
    if chosen and len(empty) == 1:  # the requested tests are in the other half
        del statuses[empty[0]]
    return [name for name, status in statuses.items() if status != 0]


def lines_of(path):
    """The lines of a file; none if it does not exist."""
    if not os.path.exists(path):
        return []
    return Path(path).read_text("utf-8").splitlines()


def failure_report(failed, tests):
    """A report of what failed, with the command that runs just those tests.

    Args:
        failed: Names of checks.
        tests: Node ids of the failed tests.
    """
    lines = ["Failed: {}.".format(", ".join(failed))]
    if tests:
        lines += ["", "Failed tests:", *("    " + each for each in tests), ""]
        again = " ".join(shlex.quote(each) for each in tests)
        lines += [
            "To run only those:",
            "    python packaging/bootstrap.py test " + again,
        ]
    return "\n".join(lines)


def make_sample(python, folder):
    """Create the digits project unless it exists; returns the exit status."""
    if os.path.exists(os.path.join(folder, "project.json")):
        return 0
    return dlstudio(python, ["new", folder, "--template", "digits-cnn"])


def dlstudio(python, arguments):
    """Run one command of dlstudio; returns its exit status."""
    say("dlstudio {}".format(" ".join(arguments)))
    return subprocess.call([python, "-m", "dlstudio", *arguments])


def open_window(python, folder):
    """Open the window with the sample and wait until it is closed.

    Raises:
        BootstrapError: The window could not be opened.
    """
    if make_sample(python, folder) != 0 or dlstudio(python, ["gui", folder]) != 0:
        raise BootstrapError(
            "The window could not be opened; see the message above. Everything but the "
            "window works without: python packaging/bootstrap.py run --headless"
        )
    return 0


def run(python, folder):
    """Train and evaluate the digits sample, and export a verified SavedModel."""
    out = os.path.join(folder, "exports", "savedmodel")
    export = ["export", folder, "--format", "savedmodel", "--out", out, "--replace"]
    status = make_sample(python, folder)
    for command in (["train", folder], ["evaluate", folder], export):
        status = status or dlstudio(python, command)
    return status


if __name__ == "__main__":
    sys.exit(main())
