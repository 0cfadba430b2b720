"""Templates for pairs of texts."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from small_pairs import TEXT, pair_context, small_project

from dlstudio.catalog.store import Catalog
from dlstudio.document.column_edits import use_as_target
from dlstudio.document.feature import Feature
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.document.written_features import given_inputs
from dlstudio.engine.templates import make_project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.default_template import (
    default_template,
    fitting_templates,
)
from dlstudio.engine.templates.sequence_profile import SequenceProfile
from dlstudio.engine.templates.table_features import InputFeature
from dlstudio.errors import UserError
from tests.engine.templates.test_table_templates import check_drawing

CATALOG = Catalog.load()
NAMES = ("translate-transformer", "translate-gru")


@pytest.mark.parametrize("name", NAMES)
def test_a_template_makes_a_sound_project(name: str) -> None:
    project = small_project(name)
    assert project_from_json(project_to_json(project)) == project
    check_drawing(project.model)
    assert [each.feature for each in project.inputs] == ["digits", "words"]
    assert [each.feature for each in given_inputs(project)] == ["digits"]
    groups = project.model.groups
    assert [each.name for each in groups if each.parent is None] == [
        "Encoder",
        "Decoder",
    ]
    held = [id for each in groups for id in each.nodes]
    assert len(held) == len(set(held)) and set(held) <= set(project.model.nodes)
    mark = project.model.nodes["start_mark"].params["constant_values"]
    assert project.model.nodes["next_word"].params["units"] == mark + 1
    assert make_project(CATALOG.find("templates", name), TemplateContext("it"))


def test_pairs_of_texts_begin_with_a_transformer() -> None:
    context = pair_context()
    assert default_template(context).endswith("translate-transformer")
    assert fitting_templates(context, CATALOG) == NAMES
    table = context.table
    assert table is not None
    more = InputFeature.of("title", Feature(TEXT), 9, CATALOG)
    other = replace(context, table=replace(table, inputs=(*table.inputs, more)))
    with pytest.raises(UserError, match="one column of texts"):
        make_project(CATALOG.find("templates", NAMES[0]), other)


def test_source_and_target_can_change_places() -> None:
    project = small_project(NAMES[1])
    changed = use_as_target(project, "digits", CATALOG).apply(project)
    assert [(e.feature, e.input) for e in changed.inputs] == [
        ("words", "digits"),
        ("digits", "words"),
    ]
    assert changed.output.feature == "digits"
    assert changed.output.head == project.output.head


def test_a_profile_loses_no_text() -> None:
    words = SequenceProfile.of(pl.Series(["go  home", "go on", "go home now"] * 9))
    assert words == SequenceProfile(False, 4, 3)
    once = SequenceProfile.of(pl.Series([f"w{number}" for number in range(40)]))
    assert once.characters and once.vocabulary == 11 and once.length == 3
    chinese = SequenceProfile.of(pl.Series(["今天很好", "我们去公园"] * 9))
    assert chinese.characters and chinese.length == 5
    long = SequenceProfile.of(pl.Series([" ".join(["a b"] * 400)] * 5))
    assert long.length == 256
    assert SequenceProfile.of(pl.Series([None], dtype=pl.String)) == SequenceProfile()
