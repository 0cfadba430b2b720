"""Hypothesis strategies for projects and edits."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.edits.edges import Connect, Disconnect, InsertOnEdge
from dlstudio.document.edits.groups import GroupNodes, SetGroup, Ungroup
from dlstudio.document.edits.nodes import (
    AddNode,
    MoveNodes,
    RemoveNodes,
    ReplaceNode,
    SetFrozen,
    SetOutputs,
    ShareWeights,
)
from dlstudio.document.edits.params import ResetCall, ResetParam, SetCall, SetParam
from dlstudio.document.edits.project import (
    ChangeValues,
    RemoveGraph,
    SetBindings,
    SetData,
    SetFeatures,
    SetGraph,
    SetHead,
    SetName,
    SetPlan,
)
from dlstudio.document.feature import Feature
from dlstudio.document.graph import INPUT, Edge, Graph, Group, Node
from dlstudio.document.plan import DataRecipe, EarlyStopping, Split, TrainingPlan
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import Array, FrozenMap, Json, Spec, Value

names = st.text(min_size=1, max_size=6)
numbers = st.floats(allow_nan=False, allow_infinity=False)
plain = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**62), 2**62), numbers, st.text()
)


json_values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=6,
)


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    params = st.dictionaries(names, inner, max_size=3).map(FrozenMap)
    return st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.builds(Spec, names, params),
        st.builds(Array, st.lists(numbers, max_size=3).map(tuple)),
        json_values.map(Json.of),
    )


values: st.SearchStrategy[Value] = st.recursive(plain, _nested, max_leaves=6)
params = st.dictionaries(names, values, max_size=3).map(FrozenMap)
specs = st.builds(Spec, names, params)
ids = st.sampled_from(["a", "b", "c", "d", "输入", "e f"])
kinds = st.sampled_from([INPUT, "keras.layers.Dense", "keras.layers.Add", "odd"])
positions = st.tuples(numbers, numbers)
nodes = st.builds(Node, ids, kinds, params, positions, st.none(), st.booleans(), params)
ports = st.integers(0, 3)
edges = st.builds(Edge, ids, ids, ports, ports)


group_ids = st.sampled_from(["g", "h", "组", "group_1"])


@st.composite
def groups(draw: st.DrawFn, there: list[str]) -> tuple[Group, ...]:
    """Nested groups of some nodes; each node is in at most one group."""
    made: list[Group] = []
    left = list(there)
    for id in draw(st.lists(group_ids, max_size=4, unique=True)):
        count = draw(st.integers(0, len(left)))
        parent = draw(st.sampled_from([None, *(group.id for group in made)]))
        made.append(
            Group(id, draw(names), tuple(left[:count]), draw(st.booleans()), parent)
        )
        del left[:count]
    return tuple(draw(st.permutations(made)))


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """A graph whose edges, groups and outputs refer to existing nodes."""
    made = {node.id: node for node in draw(st.lists(nodes, max_size=5))}
    there = set(made)
    connections = [
        edge
        for edge in draw(st.lists(edges, max_size=6, unique=True))
        if {edge.source, edge.target} <= there
    ]
    outputs = tuple(sorted(there))[: draw(st.integers(0, 2))]
    return Graph(
        FrozenMap(made), tuple(connections), draw(groups(sorted(there))), outputs
    )


plans = st.builds(
    TrainingPlan,
    loss=specs,
    optimizer=specs,
    schedule=specs,
    metrics=st.lists(specs, max_size=2).map(tuple),
    epochs=st.integers(1, 1000),
    batch_size=st.integers(1, 4096),
    early_stopping=st.none() | st.builds(EarlyStopping, patience=st.integers(1, 9)),
    class_weight=st.dictionaries(names, numbers, max_size=2).map(FrozenMap),
    seed=st.integers(0, 2**31),
)
some_params = st.dictionaries(names, values, max_size=2).map(FrozenMap)
features = st.dictionaries(
    names, st.builds(Feature, names, names, some_params), max_size=3
).map(FrozenMap)
changed = st.dictionaries(names, some_params.filter(bool), max_size=3).map(FrozenMap)
inputs = st.lists(st.builds(InputBinding, names), max_size=2).map(tuple)
outputs = st.lists(
    st.builds(OutputBinding, names, specs, weight=numbers), min_size=1, max_size=2
).map(tuple)
recipes = st.builds(
    DataRecipe,
    source=specs,
    split=st.builds(
        Split,
        seed=st.integers(0, 99),
        group_by=st.sampled_from(["", "folder", "name"]),
        group_level=st.integers(1, 3),
        group_pattern=st.text(max_size=4),
    ),
    leave_out=st.lists(names, max_size=3).map(tuple),
    features=features,
    changed=changed,
    moved=st.dictionaries(names, st.sampled_from(["train", "test"]), max_size=3).map(
        FrozenMap
    ),
    checked=st.lists(names, max_size=3).map(tuple),
)
projects = st.builds(
    Project,
    name=st.text(max_size=8),
    graphs=st.fixed_dictionaries({MODEL: graphs()}, optional={"g": graphs()}).map(
        FrozenMap
    ),
    data=recipes,
    inputs=inputs,
    outputs=outputs,
    plan=plans,
)

some_ids = st.lists(ids, min_size=1, max_size=3, unique=True).map(tuple)
any_ids = st.lists(ids, max_size=3, unique=True).map(tuple)
any_edit = st.one_of(
    st.builds(AddNode, nodes),
    st.builds(RemoveNodes, some_ids, st.booleans()),
    st.builds(ReplaceNode, nodes),
    st.builds(Connect, edges),
    st.builds(Disconnect, edges),
    st.builds(InsertOnEdge, nodes, edges),
    st.builds(SetParam, ids, names, values),
    st.builds(ResetParam, ids, names),
    st.builds(SetCall, ids, names, values),
    st.builds(ResetCall, ids, names),
    st.builds(
        MoveNodes,
        st.dictionaries(ids, positions, max_size=3).map(FrozenMap),
    ),
    st.builds(SetFrozen, some_ids, st.booleans()),
    st.builds(ShareWeights, ids, st.none() | ids),
    st.builds(SetOutputs, some_ids),
    st.builds(
        SetGroup,
        st.builds(
            Group, group_ids, names, any_ids, st.booleans(), st.none() | group_ids
        ),
    ),
    st.builds(GroupNodes, group_ids, names, some_ids),
    st.builds(Ungroup, group_ids),
    st.builds(SetGraph, graphs(), st.sampled_from([MODEL, "g"])),
    st.builds(RemoveGraph, st.sampled_from([MODEL, "g"])),
    st.builds(SetPlan, st.just("epochs"), st.integers(1, 9)),
    st.builds(SetPlan, st.just("optimizer.learning_rate"), numbers),
    st.builds(SetPlan, st.just("early_stopping.patience"), st.integers(1, 9)),
    st.builds(SetData, st.just("split.seed"), st.integers(0, 9)),
    st.builds(SetData, st.just("source"), specs),
    st.builds(SetName, st.text(max_size=5)),
    st.builds(SetHead, names, names),
    st.builds(SetFeatures, features),
    st.builds(SetBindings, inputs, outputs),
    st.builds(ChangeValues, names, some_params),
)
