"""Classes that are each other's mirror image, by name."""

from __future__ import annotations

import pytest

from dlstudio.data.images.checks.opposite_classes import (
    ACROSS,
    DOWN,
    TURNED,
    named_opposites,
)


@pytest.mark.parametrize(
    ("names", "changes"),
    [
        (("left", "right"), {ACROSS, TURNED}),
        (("arrow_left", "arrow_none", "arrow_right"), {ACROSS, TURNED}),
        (("TurnLeft", "TurnRight"), {ACROSS, TURNED}),
        (("左转", "右转", "直行"), {ACROSS, TURNED}),
        (("foot-L", "foot-R"), {ACROSS, TURNED}),
        (("l", "r"), {ACROSS, TURNED}),
        (("east", "west"), {ACROSS, TURNED}),
        (("thumbs up", "thumbs down"), {DOWN, TURNED}),
        (("top", "bottom"), {DOWN, TURNED}),
        (("上", "下"), {DOWN, TURNED}),
        (("clockwise", "counter-clockwise"), {ACROSS, DOWN}),
        (("Anticlockwise", "Clockwise"), {ACROSS, DOWN}),
        (("顺时针", "逆时针"), {ACROSS, DOWN}),
        (("b", "d"), {ACROSS}),
        (("p", "q"), {ACROSS}),
        (("6", "9"), {DOWN, TURNED}),
        (("left_up", "left_down", "right_up"), {ACROSS, DOWN, TURNED}),
    ],
)
def test_names_say_what_must_not_be_mirrored(
    names: tuple[str, ...], changes: set[str]
) -> None:
    assert set(named_opposites(names)) == changes
    assert set(named_opposites(names[::-1])) == changes


@pytest.mark.parametrize(
    "names",
    [
        ("cat", "dog"),
        ("right", "wrong"),
        ("left ear", "right eye"),
        ("group b", "group d"),
        ("bright", "light"),
        ("upper_case", "lower"),
        ("1", "2"),
        (),
    ],
)
def test_other_names_say_nothing(names: tuple[str, ...]) -> None:
    assert named_opposites(names) == {}
