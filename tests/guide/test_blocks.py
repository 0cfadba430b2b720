"""Runs every code block of the guide unchanged, page by page.

The code is the same in all languages (`test_pages`), so it runs once, in English. In
other languages, the commands whose output the guide shows run again.

`docker` and `curl` are not run: their requests are checked against the signature of the
model that the guide exports. The C++ is not compiled: its names are looked up in that
signature.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from code_blocks import run_python
from guide_text import LANGUAGES, Block, blocks

from dlstudio.catalog.guide import PAGES
from dlstudio.cli import main
from dlstudio.i18n import translator

MODEL = "digits-model"
SERVING = "http://localhost:8501/v1/models/digits:predict"
NUMBER = re.compile(r"\d[\d,.]*")


@dataclass
class Reader:
    """Runs the guide's blocks in one folder, and keeps the last output.

    Attributes:
        printed: Output of the last shell block.
    """

    place: Path
    printed: str = ""

    def read(self, page: str, language: str) -> None:
        """Run all blocks of a page."""
        self.printed = ""
        for block in blocks(page, language):
            try:
                READERS[block.language](self, block)
            except Exception as error:
                raise _failure(page, language, block, error) from error

    def read_shown(self, page: str, language: str) -> None:
        """Run the commands of a page that print what another language shows.

        The projects are those that were made by reading the page in English. Output
        that both languages show alike is not printed again, and what a text shows is
        printed by the last command before it.
        """
        command = ""
        pairs = zip(blocks(page, "en"), blocks(page, language), strict=True)
        for english, block in pairs:
            if block.language == "shell":
                command = block.code.splitlines()[-1]
            elif block.language == "text" and block.code != english.code:
                try:
                    self.shell(replace(block, code=command))
                    self.text(block)
                except Exception as error:
                    raise _failure(page, language, block, error) from error

    # One method for each language of blocks.

    def shell(self, block: Block) -> None:
        """Run each line."""
        assert block.code.strip()
        self.printed = ""
        for line in block.code.splitlines():
            words = shlex.split(line)
            self.printed += COMMANDS[words[0]](words)

    def text(self, block: Block) -> None:
        """Expected output, ignoring numbers; else existing folders."""
        if not self.printed:
            self._folders(block.code)
            return
        there = [pattern_of(line) for line in self.printed.splitlines()]
        for line in block.code.splitlines():
            if line.strip() == "…":
                continue
            wanted = pattern_of(line)
            assert any(fits(wanted, each) for each in there), (
                f"{line!r} was not printed:\n{self.printed}"
            )

    def _folders(self, code: str) -> None:
        top, *names = (line.rstrip("/") for line in code.splitlines())
        there = {path.name for path in (self.place / top).iterdir()}
        assert there == {name.strip() for name in names}

    def python(self, block: Block) -> None:
        """Run it; the output about a digit must be about a seven."""
        ran = run_python(block.code)
        if "seven.png" in block.code:
            assert ran.lines[0].split()[0] == "7"
        assert ran.lines

    def json(self, block: Block) -> None:
        """A request to TensorFlow Serving, answered by the model."""
        request = json.loads(block.code)
        (prediction,) = serve(request)["predictions"]
        assert prediction["labels"] == "7"
        encoded = request["instances"][0]["image_bytes"]["b64"]
        assert base64.b64decode(encoded) == (self.place / "seven.png").read_bytes()

    def cpp(self, block: Block) -> None:
        """Check that its names are in the signature; it is not compiled."""
        folder, tag, name, *names = re.findall(r'"([^"]+)"', block.code)
        assert tag == "serve"
        (entry,) = (each for each in signatures() if each == name)
        inputs, outputs = names_of(entry)
        assert (folder, names[:1], set(names[1:])) == (MODEL, inputs, set(outputs))


def _failure(
    page: str, language: str, block: Block, error: Exception
) -> AssertionError:
    where = f"{language}/{page}.md, line {block.line}"
    return AssertionError(f"{where}:\n{block.code}\n{error}")


READERS: dict[str, Callable[[Reader, Block], None]] = {
    "shell": Reader.shell,
    "text": Reader.text,
    "python": Reader.python,
    "json": Reader.json,
    "cpp": Reader.cpp,
}


def dlstudio(words: list[str]) -> str:
    """Run a dlstudio command; returns its output, including progress."""
    with (
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as err,
    ):
        status = main(words[1:])
    assert status == 0, err.getvalue() + out.getvalue()
    return err.getvalue() + out.getvalue()


def docker(words: list[str]) -> str:
    """Not run; the served folder must be the exported one, with a version subfolder."""
    name = words[words.index("-e") + 1].partition("=")[2]
    assert f"/{MODEL}:/models/{name}/1" in words[words.index("-v") + 1]
    assert f"/models/{name}:predict" in SERVING
    return ""


def curl(words: list[str]) -> str:
    """Not run; the address is Serving's."""
    assert words[-1] == SERVING
    return ""


def saved_model_cli(words: list[str]) -> str:
    """Run TensorFlow's tool; its output has the tensor named in the text."""
    from tensorflow.python.tools import saved_model_cli as tool

    with contextlib.redirect_stdout(io.StringIO()) as out:
        tool.create_parser().parse_args(words[1:]).func()
    assert "serve_bytes_image_bytes:0" in out.getvalue()
    return out.getvalue()


COMMANDS: dict[str, Callable[[list[str]], str]] = {
    "dlstudio": dlstudio,
    "docker": docker,
    "curl": curl,
    "saved_model_cli": saved_model_cli,
}


def signatures() -> Any:
    """The signatures of the model that the guide has exported."""
    import tensorflow as tf

    return tf.saved_model.load(MODEL).signatures


def names_of(entry: str) -> tuple[list[str], list[str]]:
    """Names of a signature's inputs and outputs."""
    signature = signatures()[entry]
    inputs = list(signature.structured_input_signature[1])
    return inputs, list(signature.structured_outputs)


def serve(request: dict[str, Any]) -> dict[str, Any]:
    """The response of TensorFlow Serving: one prediction for each instance.

    Bytes are base64-encoded; strings are returned as they are.
    """
    import tensorflow as tf

    assert set(request) == {"signature_name", "instances"}
    signature = signatures()[request["signature_name"]]
    given = {
        name: tf.constant([decoded(each[name]) for each in request["instances"]])
        for name in request["instances"][0]
    }
    answer = {name: value.numpy() for name, value in signature(**given).items()}
    return {
        "predictions": [
            {name: plain(values[row]) for name, values in answer.items()}
            for row in range(len(request["instances"]))
        ]
    }


def decoded(value: Any) -> Any:
    return base64.b64decode(value["b64"]) if isinstance(value, dict) else value


def plain(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value.tolist()


def answered(url: str, data: bytes) -> io.BytesIO:
    """In place of `urlopen`: Serving's answer, without a network."""
    assert url == SERVING
    return io.BytesIO(json.dumps(serve(json.loads(data))).encode())


def pattern_of(line: str) -> str:
    """A pattern for a line, ignoring numbers and column widths."""
    return " ".join(NUMBER.sub("0", line).split())


def fits(wanted: str, line: str) -> bool:
    """Whether a line matches the expected one, where "…" matches anything."""
    parts = map(re.escape, wanted.split("…"))
    return re.fullmatch(".*".join(parts), line) is not None


@pytest.fixture
def reader(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    monkeypatch.chdir(place)
    monkeypatch.setattr("urllib.request.urlopen", answered)
    monkeypatch.syspath_prepend(str(place))
    before = translator.language
    yield Reader(place)
    translator.use(before)
    sys.modules.pop("model", None)  # the script written by the guide


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("verified_here")
def test_the_guide_can_be_followed(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    english, *others = LANGUAGES
    for page in PAGES:
        reader.read(page, english)
        for language in others:
            monkeypatch.setenv("DLSTUDIO_LANG", language)
            reader.read_shown(page, language)
        monkeypatch.setenv("DLSTUDIO_LANG", english)


def test_every_block_is_of_a_language_that_is_run() -> None:
    for page in PAGES:
        for block in blocks(page, "en"):
            assert block.language in READERS, f"{page}.md, line {block.line}"


def test_a_block_that_does_not_run_is_found(tmp_path: Path) -> None:
    reader = Reader(tmp_path, "loss 0.25  accuracy 1\n")
    reader.text(Block("text", "loss 17   accuracy 0.9\n", 1))
    for wrong in ("loss 0.25", "loss of 17  accuracy 0.9"):
        with pytest.raises(AssertionError, match="was not printed"):
            reader.text(Block("text", wrong, 1))
    with pytest.raises(AssertionError):
        reader.shell(Block("shell", f"dlstudio check {tmp_path}/nothing\n", 1))
    with pytest.raises(NameError):
        reader.python(Block("python", "answer\n", 1))
