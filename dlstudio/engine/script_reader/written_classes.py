"""Classes that our scripts write, each of which is one kind of layer."""

from __future__ import annotations

import ast
from textwrap import dedent

from dlstudio.engine.codegen.own_layers import SAMPLING_CALL, SAMPLING_END
from dlstudio.engine.script_reader.script_values import Function, ScriptClass


def is_sampling(called: ScriptClass) -> bool:
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
