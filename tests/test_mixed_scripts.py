"""Spaces between Chinese and other scripts."""

from __future__ import annotations

import pytest

from dlstudio.mixed_scripts import spaced


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("最佳验证损失", "最佳验证损失"),
        ("最佳AUC", "最佳 AUC"),
        ("5316次乘加", "5316 次乘加"),
        ("1.61 亿次乘加", "1.61 亿次乘加"),
        ("最佳 AUC", "最佳 AUC"),
        ("8 multiply-adds", "8 multiply-adds"),
        ("", ""),
    ],
)
def test_a_space_stands_wherever_scripts_meet(text: str, expected: str) -> None:
    assert spaced(text) == expected
