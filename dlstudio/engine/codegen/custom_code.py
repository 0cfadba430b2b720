"""What a script says of code that is not Keras' own: that of files, and of Lambdas."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from dlstudio.document.custom_code import FOLDER
from dlstudio.engine.codegen.literals import quoted


def import_code(code: Sequence[str]) -> list[str]:
    """The lines that import the code files of a project; none if it has none.

    Args:
        code: Paths within the project.
    """
    if not code:
        return []
    return [
        "",
        "# The code of the project, which defines custom layers: run this beside it.",
        f"sys.path.insert(0, {quoted(FOLDER)})",
        *(f"import {name} as {alias}  # noqa: E402" for name, alias in _modules(code)),
    ]


def names_argument(code: Sequence[str]) -> str:
    """The argument with which Keras finds the classes of the code files; "" for none.

    Args:
        code: Paths within the project.
    """
    found = [alias for _name, alias in _modules(code)]
    if len(found) < 2:
        return "".join(f"custom_objects=vars({each})," for each in found)
    whole = ", ".join(f"**vars({each})" for each in found)
    return f"custom_objects={{{whole}}},"


def _modules(code: Sequence[str]) -> list[tuple[str, str]]:
    """The module of each code file, and a name that Keras' modules do not have."""
    names = [PurePosixPath(each).stem for each in code]
    return [(each, f"custom_{each}") for each in names]


def code_comment(whole: dict[str, Any], layer: str, name: str) -> list[str]:
    """What is to be done before a script can make a Lambda layer; none without one.

    Args:
        whole: The configuration of a layer.
        layer: Variable of the layer.
        name: Of the layer.
    """
    # Needs no Keras, but is beside what does.
    from dlstudio.engine.custom_code.lambda_code import lambdas_in

    if not any(lambdas_in(whole)):
        return []
    rows = [
        "# The function of a Lambda layer is bytecode here; its source is unknown.",
        "# Keras runs it only with safe_mode=False, and only in the version of Python",
        "# that made it. If you have the source, write it instead:",
    ]
    if whole["class_name"] == "Lambda":
        rows.append(
            f"#     {layer} = layers.Lambda(lambda x: ..., name={quoted(name)})"
        )
    else:
        rows.append("#     layers.Lambda(lambda x: ...)")
    return rows
