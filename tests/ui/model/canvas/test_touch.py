"""Touchpad gestures: scrolling with two fingers and zooming by pinch."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from canvas_world import CONV, DENSE, Hand, chain
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import (
    QInputDevice,
    QNativeGestureEvent,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication

from dlstudio.document.graph import INPUT, Graph

MakeHand = Callable[[Graph], Hand]
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
AT = QPointF(300, 260)


@pytest.fixture(scope="module")
def pad() -> QPointingDevice:
    """A touch pad."""
    kinds, fingers = QInputDevice.DeviceType, QPointingDevice.PointerType
    able = QInputDevice.Capability.PixelScroll
    return QPointingDevice("pad", 77, kinds.TouchPad, fingers.Finger, able, 2, 0)


@pytest.fixture
def h(hand: MakeHand) -> Hand:
    made = hand(chain(INPUT, CONV, DENSE))
    made.canvas.view.zoom_to(0.8)
    return made


def scroll(
    h: Hand,
    pad: QPointingDevice | None,
    pixels: QPoint,
    angle: QPoint,
    modifiers: Qt.KeyboardModifier = NONE,
    phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase,
) -> None:
    where = h.viewport.mapToGlobal(AT.toPoint()).toPointF()
    left = Qt.MouseButton.NoButton
    own = Qt.MouseEventSource.MouseEventNotSynthesized
    device = pad or QPointingDevice.primaryPointingDevice()
    event = QWheelEvent(
        AT, where, pixels, angle, left, modifiers, phase, False, own, device
    )
    QApplication.sendEvent(h.viewport, event)
    assert event.isAccepted()


def pinch(h: Hand, pad: QPointingDevice, kind: Qt.NativeGestureType, by: float) -> None:
    event = QNativeGestureEvent(
        kind, pad, 2, AT, AT, h.viewport.mapToGlobal(AT), by, QPointF()
    )
    QApplication.sendEvent(h.viewport, event)


def test_two_fingers_scroll_by_pixels(h: Hand, pad: QPointingDevice) -> None:
    view = h.canvas.view
    before, scale = view.mapFromScene(0, 0), view.current_scale
    scroll(h, pad, QPoint(30, -12), QPoint(60, -24))
    assert view.mapFromScene(0, 0) - before == QPoint(30, -12)
    assert view.current_scale == scale


def test_a_scroll_with_phases_comes_from_a_touchpad(h: Hand) -> None:
    view = h.canvas.view
    before, scale = view.mapFromScene(0, 0), view.current_scale
    scroll(h, None, QPoint(0, 9), QPoint(0, 18), phase=Qt.ScrollPhase.ScrollUpdate)
    assert view.mapFromScene(0, 0) - before == QPoint(0, 9)
    assert view.current_scale == scale


def test_a_touchpad_without_pixels_scrolls_by_angle(
    h: Hand, pad: QPointingDevice
) -> None:
    view = h.canvas.view
    before = view.mapFromScene(0, 0)
    scroll(h, pad, QPoint(), QPoint(0, -120))
    assert view.mapFromScene(0, 0) - before == QPoint(0, -30)


def test_a_wheel_zooms_and_scrolls_when_tilted(h: Hand) -> None:
    view = h.canvas.view
    scale = view.current_scale
    scroll(h, None, QPoint(), QPoint(0, 120))
    assert view.current_scale > scale
    scale, before = view.current_scale, view.mapFromScene(0, 0)
    scroll(h, None, QPoint(), QPoint(120, 0))
    assert view.current_scale == scale
    assert view.mapFromScene(0, 0) - before == QPoint(120, 0)


def test_ctrl_and_fingers_zoom(h: Hand, pad: QPointingDevice) -> None:
    scale = h.canvas.view.current_scale
    scroll(h, pad, QPoint(0, -40), QPoint(0, -80), CTRL)
    assert h.canvas.view.current_scale < scale


def test_a_pinch_zooms_to_where_the_fingers_are(h: Hand, pad: QPointingDevice) -> None:
    view = h.canvas.view
    under = view.mapToScene(AT.toPoint())
    pinch(h, pad, Qt.NativeGestureType.ZoomNativeGesture, 0.25)
    assert view.current_scale == pytest.approx(1.0)
    still = view.mapFromScene(under) - AT.toPoint()
    assert still.manhattanLength() <= 2, "the point under the fingers is fixed"


def test_a_tap_of_two_fingers_goes_to_100_percent_and_back(
    h: Hand, pad: QPointingDevice
) -> None:
    view = h.canvas.view
    pinch(h, pad, Qt.NativeGestureType.SmartZoomNativeGesture, 0.0)
    assert view.current_scale == pytest.approx(1.0)
    view.zoom_to(1.0)
    view.pan_by(4000, 0)
    pinch(h, pad, Qt.NativeGestureType.SmartZoomNativeGesture, 0.0)
    assert view.visible_rect().contains(h.canvas.context.scene.content_rect())
