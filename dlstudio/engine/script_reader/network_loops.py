"""Loops over the layers of a network that are known by their form, without Keras."""

from __future__ import annotations

import ast

from dlstudio.engine.script_reader.network_layers import FIRST, BackboneLayers


def read_network_loop(node: ast.For, found: BackboneLayers) -> bool:
    """Read a loop that freezes or thaws the layers within a network.

    Args:
        node: The loop.
        found: What it goes over.

    Returns:
        Whether it is known; if not, it has to be read round by round.
    """
    layer = found.backbone
    if layer.inner is not None or not isinstance(node.target, ast.Name):
        return False
    name = node.target.id
    code = ast.unparse(ast.Module(node.body, []))
    first = _first_trained(node, name)
    if first:
        layer.params[FIRST] = first
    elif code == f"{name}.trainable = False":
        layer.frozen = True
    elif code == f"{name}.trainable = True":
        layer.frozen = False
        layer.train_all(True)
    else:
        return all(_is_inference(each, name) for each in node.body)
    return True


def _first_trained(node: ast.For, name: str) -> str:
    """What a loop waits for that freezes the layers before it; "" if it does not."""
    match node.body:
        case [
            ast.If(
                test=ast.Call(
                    func=ast.Attribute(attr="startswith"),
                    args=[ast.Constant(value=str(first))],
                ),
                body=[ast.Break()],
            ),
            ast.Assign() as frozen,
        ] if ast.unparse(frozen) == f"{name}.trainable = False":
            return first
    return ""


def _is_inference(node: ast.stmt, name: str) -> bool:
    """Whether it lets a layer do as in inference, which the node does by itself."""
    if not isinstance(node, ast.If) or node.orelse:
        return False
    test, body = ast.unparse(node.test), ast.unparse(ast.Module(node.body, []))
    if test.startswith(f"hasattr({name}, "):
        return all(isinstance(each, ast.Assign) for each in node.body)
    normalizes = test.startswith(f"isinstance({name}, ")
    normalizes = normalizes and test.endswith("BatchNormalization)")
    return normalizes and body == f"{name}.trainable = False"
