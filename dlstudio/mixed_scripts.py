"""Spaces between Chinese and other scripts, in texts put together from parts."""

from __future__ import annotations

import re

_CHINESE, _OTHER = r"\u3400-\u9fff", r"A-Za-z0-9"
_BORDER = re.compile(
    rf"(?<=[{_CHINESE}])(?=[{_OTHER}])|(?<=[{_OTHER}])(?=[{_CHINESE}])"
)


def spaced(text: str) -> str:
    """A text with a space wherever Chinese meets a letter or a digit.

    What is put into a Chinese text may be Chinese itself, or not: "最佳验证损失" and
    "最佳 AUC", "1.61 亿次乘加" and "5316 次乘加".
    """
    return _BORDER.sub(" ", text)
