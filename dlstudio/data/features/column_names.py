"""What the name of a column says about its values."""

from __future__ import annotations

import re

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CODES = _words(
    """
    class type kind group category label target cluster species zone region district
    gender sex status zip zipcode postal postcode plz code weekday variety brand grade
    segment flag genre make model color colour survived
    """
)
POSTCODES = _words("zip zipcode postal postcode plz code")
POSTCODE_ENDINGS = ("code", "编码", "邮编")
CODE_ENDINGS = ("class", "code", "type", "类", "类别", "标签", "编码", "邮编")
QUANTITIES = _words(
    """
    count counts num number n size age rooms bedrooms bathrooms floors rating score
    stars year years amount total quantity qty price children siblings sibsp parch
    dependents income salary days hours minutes weight height length width distance
    """
)
QUANTITY_ENDINGS = ("count", "数", "数量", "年龄", "价格", "评分")
IDENTIFIERS = _words(
    "id ids uuid guid key index idx nr no rownum row unnamed serial hash"
)
IDENTIFIER_ENDINGS = ("编号", "序号", "标识")
TIMES = _words("t x time step day week month year hour minute date timestamp built")
TIME_ENDINGS = ("时间", "日期", "年", "年份", "月", "日")


def name_words(name: str) -> list[str]:
    """The words of a name in lower case: `PassengerId` is "passenger" and "id"."""
    return [word.lower() for word in _WORDS.findall(name)]


def names_code(name: str) -> bool:
    """Whether it sounds as if whole numbers under it were names: `pclass`, `zip`."""
    return _has(name, CODES, CODE_ENDINGS)


def names_postcode(name: str) -> bool:
    """Whether it sounds as if even very different whole numbers were names."""
    return _has(name, POSTCODES, POSTCODE_ENDINGS)


def names_quantity(name: str) -> bool:
    """Whether it sounds as if whole numbers under it were counts or amounts."""
    return _has(name, QUANTITIES, QUANTITY_ENDINGS)


def names_identifier(name: str) -> bool:
    """Whether it sounds as if each row had its own value under it."""
    return not name.strip() or _has(name, IDENTIFIERS, IDENTIFIER_ENDINGS)


def names_time(name: str) -> bool:
    """Whether it sounds like a time: numbers that count up are a quantity then."""
    return _has(name, TIMES, TIME_ENDINGS)


def _has(name: str, known: frozenset[str], endings: tuple[str, ...]) -> bool:
    return any(word in known or word.endswith(endings) for word in name_words(name))
