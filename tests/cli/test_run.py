"""Exit statuses, errors, languages and signals of all commands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from dlstudio import __version__
from dlstudio.cli import app, listings
from dlstudio.cli.signals import Interrupts, stop_request_first
from dlstudio.i18n import translator
from tests.cli.conftest import ROOT, Run, finish, start


@pytest.fixture(autouse=True)
def _english_afterwards() -> object:
    yield
    translator.use("en")


def failing(error: BaseException) -> Callable[..., None]:
    def fail(*_arguments: object) -> None:
        raise error

    return fail


def test_version(run: Run) -> None:
    done = run("--version")
    assert (done.status, done.out.strip()) == (0, f"dlstudio {__version__}")


def test_help_names_every_command(run: Run) -> None:
    done = run("--help")
    assert done.status == 0
    for function in app.COMMANDS:
        assert app.NAMES.get(function, function.__name__) in done.out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["train"],
        ["train", "p", "--epochs", "0"],
        ["train", "p", "--epochs", "many"],
        ["layers", "--yaml"],
        ["export", "p", "--format", "keras"],
    ],
)
def test_wrong_usage_is_2_and_nothing_on_stdout_but_help(
    run: Run, arguments: list[str]
) -> None:
    done = run(*arguments)
    assert done.status == 2
    assert "Usage:" in done.err + done.out
    assert "Traceback" not in done.err


def test_a_user_error_is_a_message_and_status_1(run: Run, tmp_path: Path) -> None:
    done = run("runs", tmp_path)
    assert done.status == 1
    assert done.out == ""
    assert "not a dlstudio project" in done.err and "dlstudio new" in done.err
    assert "Traceback" not in done.err


def test_a_user_error_as_json_is_on_stdout(run: Run, tmp_path: Path) -> None:
    done = run("runs", tmp_path, "--json")
    assert done.status == 1
    assert set(done.json) == {"error"}
    assert set(done.json["error"]) == {"message", "hint"}


def test_an_unexpected_error_is_one_line_with_its_details_in_a_file(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listings, "_family", failing(ZeroDivisionError("by zero")))
    done = run("layers")
    assert done.status == 1
    assert "Traceback" not in done.err
    hint = done.err.strip().splitlines()[-1]
    log = Path(hint.removeprefix("See ").removesuffix(" for details."))
    assert "ZeroDivisionError: by zero" in log.read_text("utf-8")


def test_an_unexpected_error_as_json(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "_family", failing(ZeroDivisionError("by zero")))
    done = run("layers", "--json")
    assert done.status == 1
    assert "by zero" in done.json["error"]["message"]


def test_an_interruption_is_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_family: str) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(listings, "_family", interrupted)
    done = run("layers", "--json")
    assert (done.status, done.out) == (130, "")
    assert "Interrupted" in done.err


def test_what_a_library_makes_of_an_interruption_is_130_too(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_family: str) -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except KeyboardInterrupt:
            raise ImportError("half of it") from None

    monkeypatch.setattr(listings, "_family", interrupted)
    assert run("layers").status == 130


@pytest.mark.skipif(os.name == "nt", reason="a process there has no such end")
def test_an_interruption_in_code_made_from_text_is_130(tmp_path: Path) -> None:
    code = """
import sys
from dlstudio.cli import listings, main
listings._family = lambda name: exec("raise KeyboardInterrupt")
sys.exit(main(["layers"]))
"""
    (tmp_path / "interrupted.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "-m", "interrupted"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
        check=False,
    )
    assert done.returncode == 130


def test_handlers_are_given_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Interrupts():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_the_first_interruption_requests_a_stop_and_the_second_interrupts() -> None:
    requests = []
    with Interrupts() as interrupts, stop_request_first(lambda: requests.append(1)):
        os.kill(os.getpid(), signal.SIGINT)
        assert (requests, interrupts.count) == ([1], 0)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert interrupts.count == 1


def test_signals_are_left_alone_in_other_threads() -> None:
    seen = []

    def elsewhere() -> None:
        with Interrupts(), stop_request_first(lambda: None):
            seen.append(signal.getsignal(signal.SIGINT))

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == [before]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--lang", "zh_CN", "--help"],
        ["--lang=zh_CN", "--help"],
        ["--help", "--lang", "zh_CN"],
    ],
)
def test_the_language_can_be_chosen_anywhere(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.status == 0
    assert "训练" in done.out


def test_the_language_follows_the_environment(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLSTUDIO_LANG", "zh")
    assert "训练" in run("--help").out
    monkeypatch.setenv("DLSTUDIO_LANG", "xx")
    assert "Train the model of a project." in run("--help").out


def test_closing_stdout_is_no_error() -> None:
    process = start(["layers", "--json"])
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 0
    assert err == ""


def test_a_process_that_is_terminated_while_it_loads_exits_with_130() -> None:
    process = start(["doctor", "--json"])
    try:
        assert process.stderr is not None
        signal_soon(process.pid)
        done = finish(process, 60)
    finally:
        process.kill()
    # With handlers installed, and before.
    assert done.status in (130, -signal.SIGTERM)
    assert "Traceback" not in done.err


def signal_soon(pid: int) -> None:
    threading.Event().wait(1.0)
    os.kill(pid, signal.SIGTERM)
