"""Operations of tensors that Python has a sign for."""

from __future__ import annotations

import re
from collections.abc import Sequence

SIGNS = {
    "keras.ops.add": "+",
    "keras.ops.subtract": "-",
    "keras.ops.multiply": "*",
    "keras.ops.divide": "/",
    "keras.ops.power": "**",
    "keras.ops.matmul": "@",
}
"""Signs, by the kind of the operation."""
SIMPLE = re.compile(r"[\w.]+")
ARRAY = "np.array("


def operator_expression(kind: str, given: Sequence[str]) -> str:
    """`a + b`; "" where the operation has no sign, or not for these operands.

    Args:
        kind: Of the operation.
        given: The expressions of its operands: variables and numbers.
    """
    sign = SIGNS.get(kind)
    if sign is None or len(given) != 2 or any(ARRAY in each for each in given):
        return ""
    left, right = map(_operand, given)
    if sign == "**" and SIMPLE.fullmatch(left) and SIMPLE.fullmatch(right):
        return f"{left}**{right}"  # as formatters write it
    return f"{left} {sign} {right}"


def _operand(text: str) -> str:
    """An operand, in brackets where a sign in it would bind otherwise."""
    return f"({text})" if " " in text or text.startswith("-") else text
