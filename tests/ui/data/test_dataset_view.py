"""Logic of the Data room: layout, selection, filters, edits, preprocessing chain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import Graph, node
from dlstudio.document.plan import LABEL, DataRecipe
from dlstudio.document.project import Project
from dlstudio.document.source_edits import use_source
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.errors import UserError
from dlstudio.ui.data import recipe_edits
from dlstudio.ui.data.gallery.keyboard_navigation import next_position
from dlstudio.ui.data.gallery.layout import GalleryLayout
from dlstudio.ui.data.gallery.selection import NONE, GallerySelection
from dlstudio.ui.data.preprocessing_chain import (
    find_chain,
    swap_layers,
    value_range,
    with_layer,
    without_layer,
)
from dlstudio.ui.data.size_histogram import size_bins
from dlstudio.ui.services.dataset.dataset_view import DatasetView, SampleFilter
from dlstudio.workers.dataset import EXCLUDED, Dataset, DatasetFinding, DatasetSplit
from tests.support.labels import relabeled

LAYOUTS = st.builds(
    GalleryLayout,
    st.integers(60, 3000),
    st.integers(0, 200_000),
    st.sampled_from([56, 144]),
)


@given(LAYOUTS, st.integers(0, 200_000))
def test_a_cell_is_found_where_it_lies(layout: GalleryLayout, position: int) -> None:
    if position >= layout.count:
        return
    x, y = layout.corner(position)
    wide, tall = layout.cell
    assert layout.at(x, y) == layout.at(x + wide - 1, y + tall - 1) == position
    assert layout.at(x - 1, y) != position
    assert position in layout.visible(y, 1)
    assert y + tall <= layout.height
    assert position in layout.within(x, y, x + 1, y + 1).tolist()


@given(LAYOUTS, st.integers(0, 10_000), st.integers(1, 900))
def test_visible_cells_are_complete_and_minimal(
    layout: GalleryLayout, top: int, height: int
) -> None:
    seen = layout.visible(top, height)
    touched = layout.within(0, top, 5000, top + height - 1)
    assert set(touched.tolist()) <= set(seen)
    lines = -(-height // layout.pitch[1]) + 2
    assert len(seen) <= lines * layout.columns


def test_keys_stay_inside() -> None:
    layout = GalleryLayout(width=400, count=7, image_size=144)  # 2 columns
    key = Qt.Key
    assert layout.columns == 2
    assert next_position(key.Key_Right, 0, layout, 2) == 1
    assert next_position(key.Key_Down, 5, layout, 2) == 6  # the last row is shorter
    assert next_position(key.Key_Down, 6, layout, 2) == 6
    assert next_position(key.Key_Up, 1, layout, 2) == 1
    assert next_position(key.Key_PageDown, 1, layout, 2) == 5
    assert next_position(key.Key_PageDown, 5, layout, 2) == 6
    assert next_position(key.Key_PageUp, 3, layout, 2) == 1
    assert next_position(key.Key_End, -1, layout, 2) == 6
    assert next_position(key.Key_Home, 5, layout, 2) == 0
    assert next_position(key.Key_A, 5, layout, 2) is None
    assert next_position(key.Key_Right, -1, GalleryLayout(400, 0, 112), 2) == NONE


def test_the_selection_survives_a_filter_and_another_set_clears_it() -> None:
    selection = GallerySelection()
    selection.show(np.arange(10), 10)
    selection.choose(2)
    selection.extend(5)
    selection.show(np.array([1, 3, 5, 7]), 10)
    assert selection.selected().tolist() == [3, 5]
    assert selection.row_at(selection.current) == 5
    selection.band(np.array([0]), selection.mask())
    assert selection.selected().tolist() == [1, 3, 5]
    selection.all()
    assert selection.count() == 4
    selection.show(np.arange(3), 3)
    assert selection.count() == 0 and selection.current == NONE


def dataset(labels: object, classes: tuple[str, ...] = ("a", "b")) -> Dataset:
    made = np.array(labels)
    made = made.astype(np.uint8 if made.ndim == 2 else np.int32)
    ids = tuple(f"{n}.PNG" for n in range(len(made)))
    return Dataset(
        Spec("x"),
        ids,
        classes,
        made,
        np.array([""] * len(made)),
        {id: row for row, id in enumerate(ids)},
    )


def test_a_recipe_changes_labels_splits_and_counts() -> None:
    recipe = DataRecipe(
        leave_out=("0.PNG", "gone.PNG"),
        changed=relabeled({"1.PNG": "c", "gone.PNG": "d"}),
        checked=("duplicate 3.PNG",),
    )
    found = (
        DatasetFinding("duplicate", "2.PNG", "."),
        DatasetFinding("duplicate", "3.PNG", "."),
    )
    dataset_split = DatasetSplit(
        np.array([EXCLUDED, 0, 1, 2], np.uint8), np.zeros((3, 3), np.int64), ()
    )
    view = DatasetView(dataset([0, 0, 1, 1]), recipe, found, dataset_split)
    assert view.classes == ("a", "b", "c")
    assert view.counts() == {"a": 0, "b": 2, "c": 1}
    assert [view.names(row) for row in range(4)] == [("a",), ("c",), ("b",), ("b",)]
    assert [view.split(row) for row in range(4)] == [EXCLUDED, 0, 1, 2]
    assert view.flagged.tolist() == [False, False, True, False]

    def rows(**wanted: object) -> list[int]:
        return view.rows(SampleFilter(**wanted)).tolist()  # type: ignore[arg-type]

    assert rows() == [0, 1, 2, 3]
    assert rows(classes=frozenset("c")) == [1]
    assert rows(classes=frozenset("ab")) == [0, 2, 3]
    assert rows(split=EXCLUDED) == [0] and rows(split=1) == [2]
    assert rows(finding="duplicate") == [2]
    assert rows(text="3.png") == [3]
    assert rows(text="3", classes=frozenset("a")) == []


def test_many_labels_are_counted_each() -> None:
    recipe = DataRecipe(changed=relabeled({"0.PNG": "b | c"}))
    view = DatasetView(dataset([[1, 1], [0, 1], [0, 0]]), recipe)
    assert view.counts() == {"a": 0, "b": 2, "c": 1}
    assert view.names(0) == ("b", "c") and view.names(2) == ()
    assert view.has_class("b").tolist() == [True, True, False]


def test_edits_change_the_recipe_once() -> None:
    data, project = dataset([0, 1, 1]), Project()

    def after(edit: object) -> DataRecipe:
        return edit.apply(project).data  # type: ignore[attr-defined]

    recipe = after(
        recipe_edits.exclude(DataRecipe(leave_out=("0.PNG",)), ["0.PNG", "x"])
    )
    assert recipe.leave_out == ("0.PNG", "x")
    assert after(recipe_edits.include(recipe, ["0.PNG"])).leave_out == ("x",)
    named = after(recipe_edits.relabel(["0.PNG", "1.PNG"], "b", data))
    assert named.changed_values(LABEL) == FrozenMap({"0.PNG": "b"})
    own = after(recipe_edits.relabel(["0.PNG"], "a", data))
    assert own.changed_values(LABEL) == FrozenMap()
    moved = after(recipe_edits.move(DataRecipe(), ["0.PNG"], "test"))
    assert moved.moved == FrozenMap({"0.PNG": "test"})
    assert after(recipe_edits.move(moved, ["0.PNG"], "")).moved == FrozenMap()
    found = [
        DatasetFinding("duplicate", "a b.png", "."),
        DatasetFinding("duplicate", "a b.png", "."),
    ]
    checked = after(recipe_edits.check(DataRecipe(), found))
    assert checked.checked == ("duplicate a b.png",)
    assert after(recipe_edits.uncheck(checked, checked.checked)).checked == ()
    fresh = use_source(Spec("dlstudio.sources.digits"), True).apply(project)
    assert fresh.data.split.mode == "folders" and not fresh.data.leave_out


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=50))
def test_every_size_is_in_one_bar(sides: list[int]) -> None:
    array = np.array(sides, np.int32)
    bins = size_bins(array, array)
    assert sum(bins.counts) == sum(side > 0 for side in sides)
    assert list(bins.edges) == sorted(set(bins.edges))
    for number, count in enumerate(bins.counts):
        low, high = bins.between(number)
        assert count == sum(low <= side < high for side in sides)


CATALOG = Catalog.load()
FLIP = CATALOG["keras.layers.RandomFlip"]
BRIGHTNESS = CATALOG["keras.layers.RandomBrightness"]


def model() -> Graph:
    """An input, a rescaling layer, and two branches."""
    from dlstudio.document.graph import Edge

    graph = Graph.chain(
        [
            node("image", "keras.layers.InputLayer", shape=(8, 8, 3)),
            node("scale", "keras.layers.Rescaling", scale=1 / 127.5, offset=-1),
            node("left", "keras.layers.Flatten"),
        ]
    )
    graph = graph.with_nodes([node("right", "keras.layers.Flatten")])
    from dataclasses import replace

    return replace(graph, edges=(*graph.edges, Edge("scale", "right")))


def test_layers_are_added_before_the_model() -> None:
    graph = model()
    assert find_chain(graph, CATALOG).line == ("image", "scale")
    made = with_layer(graph, CATALOG, FLIP)
    made = with_layer(made, CATALOG, BRIGHTNESS)
    chain = find_chain(made, CATALOG)
    assert chain.line == ("image", "scale", *chain.augmentation)
    flip, bright = chain.augmentation
    assert made.nodes[bright].params["value_range"] == (-1.0, 1.0)
    assert {link.source for link in made.into("left")} == {bright}
    assert {link.source for link in made.into("right")} == {bright}
    assert value_range(made, chain.line) == (-1.0, 1.0)
    swapped = swap_layers(made, flip, bright)
    assert find_chain(swapped, CATALOG).augmentation == (bright, flip)
    assert swap_layers(swapped, bright, flip) == made
    heights = [swapped.nodes[id].position[1] for id in (bright, flip)]
    assert heights == sorted(heights)
    assert without_layer(without_layer(made, bright), flip) == graph


def test_layers_require_a_single_input() -> None:
    with pytest.raises(UserError) as caught:
        with_layer(Graph(), CATALOG, FLIP)
    assert caught.value.hint
