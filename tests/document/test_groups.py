from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import any_edit, graphs, ids, projects

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.groups import GroupNodes, SetGroup, Ungroup
from dlstudio.document.edits.nodes import RemoveNodes
from dlstudio.document.graph import Graph, Group, node
from dlstudio.document.groups import (
    MAX_DEPTH,
    GroupTree,
    check_nesting,
    copy_groups,
    group_nodes,
    paste_groups,
    remove_empty_groups,
    ungroup,
)
from dlstudio.document.project import MODEL, Project
from dlstudio.errors import UserError

DENSE = "keras.layers.Dense"
INNER = Group("inner", "inner", ("b", "c"), parent="outer")
OUTER = Group("outer", "outer", ("a",))


@pytest.fixture
def project() -> Project:
    graph = Graph.chain(node(name, DENSE) for name in "abcde")
    return Project().with_graph(MODEL, replace(graph, groups=(OUTER, INNER)))


def _groups(edit: Edit, project: Project) -> dict[str, Group]:
    return {group.id: group for group in edit.apply(project).model.groups}


def _shape(groups: tuple[Group, ...]) -> set[tuple[str, str | None, frozenset[str]]]:
    return {(g.id, g.parent, frozenset(g.nodes)) for g in groups}


def test_a_tree_knows_which_groups_contain_a_node(project: Project) -> None:
    tree = GroupTree(project.model.groups)
    assert tree.children() == ("outer",)
    assert tree.children("outer") == ("inner",)
    assert tree.around("b") == ("inner", "outer")
    assert tree.around("d") == ()
    assert tree.inside("outer") == ("outer", "inner")
    assert tree.nodes("outer") == ("a", "b", "c")
    assert tree.whole(("b", "c", "d")) == {"inner"}
    assert tree.common(("a", "b")) == ("outer",)
    assert tree.common(("a", "d")) == ()


def test_nodes_of_a_group_are_grouped_inside_it(project: Project) -> None:
    found = _groups(GroupNodes("new", "new", ("b",)), project)
    assert found["new"] == Group("new", "new", ("b",), parent="inner")
    assert found["inner"].nodes == ("c",)


def test_whole_groups_go_into_a_new_group_whole(project: Project) -> None:
    found = _groups(GroupNodes("new", "new", ("a", "b", "c", "d")), project)
    assert found["new"] == Group("new", "new", ("d",))
    assert found["outer"] == replace(OUTER, parent="new")
    assert found["inner"] == INNER


def test_a_group_that_loses_a_part_of_its_nodes_keeps_the_rest(
    project: Project,
) -> None:
    found = _groups(GroupNodes("new", "new", ("c", "d")), project)
    assert found["new"] == Group("new", "new", ("c", "d"))
    assert found["inner"].nodes == ("b",)


def test_ungrouping_leaves_everything_in_the_group_around(project: Project) -> None:
    assert _groups(Ungroup("outer"), project) == {"inner": replace(INNER, parent=None)}
    outer = _groups(Ungroup("inner"), project)["outer"]
    assert outer.nodes == ("a", "b", "c")


def test_groups_that_are_empty_go_with_their_last_node(project: Project) -> None:
    assert set(_groups(RemoveNodes(("b", "c")), project)) == {"outer"}
    # A group without direct nodes is kept as long as there is a group inside it.
    assert set(_groups(RemoveNodes(("a",)), project)) == {"outer", "inner"}
    assert _groups(RemoveNodes(("a", "b", "c")), project) == {}
    moved = SetGroup(Group("new", "new", ("b", "c")))
    assert set(_groups(moved, project)) == {"outer", "new"}


def test_a_group_changes_in_its_place(project: Project) -> None:
    groups = SetGroup(replace(OUTER, collapsed=True)).apply(project).model.groups
    assert groups == (replace(OUTER, collapsed=True), INNER)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (SetGroup(replace(OUTER, parent="inner")), "cannot contain itself"),
        (SetGroup(replace(OUTER, parent="outer")), "cannot contain itself"),
        (SetGroup(replace(OUTER, parent="nobody")), "no group called “nobody”"),
        (SetGroup(replace(OUTER, nodes=("nobody",))), "no layer called “nobody”"),
        (GroupNodes("outer", "new", ("a",)), "two groups called “outer”"),
        (GroupNodes("new", "new", ("nobody",)), "no layer called “nobody”"),
        (Ungroup("nobody"), "no group called “nobody”"),
    ],
)
def test_what_makes_no_tree_is_refused(
    project: Project, edit: Edit, sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence):
        edit.apply(project)


def test_groups_lie_in_each_other_only_so_deep(project: Project) -> None:
    groups: tuple[Group, ...] = ()
    for number in range(MAX_DEPTH):
        groups = group_nodes(groups, f"g{number}", "", ("a",))
    with pytest.raises(UserError, match=f"{MAX_DEPTH} levels deep"):
        group_nodes(groups, "one more", "", ("a",))


def test_a_node_in_two_groups_is_refused() -> None:
    with pytest.raises(UserError, match="belongs to two groups"):
        check_nesting([Group("g", "g", ("a",)), Group("h", "h", ("a",))])
    with pytest.raises(UserError, match="belongs to two groups"):
        check_nesting([Group("g", "g", ("a", "a"))])


@given(projects, st.lists(any_edit, max_size=12))
def test_after_any_edits_groups_are_a_tree(project: Project, steps: list[Edit]) -> None:
    for step in steps:
        try:
            project = step.apply(project)
        except UserError:
            continue
        for graph in project.graphs.values():
            check_nesting(graph.groups)


@given(graphs(), st.lists(ids, max_size=4, unique=True))
def test_a_group_around_anything_holds_just_that(
    graph: Graph, chosen: list[str]
) -> None:
    nodes = tuple(id for id in chosen if id in graph.nodes)
    groups = group_nodes(graph.groups, "new", "", nodes)
    tree = GroupTree(groups)
    if not nodes:
        assert "new" not in tree.groups
        return
    assert sorted(tree.nodes("new")) == sorted(nodes)
    # The others are unchanged, and groups that contained everything still do.
    before = GroupTree(graph.groups)
    for id in set(graph.nodes) - set(nodes):
        assert tree.around(id) == before.around(id)


@given(graphs(), st.lists(ids, max_size=4, unique=True))
def test_a_group_made_of_whole_things_is_undone_by_ungrouping(
    graph: Graph, chosen: list[str]
) -> None:
    nodes = tuple(id for id in chosen if id in graph.nodes)
    groups = group_nodes(graph.groups, "new", "", nodes)
    tree, before = GroupTree(groups), GroupTree(graph.groups)
    if "new" not in tree.groups:
        return
    made = tree.groups["new"]
    homes = {before.around(id)[:1] for id in made.nodes}
    homes |= {before.path(before.groups[g].parent)[:1] for g in tree.children("new")}
    if homes <= {(made.parent,) if made.parent else ()}:
        assert _shape(ungroup(groups, "new")) == _shape(
            remove_empty_groups(graph.groups)
        )


@given(graphs(), st.lists(ids, max_size=4, unique=True))
def test_what_is_copied_is_pasted_with_its_groups(
    graph: Graph, chosen: list[str]
) -> None:
    nodes = [id for id in chosen if id in graph.nodes]
    part = copy_groups(graph, nodes)
    check_nesting(part)
    copies = {id: f"copy of {id}" for id in nodes}
    groups = paste_groups(graph.groups, part, copies)
    check_nesting(groups)
    tree, before = GroupTree(groups), GroupTree(graph.groups)
    whole = before.whole(nodes)
    for id, copy in copies.items():
        assert len(tree.around(copy)) == len(
            [g for g in before.around(id) if g in whole]
        )
        names = [tree.groups[g].name for g in tree.around(copy)]
        assert names == [before.groups[g].name for g in before.around(id)][: len(names)]


def test_what_is_pasted_can_land_in_a_group(project: Project) -> None:
    part = copy_groups(project.model, ("b", "c"))
    groups = paste_groups(project.model.groups, part, {"b": "x", "c": "y"}, "outer")
    assert groups[-1] == Group("group_1", "inner", ("x", "y"), parent="outer")
