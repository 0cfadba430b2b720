"""Search for nodes by name, kind, shape and number of parameters. Independent of Qt.

Every word of a query must match: part of the name or of the card's text (`conv`), a
size (`64`), part of a shape (`26×26`, `(None, 32`) or a limit on the number of
parameters (`>1M`, `<=10k`).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from dlstudio.document.analysis import NodeReport
from dlstudio.ui.name_search import fold

_LIMIT = re.compile(r"(>=|<=|≥|≤|>|<|=)\s*([\d.,]+)\s*([kmbg万亿]?)(?!\w)")
_SHAPE = re.compile(r"\([^()]*\)?")
_UNITS = {
    "": 1,
    "k": 10**3,
    "m": 10**6,
    "b": 10**9,
    "g": 10**9,
    "万": 10**4,
    "亿": 10**8,
}
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "≥": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "≤": operator.le,
    "=": operator.eq,
}


@dataclass(frozen=True, slots=True)
class NodeText:
    """What can be searched for in a node.

    Attributes:
        text: Name, kind and main parameters, as on the card.
        report: Its shapes and number of parameters; None while unknown.
    """

    text: str
    report: NodeReport | None = None

    @property
    def sizes(self) -> frozenset[str]:
        """Every size in its output shapes."""
        outputs = self.report.outputs if self.report else ()
        return frozenset(str(size) for each in outputs for size in each.shape if size)

    @property
    def shapes(self) -> tuple[str, ...]:
        """Its output shapes as Keras writes them and as on the edges, folded."""
        outputs = self.report.outputs if self.report else ()
        keras = [_keras_shape(each.shape) for each in outputs]
        return (*keras, *(str(each) for each in outputs))


@dataclass(frozen=True, slots=True)
class NodeQuery:
    """A parsed query.

    Attributes:
        words: Folded words of which each must match.
        shapes: Parts of shapes in parentheses, without spaces.
        limits: Comparisons with the number of parameters.
    """

    words: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    limits: tuple[tuple[str, float], ...] = ()

    @classmethod
    def parse(cls, text: str) -> NodeQuery:
        """Parse what was typed; anything is valid."""
        left = fold(text)
        limits = tuple(_limit(each) for each in _LIMIT.finditer(left))
        left = _LIMIT.sub(" ", left)
        shapes = tuple(_plain_shape(each) for each in _SHAPE.findall(left))
        return cls(tuple(_SHAPE.sub(" ", left).split()), shapes, limits)

    def __bool__(self) -> bool:
        return bool(self.words or self.shapes or self.limits)

    def matches(self, node: NodeText) -> bool:
        """Whether a node matches all of the query; an empty query matches none."""
        if not self:
            return False
        text = fold(node.text)
        return (
            all(_has_word(word, text, node) for word in self.words)
            and all(any(s in shape for shape in node.shapes) for s in self.shapes)
            and all(_within(node.report, *limit) for limit in self.limits)
        )


def _limit(found: re.Match[str]) -> tuple[str, float]:
    digits = found[2].replace(",", "").rstrip(".")
    number = float(digits) if digits.count(".") <= 1 and digits else 0.0
    return found[1], number * _UNITS[found[3]]


def _within(report: NodeReport | None, sign: str, number: float) -> bool:
    return report is not None and _COMPARE[sign](report.parameters, number)


def _has_word(word: str, text: str, node: NodeText) -> bool:
    if word in text or word in node.sizes:
        return True
    times = re.sub(r"(?<=\d)[x*](?=\d)", "×", word)
    if "×" in times and any(times in shape for shape in node.shapes):
        return True
    count = node.report.parameters if node.report else 0
    return bool(count) and word.replace(",", "") == str(count)


def _keras_shape(shape: tuple[int | None, ...]) -> str:
    sizes = ["none" if size is None else str(size) for size in shape]
    return f"({','.join(['none', *sizes])})"


def _plain_shape(text: str) -> str:
    plain = re.sub(r"\s", "", text)
    return re.sub(r"\(batch\b", "(none", plain)
