"""Follows the recipes of the documents in a copy of the checkout.

A step of a recipe is a fenced block. A block that changes a file is preceded by the
file's path in bold: `python` and `text` are the content of a new file, `diff` has lines
to add between existing lines, `po` has translations. `console` has commands, each after
`$`, and lines of their output.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("dlstudio", "packaging", "resources", "tests", "pyproject.toml")
_STEP = re.compile(
    r"(?:^\*\*`(?P<path>[^`]+)`\*\*[^\n]*\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Step:
    """A block of a recipe.

    Attributes:
        kind: The language of the block.
        path: Path of the file it changes, relative to the checkout; "" for commands.
    """

    kind: str
    path: str
    text: str


def recipe(document: Path, heading: str) -> list[Step]:
    """The steps below a heading of a document, up to the next one of its level."""
    text = document.read_text("utf-8")
    marks = heading.partition(" ")[0]
    parts = re.split(rf"^(?={marks} )", text, flags=re.MULTILINE)
    (part,) = [each for each in parts if each.startswith(f"{heading}\n")]
    return [
        Step(found["kind"], found["path"] or "", found["text"])
        for found in _STEP.finditer(part)
    ]


class Checkout:
    """A copy of this checkout in which recipes are followed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            source, ignored = ROOT / name, shutil.ignore_patterns("__pycache__")
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=ignored)
            else:
                shutil.copy(source, folder / name)

    def follow(self, steps: list[Step]) -> None:
        """Run all steps, one after the other."""
        takes = {
            "python": self._write,
            "text": self._write,
            "diff": self._change,
            "po": self._translate,
            "console": self._type,
        }
        for step in steps:
            takes[step.kind](step)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a Python program with the copied dlstudio."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONUTF8": "1"}
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )

    def _write(self, step: Step) -> None:
        path = self.folder / step.path
        assert not path.exists(), f"{step.path} is there already"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(step.text, "utf-8")

    def _change(self, step: Step) -> None:
        path = self.folder / step.path
        lines = step.text.splitlines(keepends=True)
        before = "".join(_code(line) for line in lines if not line.startswith("+"))
        after = "".join(_code(line) for line in lines if not line.startswith("-"))
        text = path.read_text("utf-8")
        assert text.count(before) == 1, f"not once in {step.path}:\n{before}"
        path.write_text(text.replace(before, after), "utf-8")

    def _translate(self, step: Step) -> None:
        path = self.folder / step.path
        language = path.parts[-3]
        catalog = read_po(io.BytesIO(path.read_bytes()), locale=language)
        for message in read_po(io.StringIO(step.text), locale=language):
            if message.id:
                known = catalog.get(message.id)
                assert known is not None, f"nothing says {message.id!r} any more"
                known.string = message.string
        with path.open("wb") as stream:
            write_po(stream, catalog)

    def _type(self, step: Step) -> None:
        printed = ""
        for line in step.text.splitlines():
            if line.startswith("$ "):
                printed = self._output(line[2:])
            else:
                assert _plain(line) in printed, f"{line!r} is not in {printed[:2000]}"

    def _output(self, line: str) -> str:
        program, *arguments = shlex.split(line)
        modules = {"python": [], "dlstudio": ["-m", "dlstudio"], "ruff": ["-m", "ruff"]}
        command = modules.get(program, ["-m", program])
        done = self.run(*command, *arguments)
        return _plain(done.stdout + done.stderr)


def _code(line: str) -> str:
    """A line of a diff without its marker; editors strip that of an empty line."""
    return line[1:] if line.strip() else line


def _plain(text: str) -> str:
    """A text with whitespace collapsed to single spaces."""
    return " ".join(text.split())
