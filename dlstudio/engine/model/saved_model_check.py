"""Whether the program of a SavedModel only computes; it is read here, never run.

What TensorFlow runs when it opens a SavedModel, and when it is called, are functions:
those of its objects and signatures, and the ones that these call. Each operation of
them has to be one that computes. The rest, with which a SavedModel saves and restores
itself, is never run, and may have the operations for that besides.
"""

from __future__ import annotations

import graphlib
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from tensorflow.python.framework import dtypes, op_def_registry

from dlstudio.engine.model.allowed_operations import ALLOWED, KEPT_ASIDE
from dlstudio.engine.model.saved_model_files import GRAPH, saved_model_files
from dlstudio.engine.model.saved_model_schema import (
    AttrValue,
    MetaGraph,
    NodeDef,
    ShapeProto,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import read_regular
from dlstudio.paths import user_errors

LARGEST = 256 * 2**20
"""Of the file with the program, in bytes."""
LARGEST_TENSOR = 2**30
LARGEST_VARIABLES = 16 * 2**30
MOST_OPERATIONS = 500_000
LOOPS = frozenset(("StatelessWhile", "While"))
UNREADABLE = ("resource", "variant")
"""Types of constants that refer to something else."""


def read_program(data: bytes) -> MetaGraph:
    """The program of a SavedModel, if it only computes.

    Args:
        data: Content of `saved_model.pb`.

    Raises:
        UserError: It is damaged, written by TensorFlow 1, too large, or has an
            operation that may do more than compute.
    """
    from tensorflow.core.protobuf import saved_model_pb2

    try:
        whole = saved_model_pb2.SavedModel.FromString(data)
    except Exception as error:  # of protobuf, which has no types
        raise _damaged() from error
    if not whole.meta_graphs:
        raise _damaged()
    program: MetaGraph = whole.meta_graphs[0]
    if len(whole.meta_graphs) > 1 or not program.object_graph_def.nodes:
        raise UserError(
            _("This SavedModel has the form of TensorFlow 1."),
            _("Open it with TensorFlow 2, and save it with tf.saved_model.save."),
        )
    try:
        _Program(program).check()
    except (TypeError, ValueError, KeyError) as error:
        raise _damaged() from error
    return program


def check_saved_model(folder: Path) -> None:
    """Check the files and the program of a SavedModel.

    Args:
        folder: Of the SavedModel.

    Raises:
        UserError: A file is missing, or not safe to load.
    """
    files = saved_model_files(folder)
    with user_errors(folder, writing=False):
        read_program(read_regular(files[GRAPH], LARGEST))


def _damaged() -> UserError:
    return UserError(
        _("The program of this SavedModel is damaged."), _("Copy the folder again.")
    )


class _Program:
    """A program that is checked.

    Args:
        program: As it was read.
    """

    def __init__(self, program: MetaGraph) -> None:
        self._program = program
        library = program.graph_def.library
        self._library = library
        self._functions = {each.signature.name: each for each in library.function}

    def check(self) -> None:
        """Check everything in it.

        Raises:
            UserError: Something may do more than compute.
        """
        nodes = self._program.graph_def.node
        count = len(nodes) + sum(len(f.node_def) for f in self._functions.values())
        if count > MOST_OPERATIONS:
            raise UserError(_("The program of this SavedModel is too large."))
        for name in self._functions:
            if op_def_registry.get(name) is not None:
                raise refused(name)
        run = self._run()
        for name, function in self._functions.items():
            known = ALLOWED if name in run else ALLOWED | KEPT_ASIDE
            self._check_nodes(function.node_def, known)
        self._check_nodes(nodes, ALLOWED | KEPT_ASIDE)
        for each in self._library.gradient:
            self._check_named((each.function_name, each.gradient_func))
        self._check_assets()
        self._check_variables()

    def _run(self) -> set[str]:
        """Names of the functions that may be run."""
        named = [each.gradient_func for each in self._library.gradient]
        named += self._program.object_graph_def.concrete_functions
        calls = {
            name: {called for node in function.node_def for called in self._in(node)}
            for name, function in self._functions.items()
        }
        try:
            graphlib.TopologicalSorter(calls).prepare()
        except graphlib.CycleError as error:
            raise _endless() from error
        for name in _reached(self._run_when_loaded(), calls):
            for node in self._functions[name].node_def:
                if node.op in LOOPS:
                    raise _endless()
        return _reached(named, calls)

    def _in(self, node: NodeDef) -> Iterator[str]:
        """The functions that an operation calls."""
        if node.op in self._functions:
            yield node.op
        for value in node.attr.values():
            yield from _functions_in(value)

    def _run_when_loaded(self) -> Iterator[str]:
        """Functions that make resources, such as tables; nobody can stop them."""
        objects = self._program.object_graph_def.nodes
        for each in objects:
            if each.WhichOneof("kind") != "resource":
                continue
            for child in each.children:
                found = objects[child.node_id]
                yield from found.function.concrete_functions
                if found.bare_concrete_function.concrete_function_name:
                    yield found.bare_concrete_function.concrete_function_name

    def _check_nodes(self, nodes: Iterable[NodeDef], known: frozenset[str]) -> None:
        for node in nodes:
            if node.op not in known and node.op not in self._functions:
                raise refused(node.op)
            self._check_named(
                name for value in node.attr.values() for name in _functions_in(value)
            )
            for value in node.attr.values():
                _check_tensor(value)

    def _check_named(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self._functions:
                raise refused(name)

    def _check_assets(self) -> None:
        for each in self._program.asset_file_def:
            path = PurePosixPath(each.filename.replace("\\", "/"))
            if path.is_absolute() or ".." in path.parts or ":" in each.filename:
                raise UserError(
                    _(
                        "This SavedModel names a file outside its folder: {path}."
                    ).format(path=each.filename),
                    _("Only use SavedModels from people that you trust."),
                )

    def _check_variables(self) -> None:
        total = 0
        for each in self._program.object_graph_def.nodes:
            if each.WhichOneof("kind") == "variable":
                total += _bytes(each.variable.dtype, each.variable.shape)
        if total > LARGEST_VARIABLES:
            raise UserError(_("The weights of this model are too large."))


def refused(operation: str) -> UserError:
    """That a program has an operation which may do more than compute.

    Args:
        operation: Its name.
    """
    return UserError(
        _(
            "This SavedModel has the operation {name}, which may do more than compute. "
            "It was not loaded."
        ).format(name=operation[:80]),
        _("Export the model without it, where its code is."),
    )


def _endless() -> UserError:
    return UserError(
        _("The program of this SavedModel may never end. It was not loaded."),
        _("Only use SavedModels from people that you trust."),
    )


def _reached(names: Iterable[str], calls: Mapping[str, set[str]]) -> set[str]:
    """Functions and all that they call.

    Args:
        names: Of the functions.
        calls: What each function calls.
    """
    waiting, found = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            if name not in calls:
                raise refused(name)
            found.add(name)
            waiting += calls[name]
    return found


def _functions_in(value: AttrValue) -> Iterator[str]:
    """The functions that an argument names, at any depth."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        for named in (each.func, *each.list.func):
            if named.name:
                yield named.name
            waiting += named.attr.values()


def _check_tensor(value: AttrValue) -> None:
    tensors = (value.tensor, *value.list.tensor)
    for each in tensors:
        if not each.dtype:
            continue
        if dtypes.as_dtype(each.dtype).name in UNREADABLE:
            raise refused(f"Const ({dtypes.as_dtype(each.dtype).name})")
        if _bytes(each.dtype, each.tensor_shape) > LARGEST_TENSOR:
            raise UserError(_("The program of this SavedModel is too large."))


def _bytes(dtype: int, shape: ShapeProto) -> int:
    """Bytes of a tensor, as far as its shape is known."""
    sizes = [max(each.size, 1) for each in shape.dim]
    return math.prod(sizes) * max(dtypes.as_dtype(dtype).size or 0, 1)
