"""Numbers as people write them in tables, a whole column at a time.

1234.5  -1e-3  .5          as programs write them
1,234.5  1'234.5  1 234.5  12,34,567.8   thousands grouped
1234,5  1.234,5            where the column has its decimals behind a comma
€ 12  12 €  12 %  12 kg    with a unit, the same in all cells; 12 % is 12
(12)                       minus, as in accounts
１２．５  ١٢٫٥  −5            digits and signs of other scripts
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from dlstudio.data.features.cell_text import plain_characters
from dlstudio.data.features.short_texts import has_digit

_CURRENCY = (
    r"\p{Sc}|US\$|R\$|Rs\.?|kr\.?|Fr\.?|USD|EUR|GBP|JPY|CNY|RMB|CHF|INR|CAD|AUD|HKD|"
    r"SEK|NOK|DKK|KRW|BRL"
)
_UNIT = r"[%\p{L}\p{Sc}‰°][%\p{L}\p{Sc}‰°²³/.·^*-]{0,11}[23]?"
_EXPONENT = r"(?:[eE][+-]?\d{1,3})?"
_OF_COMMA = (
    r"\d\.\d{3},\d|(?:^|[^\d.,])(?:0|\d{4,}),\d|"
    rf"(?:^|[^\d.,])\d*,(?:\d{{1,2}}|\d{{4,}}){_EXPONENT}(?:$|[^\d.,])"
)
_OF_POINT = (
    r"\d,\d{3}\.\d|(?:^|[^\d.,])(?:0|\d{4,})\.\d|"
    rf"(?:^|[^\d.,])\d*\.(?:\d{{1,2}}|\d{{4,}}){_EXPONENT}(?:$|[^\d.,])"
)

SAMPLE = 1000
"""Cells that say which unit is the usual one."""


@dataclass(frozen=True, slots=True)
class NumberForm:
    """How a column writes its numbers.

    Attributes:
        decimal: "point" or "comma"; "auto" to see from the cells.
        unit: What may stand before or behind a number, such as "€" or "kg"; "" for
            the most frequent.
    """

    decimal: str = "auto"
    unit: str = ""


def read_numbers(texts: pl.Series, form: NumberForm) -> pl.Series:
    """Each text as a number, Float64 (n,); null where it is none.

    Args:
        texts: Without spaces around, null where there is nothing.
        form: How they are written.
    """
    plain: pl.Series = texts.cast(pl.Float64, strict=False)
    if form.decimal != "comma" and plain.null_count() == texts.null_count():
        return plain
    if not has_digit(texts):
        return plain
    others = plain.is_null() & texts.is_not_null()
    texts = plain_characters(texts)
    if form.decimal == "comma" or (
        form.decimal == "auto" and decimal_mark(texts) == "comma"
    ):
        return _written(texts, "comma", form.unit)
    if form.decimal == "auto" or others.any():
        written = _written(texts.filter(others), "point", form.unit)
        return plain.scatter(others.arg_true(), written)
    return plain


def number_form(texts: pl.Series) -> NumberForm:
    """How a whole column writes its numbers; for its single cells later."""
    plain = texts.cast(pl.Float64, strict=False)
    if plain.null_count() == texts.null_count():
        return NumberForm("point")
    others = texts.filter(texts.is_not_null() & plain.is_null())
    mark = decimal_mark(plain_characters(texts))
    parts = _parts(plain_characters(_some(others)), mark)
    return NumberForm(mark, _usual_unit(parts))


def decimal_mark(texts: pl.Series) -> str:
    """ "comma" where more cells can only be read with it than with a point."""
    commas = texts.str.contains(_OF_COMMA).sum()
    if not commas:
        return "point"
    return "comma" if commas > texts.str.contains(_OF_POINT).sum() else "point"


def _some(texts: pl.Series) -> pl.Series:
    return texts.drop_nulls().gather_every(max(1, len(texts) // SAMPLE))


def _pattern(decimal: str) -> str:
    point, group = (r"\.", ",") if decimal == "point" else (",", r"\.")
    whole = (
        rf"\d{{1,3}}(?:{group}\d{{2,3}})*{group}\d{{3}}|\d{{1,3}}(?:[ '_]\d{{3}})+|\d+"
    )
    number = rf"(?:(?:{whole})(?:{point}\d*)?|{point}\d+){_EXPONENT}"
    return (
        rf"^(?P<sign>[+-]|\()? ?(?:(?P<before>{_CURRENCY}) ?(?P<minus>-?))?"
        rf"(?P<number>{number}) ?(?P<behind>{_UNIT})?\)?$"
    )


def _parts(texts: pl.Series, decimal: str) -> pl.DataFrame:
    """Sign, unit and digits of each text; null where it is no number."""
    return texts.str.extract_groups(_pattern(decimal)).struct.unnest()


def _units(parts: pl.DataFrame) -> pl.Series:
    """The unit of each number, "" where it has none."""
    before, behind = parts["before"].fill_null(""), parts["behind"].fill_null("")
    return _plain_units(before + behind)


def _usual_unit(parts: pl.DataFrame) -> str:
    if parts["number"].null_count() == len(parts):
        return ""
    units = _units(parts.filter(pl.col("number").is_not_null()))
    counts = units.filter(units != "").value_counts(name="count")
    if not len(counts):
        return ""
    name = units.name
    return str(counts.sort(["count", name], descending=[True, False])[name][0])


def _written(texts: pl.Series, decimal: str, unit: str) -> pl.Series:
    """Numbers with units and grouped digits: the usual cells fast, then all others."""
    point, group = (".", ",") if decimal == "point" else (",", ".")
    unit = unit or _usual_unit(_parts(_some(texts), decimal))
    bare = texts.str.strip_suffix(unit).str.strip_prefix(unit).str.strip_chars()
    if bare.str.contains(group, literal=True).any():
        grouped = bare.str.contains(rf"^-?\d{{1,3}}(\{group}\d{{3}})+(\{point}\d*)?$")
        plain = ~bare.str.contains(group, literal=True)
        bare = bare.str.replace_all(group, "", literal=True).set(
            ~(grouped | plain).fill_null(False), None
        )
    if decimal == "comma":
        bare = bare.str.replace(",", ".", literal=True)
    numbers: pl.Series = bare.cast(pl.Float64, strict=False)
    others = numbers.is_null() & texts.is_not_null()
    if not others.any():
        return numbers
    slow = _taken_apart(texts.filter(others), decimal, unit)
    return numbers.scatter(others.arg_true(), slow)


def _taken_apart(texts: pl.Series, decimal: str, unit: str) -> pl.Series:
    parts = _parts(texts, decimal)
    digits = parts["number"]
    if digits.null_count() == len(digits):  # none of them is a number
        return pl.Series(digits.name, [None] * len(digits), pl.Float64)
    unit = unit or _usual_unit(parts)
    if decimal == "comma":
        digits = digits.str.replace_all(r"[. '_]", "").str.replace(",", ".")
    else:
        digits = digits.str.replace_all(r"[, '_]", "")
    numbers: pl.Series = digits.cast(pl.Float64, strict=False)
    negative = parts["sign"].is_in(["-", "("]) | (parts["minus"] == "-")
    numbers = numbers.zip_with(~negative.fill_null(False), -numbers)
    wrong = ~_units(parts).is_in(["", *_plain_units(pl.Series([unit.strip()]))])
    return numbers.set(wrong, None) if wrong.any() else numbers


def _plain_units(units: pl.Series) -> pl.Series:
    """Without their plural and in lower case."""
    return units.str.to_lowercase().str.replace(r"([a-z]{3,})s$", "$1")
