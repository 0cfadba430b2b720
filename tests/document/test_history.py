from __future__ import annotations

import dataclasses
import json

from hypothesis import given
from hypothesis import strategies as st
from strategies import any_edit, projects

from dlstudio.document.edits.base import CompositeEdit, Edit
from dlstudio.document.edits.edges import InsertOnEdge
from dlstudio.document.edits.groups import GroupNodes, SetGroup
from dlstudio.document.edits.project import SetPlan
from dlstudio.document.edits.serialization import edit_to_json
from dlstudio.document.graph import Edge, Group, node
from dlstudio.document.history import History
from dlstudio.document.project import Project
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.errors import UserError


def _apply(history: History, steps: list[Edit]) -> History:
    for step in steps:
        try:
            history = history.do(step)
        except UserError as error:
            assert error.message
    return history


@given(projects, st.lists(any_edit, max_size=12))
def test_any_edits_fully_undone_equal_the_start(
    project: Project, steps: list[Edit]
) -> None:
    history = _apply(History(project), steps)
    end, done = history.project, len(history.past)
    for _step in range(done):
        history = history.undo()
    assert history.project == project
    assert history.undo() == history
    for _step in range(done):
        history = history.redo()
    assert history.project == end
    assert history.redo() == history


@given(projects, st.lists(any_edit, max_size=12))
def test_any_edits_lead_to_a_project_that_can_be_kept(
    project: Project, steps: list[Edit]
) -> None:
    end = _apply(History(project), steps).project
    assert project_from_json(json.loads(json.dumps(project_to_json(end)))) == end


@given(any_edit)
def test_every_edit_has_a_json_form(edit: Edit) -> None:
    item = json.loads(json.dumps(edit_to_json(edit)))
    assert dataclasses.is_dataclass(edit)
    assert len(item) == 1 + len(dataclasses.fields(edit))


def test_edits_keep_the_names_that_programs_read() -> None:
    dense = node("a", "keras.layers.Dense")
    item = edit_to_json(CompositeEdit((InsertOnEdge(dense, Edge("b", "c")),)))
    assert item["edit"] == "Several"
    assert item["edits"][0]["edit"] == "InsertOnLink"
    assert item["edits"][0]["link"]["source"] == "b"
    assert edit_to_json(GroupNodes("g", "g", ("a",)))["edit"] == "Gather"
    assert edit_to_json(SetGroup(Group("g", "g", ())))["edit"] == "GroupNodes"
    assert edit_to_json(SetPlan("epochs", 3)) == {
        "edit": "SetPlan",
        "path": "epochs",
        "value": 3,
    }


def test_an_edit_that_changes_nothing_leaves_no_step() -> None:
    history = History(Project()).do(SetPlan("epochs", 10))
    assert history.past == ()


def test_steps_have_names_and_a_limit() -> None:
    history = History(Project(), limit=3)
    for epochs in range(20, 30):
        history = history.do(SetPlan("epochs", epochs), f"to {epochs}")
    assert [step.name for step in history.past] == ["to 27", "to 28", "to 29"]
    assert history.undo_name == "to 29"
    assert history.undo().redo_name == "to 29"


def test_an_edit_after_undo_forgets_what_was_undone() -> None:
    history = History(Project()).do(SetPlan("epochs", 1)).undo()
    history = history.do(SetPlan("epochs", 2))
    assert history.future == ()
    assert history.project.plan.epochs == 2
