"""Human-readable numbers and tables, machine-readable values."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.cli.output import Output, duration, plain
from dlstudio.document.values import FrozenMap

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(JSON)
def test_whatever_is_printed_as_json_can_be_read(value: object) -> None:
    text = json.dumps(plain(value), allow_nan=False)
    assert json.loads(text) == plain(value)


def test_json_of_what_is_not_json() -> None:
    value = FrozenMap({"a": (math.nan, np.float32(0.5), np.arange(2), Path("x"))})
    assert plain(value) == {"a": [None, 0.5, [0, 1], "x"]}
    with pytest.raises(TypeError):
        plain(object())


def test_lone_surrogates_of_file_names_can_be_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dlstudio.cli.run import _prepare_streams

    with (tmp_path / "out").open("w", encoding="ascii") as stream:
        monkeypatch.setattr("sys.stdout", stream)
        _prepare_streams()
        Output(as_json=True).json({"input": "\udc80.png", "label": "猫"})
    line = (tmp_path / "out").read_text("utf-8")
    assert json.loads(line) == {"input": "\udc80.png", "label": "猫"}


def test_columns_line_up_for_wide_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Output().table(("Class", "n"), [("猫", "5"), ("dogs", "10")], numbers=(1,))
    assert capsys.readouterr().out.splitlines() == [
        "Class   n",
        "猫      5",
        "dogs   10",
    ]


def test_an_empty_table_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Output().table(("Class", "n"), [])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (59.9, "59.9 s"), (125, "2 min 5 s"), (3840, "1 h 4 min")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text
