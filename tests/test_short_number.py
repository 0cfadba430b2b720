"""Human-readable large numbers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dlstudio.i18n import translator
from dlstudio.short_number import short_number


@pytest.fixture(autouse=True)
def _in_english_again() -> Iterator[None]:
    yield
    translator.use("en")


@pytest.mark.parametrize(
    ("number", "english", "chinese"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1000, "1 k", "1000"),
        (8_100_000, "8.1 M", "810 万"),
        (161_000_000, "161 M", "1.61 亿"),
        (2.5e12, "2.5 T", "2.5 万亿"),
    ],
)
def test_units_are_those_of_the_language(
    number: float, english: str, chinese: str
) -> None:
    assert short_number(number) == english
    translator.use("zh_CN")
    assert short_number(number) == chinese
