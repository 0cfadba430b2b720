"""The window is entirely on a screen, for any past and present screens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.ui.shell.window import Window
from dlstudio.ui.shell.window_placement import (
    DEFAULT_SIZE,
    EDGE,
    MIN_SIZE,
    TITLE,
    ScreenRect,
    WindowPlacement,
    inside,
    minimum_size,
    parse_placement,
    place,
    placement_text,
)

LAPTOP = ScreenRect(0, 0, 1366, 728)  # 1366×768 with a task bar
SMALL = ScreenRect(0, 0, 910, 485)  # the same at 150 %
LARGE = ScreenRect(0, 0, 1920, 1040)
RIGHT = ScreenRect(1920, 0, 2560, 1400)

screens = st.builds(
    ScreenRect,
    st.integers(-4000, 4000),
    st.integers(-4000, 4000),
    st.integers(640, 5120),
    st.integers(400, 2880),
)
boxes = st.builds(
    ScreenRect,
    st.integers(-9000, 9000),
    st.integers(-9000, 9000),
    st.integers(1, 6000),
    st.integers(1, 4000),
)
placements = st.builds(WindowPlacement, boxes, st.booleans())


def framed(box: ScreenRect) -> ScreenRect:
    """The window including the system's frame."""
    return ScreenRect(
        box.x - EDGE, box.y - TITLE, box.width + 2 * EDGE, box.height + TITLE + EDGE
    )


@pytest.mark.parametrize("screen", [LAPTOP, SMALL])
def test_a_first_window_too_large_for_the_screen_is_maximized(
    screen: ScreenRect,
) -> None:
    _number, placed = place([screen], None)
    assert placed.maximized
    assert screen.contains(framed(placed.box))


def test_a_first_window_that_fits_stands_in_the_middle() -> None:
    _number, placed = place([LARGE, RIGHT], None)
    assert not placed.maximized
    assert (placed.box.width, placed.box.height) == DEFAULT_SIZE
    assert abs(placed.box.x - (LARGE.width - placed.box.right)) <= 1


def test_it_opens_where_it_was_closed_on_the_second_screen() -> None:
    kept = WindowPlacement(ScreenRect(2100, 100, 1500, 1000))
    assert place([LARGE, RIGHT], kept) == (1, kept)
    assert place([LARGE, RIGHT], WindowPlacement(kept.box, True)) == (
        1,
        WindowPlacement(kept.box, True),
    )


def test_it_returns_from_a_removed_screen() -> None:
    number, placed = place([LAPTOP], WindowPlacement(ScreenRect(2100, 100, 1500, 1000)))
    assert number == 0
    assert LAPTOP.contains(framed(placed.box))


def test_the_minimum_size_fits_at_150_percent() -> None:
    assert minimum_size(LARGE) == MIN_SIZE
    width, height = minimum_size(SMALL)
    assert SMALL.contains(framed(ScreenRect(EDGE, TITLE, width, height)))


@given(st.lists(screens, min_size=1, max_size=4), st.none() | placements)
def test_the_whole_window_is_on_the_chosen_screen(
    found: list[ScreenRect], kept: WindowPlacement | None
) -> None:
    number, placed = place(found, kept)
    screen = found[number]
    assert screen.contains(framed(placed.box))
    least = minimum_size(screen)
    if kept is not None and kept.box.width >= least[0]:
        assert placed.box.width >= least[0]
    if kept is not None:
        assert placed.maximized == kept.maximized


@given(screens, st.booleans())
def test_a_fitting_placement_is_unchanged(screen: ScreenRect, maximized: bool) -> None:
    kept = WindowPlacement(inside(screen), maximized)
    assert place([screen], kept) == (0, kept)


@given(placements)
def test_a_saved_placement_is_restored(placed: WindowPlacement) -> None:
    assert parse_placement(placement_text(placed)) == placed


@given(st.text() | st.text("0123456789- maxid"))
def test_a_damaged_text_is_no_placement(text: str) -> None:
    placed = parse_placement(text)
    if placed is not None:
        assert parse_placement(placement_text(placed)) == placed


def test_the_window_opens_where_it_was_closed(
    make_window, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window()
    window.setGeometry(8, 41, 620, 480)  # smaller than allowed
    before = window.geometry()
    window.close_unsaved()
    monkeypatch.setattr(Window, "resize", lambda *_size: None)
    monkeypatch.setattr(Window, "setWindowState", lambda *_state: None)
    again = make_window()
    assert again.geometry() == before
    assert again.screen().availableGeometry().contains(again.frameGeometry())
