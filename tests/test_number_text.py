"""Parsing typed numbers: every notation, and no wrong guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.errors import UserError
from dlstudio.number_text import number_text, read_number, read_numbers, read_whole

FINITE = st.floats(allow_nan=False, allow_infinity=False)
WIDE = str.maketrans("0123456789.,+-e/", "０１２３４５６７８９．，＋－ｅ／")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.001", 0.001),
        ("0,001", 0.001),
        ("０．００１", 0.001),
        ("０，００１", 0.001),
        ("0。5", 0.5),
        ("−2,5", -2.5),
        ("+,5", 0.5),
        ("5,", 5.0),
        ("1,5e-3", 0.0015),
        ("1.000", 1.0),
        ("1234,567", 1234.567),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1 234,567", 1234.567),
        ("1\N{NARROW NO-BREAK SPACE}234,5", 1234.5),
        ("1'234.5", 1234.5),
        ("1,234,567", 1234567.0),
        ("1.234.567", 1234567.0),
        ("1_000", 1000.0),
        ("1/255", 1 / 255),
        ("0,5/2", 0.25),
    ],
)
def test_what_is_one_number_is_read(text: str, value: float) -> None:
    assert read_number(text) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    "text",
    [
        *("", "two", "1,2,3", "1.2.3", "1,23,456", "12,34.5", "1.5,5,5", "nan", "inf"),
        *("1e999", "1/0", "0x10", "True", "1-2", "--1", ".", ",", "e5", "1 00", "1_0"),
        *("1e9999999", "[1]", "1/2/3"),
    ],
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="not a number"):
        read_number(text)


@pytest.mark.parametrize("text", ["1,000", "12,345", "-999,000", "１，０００"])
def test_what_can_be_two_numbers_is_refused_with_both(text: str) -> None:
    for read in (read_number, read_whole):
        with pytest.raises(UserError, match=r"can mean -?\d+ or -?\d+\.\d+"):
            read(text)


def test_a_point_that_may_group_is_refused_only_for_whole_numbers() -> None:
    assert read_number("1.500") == 1.5
    with pytest.raises(UserError, match="If you mean 1500"):
        read_whole("1.500")


@pytest.mark.parametrize("text", ["2.5", "2,5", "２．５", "25e-1", "5/2", "0,001"])
def test_whole_numbers_have_no_fraction(text: str) -> None:
    with pytest.raises(UserError, match="not a"):
        read_whole(text)


def test_the_whole_numbers_beside_are_proposed() -> None:
    with pytest.raises(UserError, match="Enter 2 or 3"):
        read_whole("2,5")
    with pytest.raises(UserError, match="Enter -3 or -2"):
        read_whole("-2,5")


@pytest.mark.parametrize(
    ("text", "value"),
    [("3.0", 3), ("1e3", 1000), ("1 024", 1024), ("１２", 12), ("1,234,567", 1234567)],
)
def test_whole_numbers_are_read(text: str, value: int) -> None:
    assert read_whole(text) == value


def test_endless_numbers_are_refused_at_once() -> None:
    for text in ("1e999999", "9" * 5000):
        with pytest.raises(UserError):
            read_whole(text)


@pytest.mark.parametrize(
    ("text", "whole", "values"),
    [
        ("28, 28, 1", True, (28, 28, 1)),
        ("28,28,1", True, (28, 28, 1)),
        ("28×28×1", True, (28, 28, 1)),
        ("28，28", True, (28, 28)),
        ("28、28", True, (28, 28)),
        ("?, 32", True, (None, 32)),
        ("5,", True, (5,)),
        ("0.2, 0.5", False, (0.2, 0.5)),
        ("0,2; 0,5", False, (0.2, 0.5)),
        ("0,2；0,5", False, (0.2, 0.5)),
        ("0,2, 0,5", False, (0.2, 0.5)),
        ("-0.2,0.3", False, (-0.2, 0.3)),
        ("0.2", False, (0.2,)),
    ],
)
def test_lists_are_read(text: str, whole: bool, values: tuple[float | None]) -> None:
    assert read_numbers(text, whole) == values


def test_one_number_or_two_is_ambiguous() -> None:
    with pytest.raises(UserError, match=r"can mean 0\.2, or 0 and 2"):
        read_numbers("0,2", whole=False)
    assert read_numbers("0,2", whole=False, one=False) == (0, 2)


@given(FINITE)
def test_what_is_shown_is_read_as_it_was(value: float) -> None:
    shown = number_text(value)
    assert read_number(shown) == value
    assert read_number(shown.translate(WIDE)) == value


@given(FINITE)
def test_a_comma_reads_as_the_point_or_is_refused(value: float) -> None:
    for shown in (repr(value), number_text(value)):
        try:
            assert read_number(shown.replace(".", ",")) == value
        except UserError as error:
            assert "can mean" in error.message


@given(st.integers(-(10**30), 10**30))
def test_whole_numbers_are_read_as_they_were(value: int) -> None:
    assert read_whole(str(value)) == value
    assert read_whole(str(value).translate(WIDE)) == value
    assert read_whole(f"{value:,}".replace(",", " ")) == value
    try:
        assert read_whole(f"{value:,}") == value
    except UserError:
        assert 1000 <= abs(value) < 10**6


@given(st.text(max_size=12) | st.text("0123456789., '_-+e/", max_size=12))
def test_nothing_but_a_user_error_is_raised(text: str) -> None:
    for read in (read_number, read_whole, lambda t: read_numbers(t, whole=False)):
        try:
            read(text)
        except UserError as error:
            assert error.message
