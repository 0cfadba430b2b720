"""What the window says about a backbone."""

from __future__ import annotations

import pytest

from dlstudio.document.backbone_text import (
    backbone_facts,
    backbone_title,
    weights_text,
)
from dlstudio.document.graph import node

KIND = "dlstudio.layers.Backbone"


@pytest.mark.parametrize(
    ("weights", "text"),
    [
        ("imagenet", "ImageNet"),
        ("none", "random weights"),
        ("C:\\nets\\own.h5", "own.h5"),
        ("nets/own.keras", "own.keras"),
    ],
)
def test_where_weights_come_from(weights: str, text: str) -> None:
    assert weights_text(node("backbone", KIND, weights=weights)) == text


def test_facts_are_those_of_the_network() -> None:
    mobile = node("backbone", KIND, architecture="MobileNet", alpha=0.25)
    assert backbone_title(mobile) == "MobileNet"
    assert "224×224" in backbone_facts(mobile) and "about 1 MB" in backbone_facts(
        mobile
    )
    unpublished = node("backbone", KIND, architecture="MobileNet", alpha=0.3)
    assert "MB" not in backbone_facts(unpublished)
    unknown = node("backbone", KIND, architecture="VGG16", alpha=0.3)
    assert backbone_facts(unknown) == ""
