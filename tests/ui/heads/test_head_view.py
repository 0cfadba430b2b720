"""The view parts of heads and training methods."""

from __future__ import annotations

import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.ui.heads.head_view import (
    HeadView,
    MethodView,
    head_view,
    implementation,
    method_view,
)
from dlstudio.ui.heads.live_panel import LivePanel
from dlstudio.ui.predict.page import PredictPage

CATALOG = Catalog.load()
HEADS = [each.kind for each in CATALOG.family("heads")]


@pytest.mark.parametrize("kind", HEADS)
def test_every_head_has_a_view_whose_widgets_exist(kind: str) -> None:
    view = head_view(kind, CATALOG)
    assert isinstance(view, HeadView)
    assert bool(view.live) == bool(view.live_title)
    if view.live:
        assert issubclass(implementation(view.live), LivePanel)
    assert bool(view.page) == bool(view.page_section)
    if view.page:
        assert hasattr(implementation(view.page), "show_output")
    if view.predict:
        assert issubclass(implementation(view.predict), PredictPage)


def test_what_is_not_known_has_an_empty_view() -> None:
    assert head_view("", CATALOG) == HeadView()
    assert method_view("dlstudio.methods.supervised", CATALOG) == MethodView()


def test_variational_models_make_new_images() -> None:
    name = method_view("dlstudio.methods.variational", CATALOG).generate
    assert implementation(name).__name__ == "GeneratePanel"
