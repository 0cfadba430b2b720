"""Classes that our scripts write, each of which is one kind of layer."""

from __future__ import annotations

import ast
from functools import cache
from textwrap import dedent

from dlstudio.engine.codegen.own_layers import SAMPLING_CALL, SAMPLING_END
from dlstudio.engine.codegen.random_tokens_class import random_tokens_rows
from dlstudio.engine.codegen.subword_classes import subword_rows
from dlstudio.engine.model.kinds import BYTE_PAIR, SAMPLING, WORD_PIECE
from dlstudio.engine.script_reader.script_callables import Function, ScriptClass


def written_kind(called: ScriptClass) -> str:
    """The kind of the layer whose class our scripts write so; "" of another class."""
    if _is_sampling(called):
        return SAMPLING
    written = _written_classes().get(called.name)
    if written is None or _class_code(called.node) != written:
        return ""
    return f"dlstudio.layers.{called.name}"


@cache
def _written_classes() -> dict[str, str]:
    """The code of each class of our scripts that is written in one form only."""
    rows = [*subword_rows({WORD_PIECE, BYTE_PAIR}), *random_tokens_rows()]
    return {
        node.name: _class_code(node)
        for node in ast.parse("\n".join(rows)).body
        if isinstance(node, ast.ClassDef) and node.decorator_list
    }


def _class_code(node: ast.ClassDef) -> str:
    """The code of a class without its docstrings."""
    copy = ast.parse(ast.unparse(node))
    for each in ast.walk(copy):
        if isinstance(each, (ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(
            each
        ):
            del each.body[0]
    return ast.dump(copy)


def _is_sampling(called: ScriptClass) -> bool:
    """Whether a class draws as our scripts write it, whatever it adds to the loss."""
    call = called.members.get("call")
    if called.name != "Sampling" or not isinstance(call, Function):
        return False
    assert isinstance(call.node, ast.FunctionDef)
    same = ast.unparse(call.node.args) == ast.unparse(_WRITTEN.args)
    end = call.node.body[-len(_WRITTEN.body) :]
    return same and _code(end) == _code(_WRITTEN.body)


def _code(nodes: list[ast.stmt]) -> str:
    return ast.unparse(ast.Module(nodes, []))


def _written() -> ast.FunctionDef:
    rows = "\n".join((*SAMPLING_CALL, *SAMPLING_END))
    (function,) = ast.parse(dedent(rows)).body
    assert isinstance(function, ast.FunctionDef)
    return function


_WRITTEN = _written()
