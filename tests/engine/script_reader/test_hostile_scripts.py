"""Whatever a script says, it is read or refused with a message."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlstudio.catalog.store import Catalog
from dlstudio.engine.script_reader.reader import read_script
from dlstudio.errors import UserError

CATALOG = Catalog.load()
ATOMS = (
    *("x", "y", "f", "model", "layers", "keras", "x.shape", "1", "-1", "2.5", "None"),
    *("'a'", "'%s{}'", "[]", "{}", "()", "...", "1j", "b'b'", "10**9", "range(5)"),
    *("layers.Dense(2)", "layers.LSTM(2, return_state=True)", "keras.Input((4,))"),
    *("keras.Sequential()", "keras.Sequential([layers.Dense(2)])", "lambda *a: a"),
)
TEMPLATES = (
    *("({0} + {1})", "({0} * {1})", "({0} % {1})", "({0} ** {1})", "({0} @ {1})"),
    *("-{0}", "not {0}", "({0})[{1}]", "({0})[{1}:]", "({0})({1})", "f(*{0}, **{1})"),
    *("({0}).shape", "({0}).append({1})", "({0}).add({1})", "({0}).layers"),
    *("({0}).output", "({0}).format({1})", "({0}).get_layer({1})", "({0}).join({1})"),
    *("[{0} for y in {1}]", "{{{0}: {1}}}", "{{{0}: y for y in {1}}}", "[{0}, *{1}]"),
    *("({0} if {1} else {0})", "({0}, {1})", "({0} == {1})", "({0} in {1})"),
    *("layers.Add()([{0}, {1}])", "layers.Dense({0})({1})", "keras.Model({0}, {1})"),
    *("keras.ops.mean({0}, axis={1})", "sum({0})", "zip({0}, {1})", "list({0})"),
    *("layers.Bidirectional({0})({1})", "functools.partial({0}, {1})", "dict({0})"),
)
STATEMENTS = (
    *("x = {0}", "x, y = {0}", "y, *x = {0}", "y += {0}", "y[{0}] = {1}", "{0}"),
    *("x.trainable = {0}", "for y in {0}:\n    x = {1}"),
    *("if {0}:\n    x = {1}", "def f(a, *b, **c):\n    return {0}", "y = f({0})"),
    "class f(layers.Layer):\n    def call(self, y):\n        return {0}",
)
expressions = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.builds(str.format, st.sampled_from(TEMPLATES), inner, inner),
    max_leaves=6,
)
statements = st.builds(
    str.format, st.sampled_from(STATEMENTS), expressions, expressions
)
START = "import functools, keras\nfrom keras import layers\nx = y = keras.Input((4,))\n"
END = "\nmodel = keras.Model(x, layers.Dense(2)(x))\n"


@settings(max_examples=60)
@given(lines=st.lists(statements, min_size=1, max_size=6))
def test_any_script_is_read_or_refused(lines: list[str]) -> None:
    try:
        read_script(START + "\n".join(lines) + END, CATALOG)
    except UserError as error:
        assert error.message


@pytest.mark.parametrize(
    "line",
    [
        "y = {([],): 1}",
        "y = {({},): 1 for n in [1]}",
        "y = {}\ny[([],)] = 1",
        "[] in {([],): 2}",
        "def f(a):\n    f(a)(a)\nf(f)",
        "f = functools.partial(functools.partial, functools.partial)\nf(f)(f)(f)",
        "f = layers.Dense\nfor n in range(900):\n    f = functools.partial(f)\nf(2)",
    ],
)
def test_odd_values_do_not_matter(line: str) -> None:
    assert read_script(START + line + END, CATALOG).model.inputs
