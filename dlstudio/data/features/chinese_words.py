"""Puts blanks between the words of Chinese texts, by jieba."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from dlstudio.errors import UserError
from dlstudio.i18n import _

EXTRA = 'pip install "dlstudio[text]"'
_CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")


def with_words(texts: pl.Series) -> pl.Series:
    """Texts whose Chinese words stand between blanks; all else is as it was.

    Args:
        texts: Strings; null where there is none.

    Raises:
        UserError: The library for it is not installed.
    """
    if not texts.str.contains(_CHINESE.pattern).any():
        return texts
    words = _splitter()

    def separate(found: re.Match[str]) -> str:
        return f" {' '.join(words(found.group()))} "

    made = [
        None if text is None else _CHINESE.sub(separate, text)
        for text in texts.to_list()
    ]
    series = pl.Series(texts.name, made, dtype=pl.String)
    return series.str.replace_all(" {2,}", " ").str.strip_chars()


def _splitter() -> Callable[[str], list[str]]:
    """The function that splits Chinese text.

    Raises:
        UserError: The library is not installed.
    """
    try:
        import rjieba
    except ImportError:
        raise UserError(
            _("Chinese words are found by the package rjieba."),
            _("Install it with “{command}”.").format(command=EXTRA),
        ) from None
    cut: Callable[[str], list[str]] = rjieba.cut
    return cut
