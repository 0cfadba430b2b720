"""The palette: search, drag and drop, favourites, recently used, user blocks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from model_world import (
    World,
    catalog,
    convolutional,
    image,
    layer,
    shown,
    stacked,
    world_in,
)
from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QPoint, QPointF, Qt, qVersion
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot
from rooms import settle, until

from dlstudio.catalog.schema import Description
from dlstudio.document.edits.project import SetGraph
from dlstudio.document.graph import NESTED, Edge, Graph, node
from dlstudio.document.project import MODEL
from dlstudio.errors import UserError
from dlstudio.ui.model.graph_clipboard import from_text, nested_in_text, to_text
from dlstudio.ui.model.nested_models.adoption import adopt
from dlstudio.ui.model.palette.block_store import BlockStore
from dlstudio.ui.model.palette.common_layers import COMMON_LAYERS, common_first
from dlstudio.ui.model.palette.layer_palette import LayerPalette
from dlstudio.ui.model.palette.layer_search import LayerSearch
from dlstudio.ui.model.palette.palette_model import (
    BLOCK,
    BLOCK_MIME,
    KIND,
    LAYER_MIME,
    MORE,
)
from dlstudio.ui.model.room import ModelRoom

LEFT = Qt.MouseButton.LeftButton
# Since Qt 6.12, drag events take floating-point positions.
POINT = QPointF if tuple(map(int, qVersion().split("."))) >= (6, 12) else QPoint
Key = Qt.Key


@pytest.fixture
def world(qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "settings") as made:
        yield made


@pytest.fixture
def palette(world: World) -> Iterator[LayerPalette]:
    with shown(lambda: LayerPalette(world.studio), 224, 700) as made:
        yield made


@pytest.fixture
def room(world: World) -> Iterator[ModelRoom]:
    world.open(*convolutional())
    with shown(lambda: ModelRoom(world.studio), 1280, 720) as made:
        yield made


def _rows(palette: LayerPalette) -> dict[str, list[str]]:
    """Return the texts of the rows under each heading."""
    model = palette.model
    found = {}
    for row in range(model.rowCount()):
        heading = model.index(row, 0)
        found[heading.data()] = [
            model.index(inner, 0, heading).data()
            for inner in range(model.rowCount(heading))
        ]
    return found


def _index(palette: LayerPalette, role: int, value: str) -> QModelIndex:
    model = palette.model
    for row in range(model.rowCount()):
        heading = model.index(row, 0)
        for inner in range(model.rowCount(heading)):
            index = model.index(inner, 0, heading)
            if index.data(role) == value:
                return index
    raise AssertionError(value)


def _find(palette: LayerPalette, qtbot: QtBot, text: str) -> list[str]:
    palette.search.setFocus()
    palette.search.selectAll()
    if text.isascii():
        qtbot.keyClicks(palette.search, text)
    else:  # as an input method commits text
        palette.search.setText(text)
    return _rows(palette).get("Results", [])


def _click(
    palette: LayerPalette, index: QModelIndex, qtbot: QtBot, twice: bool = False
):
    palette.tree.scrollTo(index)
    spot = palette.tree.visualRect(index).center()
    viewport = palette.tree.viewport()
    qtbot.mouseClick(viewport, LEFT, pos=spot)
    if twice:
        qtbot.mouseDClick(viewport, LEFT, pos=spot)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("conv2d", "Conv2D"),
        ("maxpool", "MaxPooling2D"),
        ("sliding window", "Conv2D"),
        ("residual", "Add"),
        ("overfitting", "Dropout"),
        ("卷积", "Conv2D"),
        ("残差", "Add"),
        ("池化", "MaxPooling2D"),
        ("ＬＳＴＭ", "LSTM"),
        ("input", "Input"),
    ],
)
def test_layers_are_found_by_name_and_by_what_they_do(
    palette: LayerPalette, qtbot: QtBot, text: str, kind: str
) -> None:
    assert kind in _find(palette, qtbot, text)[:4]


def test_the_best_match_comes_first(palette: LayerPalette, qtbot: QtBot) -> None:
    assert _find(palette, qtbot, "Dense")[0] == "Dense"
    assert _find(palette, qtbot, "pool")[0] == "MaxPooling2D"
    assert _find(palette, qtbot, "no such thing") == []
    assert palette._no_results.isVisible()
    qtbot.keyClick(palette.search, Key.Key_Escape)
    assert palette.search.text() == ""
    assert "Core" in _rows(palette)


def test_enter_adds_the_first_result(palette: LayerPalette, qtbot: QtBot) -> None:
    _find(palette, qtbot, "dropout")
    with qtbot.waitSignal(palette.chosen) as reported:
        qtbot.keyClick(palette.search, Key.Key_Return)
    assert reported.args == ["keras.layers.Dropout"]
    assert palette.search.selectedText() == "dropout", "the next can be typed"


def test_down_focuses_the_list_and_enter_adds(
    palette: LayerPalette, qtbot: QtBot
) -> None:
    palette.search.setFocus()
    qtbot.keyClick(palette.search, Key.Key_Down)
    assert palette.tree.hasFocus()
    qtbot.keyClick(palette.tree, Key.Key_Down)
    with qtbot.waitSignal(palette.chosen) as reported:
        qtbot.keyClick(palette.tree, Key.Key_Return)
    assert reported.args == ["keras.layers.Dense"], "the row below Input"


def test_a_double_click_adds(palette: LayerPalette, qtbot: QtBot) -> None:
    index = _index(palette, KIND, "keras.layers.Flatten")
    with qtbot.waitSignal(palette.chosen) as reported:
        _click(palette, index, qtbot, twice=True)
    assert reported.args == ["keras.layers.Flatten"]


def test_all_layers_are_listed_with_common_ones_first(
    palette: LayerPalette, qtbot: QtBot
) -> None:
    pooling = _rows(palette)["Pooling"]
    assert pooling[0] == "MaxPooling2D"
    assert pooling[-1].endswith("more")
    hidden = int(pooling[-1].split()[0])
    _click(palette, _index(palette, MORE, "pooling"), qtbot)
    opened = _rows(palette)["Pooling"]
    assert len(opened) == len(pooling) + hidden
    assert opened[-1] == "Show fewer"
    palette.tree.setCurrentIndex(_index(palette, MORE, "pooling"))
    palette.tree.setFocus()
    qtbot.keyClick(palette.tree, Key.Key_Return)
    assert _rows(palette)["Pooling"] == pooling
    assert all(kind in catalog() for kind in COMMON_LAYERS), "unknown kinds"


def test_few_uncommon_layers_are_not_hidden() -> None:
    few = [Description(f"x.{n}", "layers", "") for n in "bca"]
    assert common_first(few) == ([few[2], few[0], few[1]], [])
    usual = Description("keras.layers.Dense", "layers", "")
    shown_now, hidden = common_first([*few, usual])
    assert (shown_now, len(hidden)) == ([usual], 3)
    assert common_first([*few[:2], usual])[1] == []


def test_a_dragged_row_carries_its_kind(palette: LayerPalette) -> None:
    index = _index(palette, KIND, "keras.layers.Conv2D")
    assert palette.model.flags(index) & Qt.ItemFlag.ItemIsDragEnabled
    data = palette.model.mimeData([index])
    assert bytes(data.data(LAYER_MIME).data()) == b"keras.layers.Conv2D"
    heading = palette.model.index(0, 0)
    assert not palette.model.flags(heading) & Qt.ItemFlag.ItemIsDragEnabled


def test_a_drag_with_the_mouse_starts_with_the_layer(
    palette: LayerPalette, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dragged: list[str] = []

    def started(_actions: object) -> None:
        (index,) = palette.tree.selectedIndexes()
        data = palette.model.mimeData([index])
        dragged.append(bytes(data.data(LAYER_MIME).data()).decode())

    monkeypatch.setattr(palette.tree, "startDrag", started)
    index = _index(palette, KIND, "keras.layers.Conv2D")
    start = palette.tree.visualRect(index).center()
    viewport = palette.tree.viewport()
    qtbot.mousePress(viewport, LEFT, pos=start)
    for far in (10, 20, 40):
        spot = start + QPoint(far, 0)
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(spot),
            QPointF(viewport.mapToGlobal(spot)),
            Qt.MouseButton.NoButton,
            LEFT,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(viewport, move)
    assert dragged[:1] == ["keras.layers.Conv2D"]
    qtbot.mouseRelease(viewport, LEFT, pos=start + QPoint(40, 0))


def test_favourites_are_saved_and_removed(
    world: World, palette: LayerPalette, qtbot: QtBot
) -> None:
    _menu_entry(palette, qtbot, "keras.layers.LSTM", "Add to favorites").trigger()
    assert _rows(palette)["Favorites"] == ["LSTM"]
    assert world.studio.settings.value.favourite_layers == ("keras.layers.LSTM",)
    with shown(lambda: LayerPalette(world.studio), 224, 700) as again:
        assert _rows(again)["Favorites"] == ["LSTM"]
    _menu_entry(palette, qtbot, "keras.layers.LSTM", "Remove from favorites").trigger()
    assert "Favorites" not in _rows(palette)


def _menu_entry(palette: LayerPalette, qtbot: QtBot, value: str, text: str, role=KIND):
    index = _index(palette, role, value)
    palette.tree.scrollTo(index)
    spot = palette.tree.visualRect(index).center()
    palette.tree.customContextMenuRequested.emit(spot)
    menu = palette.findChildren(QMenu)[-1]
    (action,) = [each for each in menu.actions() if each.text() == text]
    menu.close()
    return action


def test_recent_layers_come_first_and_are_saved(
    world: World, palette: LayerPalette, qtbot: QtBot
) -> None:
    for name in ("Dense", "Add", "Dense"):
        palette.record_use(f"keras.layers.{name}")
    assert "Recently used" not in _rows(palette), "rows do not move immediately"
    until(lambda: "Recently used" in _rows(palette))
    assert _rows(palette)["Recently used"] == ["Dense", "Add"]
    assert world.studio.settings.value.recent_layers[0] == "keras.layers.Dense"
    palette.record_use("keras.layers.LSTM")
    palette.hide()
    assert world.studio.settings.value.recent_layers[0] == "keras.layers.LSTM"


def test_the_list_keeps_its_scroll_position(
    palette: LayerPalette, qtbot: QtBot
) -> None:
    palette.tree.setCurrentIndex(_index(palette, KIND, "keras.layers.LSTM"))
    palette.record_use("keras.layers.Dense")
    until(lambda: "Recently used" in _rows(palette))
    assert palette.tree.currentIndex().data(KIND) == "keras.layers.LSTM"


def test_settings_that_cannot_be_saved_are_reported(
    world: World, palette: LayerPalette, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_values: object) -> None:
        raise UserError("The disk is full.")

    monkeypatch.setattr(world.studio.settings, "change", full)
    palette.toggle_favourite("keras.layers.Add")
    assert world.reported == [("The disk is full.", "bad")]


def test_operations_come_after_layers() -> None:
    found = LayerSearch(catalog().placeable()).find("add")
    names = [each.kind for each in found]
    assert names[0] == "keras.layers.Add" and "keras.ops.add" in names[:4]
    assert LayerSearch(catalog().placeable()).find("conv")[0].name == "Conv2D"


def test_search_words_of_every_language_are_collected_once() -> None:
    search = LayerSearch(catalog().family("layers"))
    assert len(search.find("")) == len(catalog().family("layers"))
    assert [each.name for each in search.find("增强 flip")] == ["RandomFlip"]


# User blocks.


def _text(*nodes) -> str:
    graph = Graph.chain(stacked(*nodes))
    return to_text(graph, graph.nodes)


def test_a_block_file_is_clipboard_text_with_a_name(tmp_path: Path) -> None:
    store = BlockStore(tmp_path)
    text = _text(layer("conv", "Conv2D", filters=4, kernel_size=3), layer("r", "ReLU"))
    block = store.save("  残差 block/1 ", text)
    assert block.name == "残差 block/1"
    (path,) = (tmp_path / "blocks").iterdir()
    item = json.loads(path.read_text("utf-8"))
    assert item["name"] == "残差 block/1"
    assert from_text(path.read_text("utf-8")) == from_text(text)
    assert store.all().blocks == (block,)
    assert BlockStore(tmp_path).find("残差 block/1") == block
    store.remove("残差 block/1")
    assert store.all().blocks == ()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_block_needs_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="name"):
        BlockStore(tmp_path).save(name, _text(layer("r", "ReLU")))
    assert not (tmp_path / "blocks").exists()


def test_a_block_is_never_overwritten_and_never_empty(tmp_path: Path) -> None:
    store = BlockStore(tmp_path)
    store.save("mine", _text(layer("r", "ReLU")))
    with pytest.raises(UserError, match="mine"):
        store.save("mine", _text(layer("d", "Dense", units=3)))
    with pytest.raises(UserError, match="Select"):
        store.save("nothing", to_text(Graph(), ()))
    with pytest.raises(UserError):
        store.save("odd", "no layers")
    assert [block.name for block in store.all().blocks] == ["mine"]


def test_a_block_is_found_under_any_file_name(tmp_path: Path) -> None:
    store = BlockStore(tmp_path)
    store.save("mine", _text(layer("r", "ReLU")))
    (file,) = store.folder.iterdir()
    file.rename(store.folder / "copied by hand.json")
    with pytest.raises(UserError, match="already"):
        store.save("mine", _text(layer("r", "ReLU")))
    store.export("mine", tmp_path / "out.json")
    assert store.import_file(tmp_path / "out.json").name == "mine 2"
    store.rename("mine", "ours")
    assert [block.name for block in store.all().blocks] == ["mine 2", "ours"]
    store.remove("mine 2")
    assert [block.name for block in store.all().blocks] == ["ours"]


def test_damaged_blocks_are_excluded_with_a_notice(world: World, tmp_path) -> None:
    store = BlockStore(world.studio.settings.path.parent)
    store.save("good", _text(layer("r", "ReLU")))
    (store.folder / "bad.json").write_text("{", "utf-8")
    (store.folder / "worse.json").write_bytes(b"\xff\xfe\x00")
    (store.folder / "nameless.json").write_text(_text(layer("r", "ReLU")), "utf-8")
    with shown(lambda: LayerPalette(world.studio), 224, 700) as palette:
        assert _rows(palette)["My blocks"] == ["good"]
    ((text, kind),) = world.reported
    assert kind == "warning"
    assert text.startswith("3 of your blocks are damaged")
    assert "bad.json" in text


def test_selected_layers_are_saved_as_a_named_block(
    world: World, room: ModelRoom, qtbot: QtBot
) -> None:
    room.workspace.canvas.select(("conv", "pool"))
    palette = room.palette_panel
    room.workspace.canvas.run("canvas.save_block")
    assert palette.name.hasFocus()
    assert palette.name.selectedText() == "Block 1"
    qtbot.keyClicks(palette.name, "Stage")
    qtbot.keyClick(palette.name, Key.Key_Return)
    assert not palette.name.isVisible()
    assert _rows(palette)["My blocks"] == ["Stage"]
    assert world.reported[-1][1] == "good"
    block = palette.block("Stage")
    assert block is not None
    assert set(block.graph.nodes) == {"conv", "pool"}
    assert block.graph.edges == (Edge("conv", "pool"),)


def test_a_name_that_is_taken_can_be_corrected(
    world: World, room: ModelRoom, qtbot: QtBot
) -> None:
    palette = room.palette_panel
    palette.blocks.save("Stage", _text(layer("r", "ReLU")))
    room.workspace.canvas.select(("conv",))
    room.save_block()
    qtbot.keyClicks(palette.name, "Stage")
    qtbot.keyClick(palette.name, Key.Key_Return)
    assert palette.name.isVisible()
    assert "Stage" in world.reported[-1][0]
    qtbot.keyClick(palette.name, Key.Key_Escape)
    assert not palette.name.isVisible()


def test_saving_a_block_requires_a_selection(
    world: World, room: ModelRoom, qtbot: QtBot
) -> None:
    room.workspace.canvas.select(())
    room.save_block()
    qtbot.keyClick(room.palette_panel.name, Key.Key_Return)
    assert "Select" in world.reported[-1][0]


def test_a_double_click_inserts_a_block_after_the_selection(
    world: World, room: ModelRoom, qtbot: QtBot
) -> None:
    palette = room.palette_panel
    palette.blocks.save(
        "Stage",
        _text(layer("conv", "Conv2D", filters=4, kernel_size=3), layer("p", "ReLU")),
    )
    palette._read_blocks()
    palette.refresh()
    room.workspace.canvas.select(("pool",))
    _click(palette, _index(palette, BLOCK, "Stage"), qtbot, twice=True)
    graph = world.session.project.model
    assert len(graph.nodes) == 7
    new = [id for id in graph.nodes if id not in {n.id for n in convolutional()}]
    assert len(new) == 2, "under unused names"
    assert Edge("pool", new[0]) in graph.edges
    assert Edge(new[0], new[1]) in graph.edges
    assert Edge(new[1], "flat") in graph.edges, "the chain continues after it"
    assert Edge("pool", "flat") not in graph.edges
    heights = [graph.nodes[id].position[1] for id in ("pool", *new, "flat", "head")]
    assert heights == sorted(heights) and len(set(heights)) == 5, "there is room"
    assert world.steps == ["Add block Stage"]
    assert set(room.workspace.canvas.context.selection.ids) == set(new)
    world.session.undo()
    assert len(world.session.project.model.nodes) == 5


def _drop(room: ModelRoom, data: QMimeData, spot: QPointF | None = None) -> QPointF:
    """Drop near the top right corner of the canvas, where it is empty."""
    view = room.workspace.canvas.view
    spot = spot or QPointF(view.viewport().width() - 60, 60)
    none = Qt.KeyboardModifier.NoModifier
    copy, kind = Qt.DropAction.CopyAction, QEvent.Type.Drop
    enter = QDragEnterEvent(POINT(spot.toPoint()), copy, data, LEFT, none)
    QApplication.sendEvent(view.viewport(), enter)
    assert enter.isAccepted()
    QApplication.sendEvent(
        view.viewport(), QDropEvent(spot, copy, data, LEFT, none, kind)
    )
    return view.mapToScene(spot.toPoint())


def test_a_block_is_not_inserted_into_an_edge_if_its_ends_are_ambiguous(
    world: World, room: ModelRoom
) -> None:
    store = room.palette_panel.blocks
    chain = store.save("Chain", _text(layer("r", "ReLU"), layer("s", "Softmax")))
    room.workspace.canvas.select(("head",))
    room.add_block(chain)
    assert Edge("head", "r") in world.session.project.model.edges
    fork = Graph.chain([layer("a", "ReLU"), layer("b", "ReLU")])
    fork = fork.with_nodes([layer("c", "ReLU")])
    wide = store.save("Wide", to_text(fork, fork.nodes))
    room.workspace.canvas.select(("pool",))
    before = world.session.project.model.edges
    room.add_block(wide)
    after = world.session.project.model
    assert set(before) <= set(after.edges)
    assert not after.into("a") and not after.into("c"), "the ends are ambiguous"


def test_a_block_in_an_empty_graph_is_unconnected(
    world: World, room: ModelRoom
) -> None:
    world.draw(Graph())
    block = room.palette_panel.blocks.save("Solo", _text(layer("r", "ReLU")))
    room.add_block(block)
    assert set(world.session.project.model.nodes) == {"r"}


def test_a_block_is_dropped_where_the_pointer_is(
    world: World, room: ModelRoom, qtbot: QtBot
) -> None:
    palette = room.palette_panel
    palette.blocks.save("Stage", _text(layer("r", "ReLU")))
    palette._read_blocks()
    palette.refresh()
    data = palette.model.mimeData([_index(palette, BLOCK, "Stage")])
    assert data.hasFormat(BLOCK_MIME)
    there = _drop(room, data)
    graph = world.session.project.model
    new = graph.nodes["r"]
    assert not graph.into("r") and not graph.out_of("r")
    assert abs(new.position[0] - there.x()) < 16
    assert abs(new.position[1] - there.y()) < 16


def test_other_drags_are_passed_to_the_canvas(world: World, room: ModelRoom) -> None:
    data = QMimeData()
    data.setData(LAYER_MIME, b"keras.layers.Flatten")
    _drop(room, data)
    kinds = [n.kind for n in world.session.project.model.nodes.values()]
    assert kinds.count("keras.layers.Flatten") == 2


def test_blocks_are_removed_and_found(
    world: World, room: ModelRoom, qtbot: QtBot
) -> None:
    palette = room.palette_panel
    palette.blocks.save("Residual stage", _text(layer("r", "ReLU")))
    palette._read_blocks()
    _find(palette, qtbot, "stage")
    assert _rows(palette)["My blocks"] == ["Residual stage"]
    action = _menu_entry(palette, qtbot, "Residual stage", "Remove block", BLOCK)
    action.trigger()
    assert "My blocks" not in _rows(palette)
    assert palette.blocks.all().blocks == ()


def test_blocks_are_renamed_exported_and_imported(
    world: World, room: ModelRoom, qtbot: QtBot, tmp_path: Path
) -> None:
    palette = room.palette_panel
    palette.blocks.save("Stage", _text(layer("r", "ReLU")))
    palette._read_blocks()
    palette.refresh()
    _menu_entry(palette, qtbot, "Stage", "Rename block…", BLOCK).trigger()
    assert palette.name.hasFocus() and palette.name.selectedText() == "Stage"
    qtbot.keyClicks(palette.name, "Level")
    qtbot.keyClick(palette.name, Key.Key_Return)
    assert _rows(palette)["My blocks"] == ["Level"]
    _menu_entry(palette, qtbot, "Level", "Export block…", BLOCK).trigger()
    file = tmp_path / "level.json"
    dialog = palette.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(file))
    dialog.reject()
    settle()
    _menu_entry(palette, qtbot, "Level", "Import block…", BLOCK).trigger()
    dialog = palette.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(file))
    file.write_text("{}", "utf-8")
    dialog.fileSelected.emit(str(file))
    dialog.reject()
    assert _rows(palette)["My blocks"] == ["Level", "Level 2"]
    assert [kind for _text, kind in world.reported] == ["good", "good", "bad"]


def test_a_block_brings_its_nested_models_along() -> None:
    encoder = Graph.chain([layer("d", "Dense", units=3)])
    outer = Graph.chain([node("part", NESTED, graph="encoder")])
    text = to_text(outer, outer.nodes, {"encoder": encoder, "other": outer})
    assert dict(nested_in_text(text)) == {"encoder": encoder}
    other = Graph.chain([layer("d", "Dense", units=9)])
    adopted = adopt(outer, nested_in_text(text), {"encoder": other})
    (edit,) = adopted.edits
    assert edit == SetGraph(encoder, "encoder_2")
    assert adopted.graph.nodes["part"].params["graph"] == "encoder_2"
    assert adopt(outer, nested_in_text(text), {"encoder": encoder}).edits == ()


def test_any_added_layer_becomes_a_recent_one(
    world: World, room: ModelRoom, qtbot: QtBot
) -> None:
    palette = room.palette_panel
    room.workspace.canvas.select(("conv",))
    _click(palette, _index(palette, KIND, "keras.layers.Dropout"), qtbot, twice=True)
    graph = world.session.project.graph(MODEL)
    added = next(n for n in graph.nodes.values() if n.kind == "keras.layers.Dropout")
    assert graph.into(added.id)[0].source == "conv"
    assert graph.out_of(added.id)[0].target == "pool", "between it and the next"
    room.workspace.canvas.add("keras.layers.ReLU")
    until(lambda: "Recently used" in _rows(palette))
    assert _rows(palette)["Recently used"] == ["ReLU", "Dropout"]
    world.session.undo()
    world.open(image())
    settle()
    assert _rows(palette)["Recently used"] == ["ReLU", "Dropout"]


def test_a_block_dropped_on_an_edge_is_inserted(
    world: World, room: ModelRoom, qtbot: QtBot
) -> None:
    palette, view = room.palette_panel, room.workspace.canvas.view
    palette.blocks.save("Stage", _text(layer("r", "ReLU"), layer("s", "Softmax")))
    palette._read_blocks()
    palette.refresh()
    data = palette.model.mimeData([_index(palette, BLOCK, "Stage")])
    item = room.workspace.canvas.context.scene.edge_layer.items[Edge("pool", "flat")]
    left, top, right, bottom = item.bounds
    spot = view.mapFromScene((left + right) / 2, (top + bottom) / 2)
    _drop(room, data, QPointF(spot))
    edges = world.session.project.model.edges
    wanted = {Edge("pool", "r"), Edge("r", "s"), Edge("s", "flat")}
    assert wanted <= set(edges) and Edge("pool", "flat") not in edges
    world.session.undo()
    assert Edge("pool", "flat") in world.session.project.model.edges
