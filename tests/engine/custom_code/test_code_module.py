"""Code files as modules: run once, from what was hashed, registered nowhere."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import Any

import keras
import pytest
from custom_code_files import write_code

from dlstudio.cli.error_output import report_unexpected
from dlstudio.engine.custom_code.code_files import CodeFile, chosen_code, read_code
from dlstudio.engine.custom_code.code_module import code_objects
from dlstudio.engine.training.endings import ending_of
from dlstudio.errors import UserError


def code_of(path: Path) -> CodeFile:
    (found,) = chosen_code([path])
    return found


def test_classes_are_found_by_both_names_and_registered_nowhere(tmp_path: Path) -> None:
    before, modules = dict(keras.saving.get_custom_objects()), set(sys.modules)
    file = code_of(write_code(tmp_path / "layers.py"))
    found: Any = code_objects(file)
    assert found["theirs>Squeezer"] is found["Squeezer"]
    assert found["twice"](2) == 4 and "keras" not in found
    assert keras.saving.get_custom_objects() == before
    assert "layers" not in set(sys.modules) - modules
    # Files are written as in the program that defined the class.
    written = keras.saving.serialize_keras_object(found["Squeezer"](name="a"))
    assert written["registered_name"] == "theirs>Squeezer"
    assert written["module"] == "layers"


def test_it_is_run_once_and_never_read_again(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    more = f"with open({str(mark)!r}, 'a') as s: s.write('x')"
    path = write_code(tmp_path / "layers.py", more)
    file = code_of(path)
    assert not mark.exists()
    found: Any = code_objects(file)
    path.write_text("raise AssertionError\n")
    assert code_objects(file) is found and mark.read_text() == "x"
    assert "self.inner(x * self.scale)" in inspect.getsource(found["Squeezer"].call)


def test_our_own_classes_are_not_replaced(tmp_path: Path) -> None:
    from dlstudio.engine.model.word_piece import WordPiece

    path = tmp_path / "layers.py"
    path.write_text(
        "import keras\n"
        "@keras.saving.register_keras_serializable('dlstudio')\n"
        "class WordPiece(keras.layers.Layer):\n    pass\n"
    )
    code_objects(code_of(path))
    assert keras.saving.get_registered_object("dlstudio>WordPiece") is WordPiece


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x = 1\n\nraise ValueError('bad day')\n", "line 3: ValueError: bad day"),
        ("x = 1\ndef f(:\n", "line 2: SyntaxError: "),
        ("import no_such_module_here\n", "line 1: ModuleNotFoundError: No module"),
        ("import sys\nsys.exit(3)\n", "line 2: SystemExit: 3"),
        ("def f():\n    return g\n\nf()\n", "line 2: NameError: name 'g'"),
    ],
)
def test_errors_name_the_line(text: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(text)
    with pytest.raises(UserError) as caught:
        code_objects(code_of(path))
    assert f"layers.py, {sentence}" in caught.value.message


def test_an_error_while_it_is_used_names_the_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "layers.py"
    path.write_text("def f():\n    raise ValueError('bad day')\n")
    function: Any = code_objects(code_of(path))["f"]
    with pytest.raises(ValueError, match="bad day") as caught:
        function()
    shown = "layers.py, line 2: ValueError: bad day"
    assert shown in ending_of(caught.value, lambda: None).message
    assert report_unexpected(caught.value, as_json=False) == 1
    assert capsys.readouterr().err.startswith(f"Error: {shown}")


def test_what_it_prints_is_no_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "layers.py"
    path.write_text("print('hello')\n")
    code_objects(code_of(path))
    assert capsys.readouterr() == ("", "hello\n")


def test_links_and_other_places_are_refused(tmp_path: Path) -> None:
    folder, other = tmp_path / "project", tmp_path / "layers.py"
    (folder / "code").mkdir(parents=True)
    other.write_text("x = 1\n")
    (folder / "code" / "layers.py").symlink_to(other)
    with pytest.raises(UserError, match="link"):
        read_code(folder, "code/layers.py")
    with pytest.raises(UserError, match="not a code file"):
        read_code(folder, "../layers.py")
    (folder / "code" / "layers.py").unlink()
    (folder / "code").rmdir()
    (folder / "code").symlink_to(tmp_path)
    with pytest.raises(UserError, match="link"):
        read_code(folder, "code/layers.py")


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    files = [write_code(each / "layers.py") for each in (tmp_path, tmp_path / "a")]
    with pytest.raises(UserError, match="Two code files"):
        chosen_code(files)
