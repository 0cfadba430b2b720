"""Programs of SavedModels that do more than compute are refused before they run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from dlstudio.engine.model.saved_model_files import copy_saved_model, saved_model_files
from dlstudio.engine.model.saved_model_program import open_program
from dlstudio.errors import UserError

SPEC = tf.TensorSpec((None, 2), tf.float32, name="x")


def saved(folder: Path, function: Callable, **kept: object) -> Path:
    """A SavedModel with a function of numbers as its signature."""
    module = tf.Module()
    for name, value in kept.items():
        setattr(module, name, value)
    made = tf.function(function, input_signature=[SPEC], autograph=False)
    tf.saved_model.save(module, str(folder), signatures=made)
    return folder


def edited(folder: Path, edit: Callable) -> Path:
    """The same SavedModel with another program."""
    path = folder / "saved_model.pb"
    whole = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    edit(whole.meta_graphs[0])
    path.write_bytes(whole.SerializeToString())
    return folder


@pytest.fixture
def honest(tmp_path: Path) -> Path:
    weight = tf.Variable([[1.0], [2.0]])
    return saved(tmp_path / "honest", lambda x: tf.matmul(x, weight), w=weight)


def python(x: object) -> object:
    raise AssertionError("was run")


def reading(trap: Path) -> object:
    return tf.strings.length(tf.io.read_file(str(trap)))


def writing(trap: Path) -> object:
    with tf.control_dependencies([tf.io.write_file(str(trap), "caught")]):
        return tf.constant(1)


HOSTILE = {
    "ReadFile": reading,
    "WriteFile": writing,
    "MatchingFiles": lambda trap: tf.size(tf.io.matching_files(f"{trap}*")),
    "PrintV2": lambda trap: tf.print("caught", output_stream=f"file://{trap}"),
    "EagerPyFunc": lambda trap: tf.py_function(python, [1], tf.int32),
    "PyFunc": lambda trap: tf.numpy_function(python, [1], tf.int32),
    "DebugIdentityV2": lambda trap: tf.raw_ops.DebugIdentityV2(
        input=1, debug_urls=[f"file://{trap.parent}"]
    ),
    "TextLineDataset": lambda trap: tf.raw_ops.TextLineDataset(
        filenames=str(trap), compression_type="", buffer_size=0
    ),
    "RestoreV2": lambda trap: tf.raw_ops.RestoreV2(
        prefix=str(trap), tensor_names=["a"], shape_and_slices=[""], dtypes=[tf.int32]
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("place", ["body", "nested"])
def test_operations_that_do_more_are_refused_by_name(
    name: str, place: str, tmp_path: Path
) -> None:
    trap = tmp_path / "trap"

    def body(x: object) -> object:
        made = HOSTILE[name](trap)
        again = [made] if isinstance(made, (tf.Tensor, tf.Operation)) else []
        with tf.control_dependencies(again):
            return tf.identity(x)

    def nested(x: object) -> object:
        inner = tf.function(body, autograph=False)
        return tf.while_loop(lambda x: True, lambda x: (inner(x),), (x,))[0]

    folder = saved(tmp_path / "s", body if place == "body" else nested)
    with pytest.raises(UserError, match=rf"operation {name},"):
        open_program(folder)
    assert not trap.exists()


def test_operations_of_other_packages_are_refused(honest: Path) -> None:
    def edit(program: object) -> None:
        for function in program.graph_def.library.function:
            for node in function.node_def:
                if node.op == "MatMul":
                    node.op = "Addons>Spawn"

    with pytest.raises(UserError, match="Addons>Spawn"):
        open_program(edited(honest, edit))


def test_a_function_cannot_be_called_like_an_operation(honest: Path) -> None:
    def edit(program: object) -> None:
        added = program.graph_def.library.function.add()
        added.CopyFrom(program.graph_def.library.function[0])
        added.signature.name = "ReadFile"

    with pytest.raises(UserError, match="operation ReadFile,"):
        open_program(edited(honest, edit))


def test_calls_of_operations_as_functions_are_refused(honest: Path) -> None:
    def edit(program: object) -> None:
        for node in program.graph_def.node:
            if node.op == "StatefulPartitionedCall":
                node.attr["f"].func.name = "WriteFile"

    with pytest.raises(UserError, match="operation WriteFile,"):
        open_program(edited(honest, edit))


def test_functions_that_call_themselves_are_refused(honest: Path) -> None:
    def edit(program: object) -> None:
        library = program.graph_def.library.function
        (inner,) = (
            each
            for each in library
            if any(node.op == "MatMul" for node in each.node_def)
        )
        inner.node_def.add(name="again", op=inner.signature.name)

    with pytest.raises(UserError, match="may never end"):
        open_program(edited(honest, edit))


def test_a_table_of_a_file_is_refused(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("a\nb\n")
    table = tf.lookup.StaticVocabularyTable(
        tf.lookup.TextFileInitializer(
            str(words),
            tf.string,
            tf.lookup.TextFileIndex.WHOLE_LINE,
            tf.int64,
            tf.lookup.TextFileIndex.LINE_NUMBER,
        ),
        1,
    )
    folder = saved(
        tmp_path / "s", lambda x: table.lookup(tf.strings.as_string(x)), t=table
    )
    with pytest.raises(UserError, match="InitializeTableFromTextFileV2"):
        open_program(folder)


@pytest.mark.parametrize("name", ["../../secret", "/etc/passwd", "C:\\secret"])
def test_assets_stay_in_their_folder(name: str, honest: Path) -> None:
    def edit(program: object) -> None:
        program.asset_file_def.add().filename = name

    with pytest.raises(UserError, match="outside its folder"):
        open_program(edited(honest, edit))


def test_constants_that_fill_the_memory_are_refused(honest: Path) -> None:
    def edit(program: object) -> None:
        node = program.graph_def.node.add()
        node.name, node.op = "huge", "Const"
        tensor = node.attr["value"].tensor
        tensor.dtype = 1
        tensor.tensor_shape.dim.add().size = 2**40
        tensor.float_val.append(1)

    with pytest.raises(UserError, match="too large"):
        open_program(edited(honest, edit))


def test_links_and_other_files_are_refused_or_left_out(
    honest: Path, tmp_path: Path
) -> None:
    (honest / "notes.txt").write_text("not of the SavedModel")
    assert "notes.txt" not in saved_model_files(honest)
    copy_saved_model(honest, tmp_path / "p" / "copy", tmp_path / "p")
    assert not (tmp_path / "p" / "copy" / "notes.txt").exists()
    assert open_program(tmp_path / "p" / "copy").digest == open_program(honest).digest
    (honest / "saved_model.cpb").write_bytes(b"")
    with pytest.raises(UserError, match="has no saved model"):
        saved_model_files(honest)
    (honest / "saved_model.cpb").unlink()
    (honest / "assets" / "secret").symlink_to("/etc/passwd")
    with pytest.raises(UserError, match="not a regular file"):
        saved_model_files(honest)


def test_files_that_have_changed_are_refused(honest: Path) -> None:
    digest = open_program(honest).digest
    with (honest / "saved_model.pb").open("ab") as stream:
        stream.write(b"\x92\x03\x00")  # a field that nobody knows
    with pytest.raises(UserError, match="have changed"):
        open_program(honest, digest)


@pytest.mark.parametrize("kind", ["cut", "old"])
def test_programs_that_cannot_be_read(kind: str, honest: Path) -> None:
    path = honest / "saved_model.pb"
    if kind == "cut":
        path.write_bytes(path.read_bytes()[:-7])
    else:
        edited(honest, lambda program: program.ClearField("object_graph_def"))
    message = "is damaged" if kind == "cut" else "form of TensorFlow 1"
    with pytest.raises(UserError, match=message):
        open_program(honest)


def test_what_only_computes_is_loaded_once(honest: Path) -> None:
    program = open_program(honest)
    assert open_program(honest) is program
    (result,) = program.function(program.signature)(
        x=tf.constant([[3.0, 4.0]])
    ).values()
    np.testing.assert_allclose(result, [[11.0]])
