from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.catalog.schema import Param
from dlstudio.document.values import Array, Value
from dlstudio.errors import UserError
from dlstudio.ui.forms.text_conversion import parse, value_text

INT = Param("n", "int")
FLOAT = Param("f", "float")
SHAPE = Param("s", "shape")
LIST = Param("l", "list")


@pytest.mark.parametrize(
    ("param", "text", "value"),
    [
        (INT, " 1 024 ", 1024),
        (INT, "１２８", 128),
        (FLOAT, "0,001", 0.001),
        (FLOAT, "０．００１", 0.001),
        (FLOAT, "1.234,5", 1234.5),
        (FLOAT, "1/255", pytest.approx(1 / 255)),
        (FLOAT, "1e-3", 0.001),
        (FLOAT, "3", 3.0),
        (SHAPE, "28, 28, 1", (28, 28, 1)),
        (SHAPE, "28×28×1", (28, 28, 1)),
        (SHAPE, "?, 32", (None, 32)),
        (SHAPE, "(None, 32)", (None, 32)),
        (SHAPE, "5", (5,)),
        (SHAPE, "28，28", (28, 28)),
        (LIST, "label, other", ("label", "other")),
        (INT, "", None),
        (INT, "none", None),
        (Param("t", "text"), " a b ", "a b"),
        (Param("t", "text", optional=True), "  ", None),
        (Param("r", "range"), "-0.2, 0.3", (-0.2, 0.3)),
        (Param("r", "range"), "0.2", 0.2),
        (Param("r", "range"), "-0,2; 0,3", (-0.2, 0.3)),
        (Param("p", "pair"), "0,1", (0, 1)),
        (Param("s", "size"), "3×3", (3, 3)),
        (Param("a", "array"), "[[1, 2], [3, 4]]", Array(((1, 2), (3, 4)))),
    ],
)
def test_text_becomes_a_value(param: Param, text: str, value: Value) -> None:
    assert parse(param, text) == value


@pytest.mark.parametrize(
    ("param", "text"),
    [
        (INT, "two"),
        (INT, "2.5"),
        (INT, "2,5"),
        (INT, "1,024"),
        (FLOAT, "1,024"),
        (FLOAT, "True"),
        (Param("r", "range"), "0,2"),
        (FLOAT, "1/0"),
        (FLOAT, "nan"),
        (FLOAT, "1e999"),
        (SHAPE, "28 by 28"),
        (SHAPE, "__import__('os').getcwd()"),
        (SHAPE, "(" * 500),
    ],
)
def test_invalid_text_is_reported(param: Param, text: str) -> None:
    with pytest.raises(UserError) as reported:
        parse(param, text)
    assert reported.value.message


@given(st.integers(-(2**53), 2**53))
def test_whole_numbers_survive_the_field(value: int) -> None:
    assert parse(INT, value_text(value)) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_survive_the_field(value: float) -> None:
    assert parse(FLOAT, value_text(value)) == value


@given(st.lists(st.none() | st.integers(0, 999), min_size=1, max_size=5).map(tuple))
def test_shapes_survive_the_field(value: tuple[int | None, ...]) -> None:
    if value == (None,):
        return  # a single unknown size is an empty field
    assert parse(SHAPE, value_text(value)) == value
