"""Parsing and formatting numbers as typed and shown in fields, with one grammar.

The decimal separator is a point or a comma, digits may be grouped by threes, and
full-width characters of Chinese input methods (０．００１, ，) are accepted:

    0.001  0,001  ０．００１  1,5e-3        decimals
    1234,5  1.234,5  1,234.5  1 234,5      the last separator is the decimal one
    1,234,567  1 000  1_000                groups
    1,000                                  refused: 1000 or 1.000?
    1.000                                  1.0, but refused where a whole number is due

Lists are separated by a comma and a space, or by semicolons. Between whole numbers a
comma alone is sufficient.
"""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal

from dlstudio.errors import UserError
from dlstudio.i18n import _

UNKNOWN = ("?", "none", "null", "无")
LARGEST = 308
"""Largest exponent of ten that is accepted."""

_SIGNS = str.maketrans({"−": "-", "。": ".", "、": ",", "’": "'", "；": ";", "×": ","})
_NUMBER = re.compile(r"([+-]?)([\d.,' _]*\d[\d.,' _]*)(?:[eE]([+-]?\d{1,6}))?", re.A)
_DIGITS = re.compile(r"\d+", re.A)
_GROUPS = {mark: re.compile(rf"\d{{1,3}}(?:{mark}\d{{3}})+", re.A) for mark in " '_"}
_GROUPS |= {mark: re.compile(rf"\d{{1,3}}(?:\{mark}\d{{3}})+", re.A) for mark in ".,"}
_UNCLEAR = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.A)
_ONE_OR_TWO = re.compile(r"[+-]?\d+,\d+", re.A)


def number_text(value: float) -> str:
    """The shortest text that parses to exactly this number: "0.001", "3"."""
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def plain_characters(text: str) -> str:
    """Full-width digits and signs as ASCII, without surrounding spaces."""
    return unicodedata.normalize("NFKC", text.translate(_SIGNS)).strip()


def read_number(text: str) -> float:
    """Parse a finite number; fractions such as 1/255 are accepted.

    Raises:
        UserError: The text is not a number, or is ambiguous.
    """
    above, slash, below = plain_characters(text).partition("/")
    items = [
        _decimal(item, text, ",") for item in ((above, below) if slash else [above])
    ]
    try:
        value = float(items[0]) / float(items[1]) if slash else float(items[0])
    except (ZeroDivisionError, OverflowError):
        value = math.inf
    if not math.isfinite(value):
        raise _no_number(text)
    return value


def read_whole(text: str) -> int:
    """Parse a whole number.

    Raises:
        UserError: The text is not a whole number, or is ambiguous.
    """
    value = _decimal(plain_characters(text), text, ",.")
    if value.adjusted() > LARGEST:
        raise _no_number(text)
    check_whole(value, text)
    return int(value)


def check_whole(value: Decimal | float, text: str = "") -> None:
    """Convert a number without a fraction to int.

    Raises:
        UserError: The number has a fraction.
    """
    if not math.isfinite(value):
        raise _no_number(text.strip() or str(value))
    below = math.floor(value)
    if below != value:
        raise UserError(
            _("“{text}” is not a whole number. Enter {below} or {above}.").format(
                text=text.strip() or value, below=below, above=below + 1
            )
        )


def read_numbers(
    text: str, whole: bool, one: bool = True
) -> tuple[int | float | None, ...]:
    """Parse a list of numbers such as "28, 28, 1"; "?" is an unknown one.

    Args:
        whole: Whether all must be whole numbers.
        one: Whether a single number is accepted too, which makes 0,2 ambiguous.

    Raises:
        UserError: The text is not such a list.
    """
    items = _split_list(plain_characters(text), whole, one)
    return tuple(
        None
        if item.strip().lower() in UNKNOWN
        else (read_whole if whole else read_number)(item)
        for item in items
    )


def _split_list(plain: str, whole: bool, one: bool) -> list[str]:
    if ";" in plain:
        return plain.split(";")
    if whole or "," not in plain:
        return plain.removesuffix(",").split(",")
    if re.search(r",\s", plain):
        return re.split(r",\s+", plain.removesuffix(","))
    first, _comma, second = plain.partition(",")
    if one and _ONE_OR_TWO.fullmatch(plain):
        raise UserError(
            _(
                "“{text}” can mean {number}, or {first} and {second}. Enter "
                "“{number}”, or “{first}, {second}” with a space."
            ).format(text=plain, number=f"{first}.{second}", first=first, second=second)
        )
    return plain.removesuffix(",").split(",")


def _decimal(plain: str, typed: str, unclear: str) -> Decimal:
    """Parse one number; `unclear` are the marks that could also group thousands."""
    found = _NUMBER.fullmatch(plain.strip())
    if found is None:
        raise _no_number(typed)
    sign, body, exponent = found.groups()
    body = body.strip()
    if _UNCLEAR.fullmatch(body) and any(mark in unclear for mark in body):
        raise _two_numbers(typed, sign, body)
    whole, fraction = _halves(body)
    if not (whole or fraction) or (fraction and not _DIGITS.fullmatch(fraction)):
        raise _no_number(typed)
    digits = _ungrouped(whole) if whole else "0"
    if digits is None:
        raise _no_number(typed)
    return Decimal(f"{sign}{digits}.{fraction or 0}e{exponent or 0}")


def _halves(body: str) -> tuple[str, str]:
    """The texts before and after the decimal separator."""
    last = max(body.rfind("."), body.rfind(","))
    if last < 0 or body.count(body[last]) > 1:
        return body, ""
    return body[:last], body[last + 1 :]


def _ungrouped(whole: str) -> str | None:
    """The digits of a whole number; None if they are not grouped by threes."""
    if _DIGITS.fullmatch(whole):
        return whole
    for mark, pattern in _GROUPS.items():
        if pattern.fullmatch(whole):
            return whole.replace(mark, "")
    return None


def _no_number(text: str) -> UserError:
    return UserError(_("“{text}” is not a number.").format(text=text.strip()))


def _two_numbers(text: str, sign: str, body: str) -> UserError:
    mark = next(mark for mark in body if mark in ".,")
    words = (
        _("“{text}” can mean {large} or {small}. Enter it without “{mark}”.")
        if mark == ","
        else _("“{text}” is ambiguous here. If you mean {large}, omit “{mark}”.")
    )
    large, small = sign + body.replace(mark, ""), sign + body.replace(mark, ".")
    return UserError(
        words.format(text=text.strip(), large=large, small=small, mark=mark)
    )
