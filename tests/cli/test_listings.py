"""Output of the catalog's commands, as text and as JSON."""

from __future__ import annotations

import pytest

from dlstudio.catalog.store import Catalog
from tests.cli.conftest import Run


def test_layers_as_json_are_all_layers(run: Run) -> None:
    found = run("layers", "--json").json
    layers = Catalog.load().family("layers")
    assert [each["kind"] for each in found] == [each.kind for each in layers]
    conv = next(each for each in found if each["kind"] == "keras.layers.Conv2D")
    assert {"kind", "category", "summary", "params"} <= set(conv)
    filters = next(p for p in conv["params"] if p["name"] == "filters")
    assert filters["required"] and filters["type"] == "int" and filters["minimum"] == 1
    assert "default" not in filters


@pytest.mark.parametrize("family", ["templates", "sources", "formats"])
def test_other_families_are_listed_by_name_and_summary(run: Run, family: str) -> None:
    found = run(family, "--json").json
    text = run(family).out
    assert [each["name"] for each in found] == [
        each.name for each in Catalog.load().family(family)
    ]
    for each in found:
        assert each["name"] in text and each["summary"] in text


def test_a_list_in_a_pipe_is_plain_text_with_whole_sentences(run: Run) -> None:
    out = run("layers").out
    assert "\x1b" not in out and "─" not in out
    longest = max((each["summary"] for each in run("layers", "--json").json), key=len)
    assert longest in out
