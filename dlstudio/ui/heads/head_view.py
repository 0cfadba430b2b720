"""What the rooms show for the kind of output that a model has."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any, Protocol, cast

from dlstudio.catalog.store import Catalog
from dlstudio.document.evaluation import Evaluation, HeadReport


class ReportPage(Protocol):
    """A page of the Evaluate room for one kind of head.

    It is a widget, made with the window's services and a parent.

    Attributes:
        row_chosen: Signal with the id of a sample that the user wants to see.
        row_selected: Signal with the id of a sample whose row is selected.
        threshold_chosen: Signal with a threshold to keep; None for the default.
    """

    row_chosen: Any
    row_selected: Any
    threshold_chosen: Any

    def show_output(self, found: Evaluation, report: HeadReport) -> None:
        """Show an output of an evaluation.

        Args:
            found: All of it.
            report: Of the output.
        """

    def flush(self) -> None:
        """Emit at once what was chosen, before something else is shown."""


@dataclass(frozen=True, slots=True)
class HeadView:
    """The view part of a head; descriptions name an instance of it.

    Widgets are named as "module:class" and imported when they are first shown.

    Attributes:
        live_title: Of the tab below the curves that follows the newest checkpoint;
            translatable.
        live: The `dlstudio.ui.heads.live_panel.LivePanel` on it; "" for no such tab.
        page: The `ReportPage` for evaluations; "" for one with a section below the
            other.
        page_section: What reports have that are shown on it.
        parts: What can be exported of the model beside all of it: the exporter's name
            and a title to translate.
        predict: The `dlstudio.ui.predict.page.PredictPage` for models with this head;
            "" for the page that fits their inputs.
    """

    live_title: str = ""
    live: str = ""
    page: str = ""
    page_section: str = ""
    predict: str = ""
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MethodView:
    """The view part of a training method; descriptions name an instance of it.

    Attributes:
        generate: Widget of the Predict room that makes something new with a model;
            "" for none.
        evaluate: Widget of the Evaluate room for runs that have no model to evaluate;
            "" where runs have models. See `WordsPage`.
        without_model: What rooms that need a model say of its runs, to translate.
    """

    generate: str = ""
    evaluate: str = ""
    without_model: str = ""


def report_pages(catalog: Catalog) -> dict[str, str]:
    """The pages that heads have of their own, by the section that calls for them.

    Args:
        catalog: Describes the heads.
    """
    views = (head_view(each.kind, catalog) for each in catalog.family("heads"))
    return {each.page_section: each.page for each in views if each.page}


def head_view(kind: str, catalog: Catalog) -> HeadView:
    """The view part of a head; an empty one of what is no head.

    Args:
        kind: Such as "dlstudio.heads.regression"; "" where none is known.
        catalog: Describes the heads.
    """
    view = _view_of(kind, "heads", catalog)
    return cast("HeadView", implementation(view)) if view else HeadView()


def method_view(kind: str, catalog: Catalog) -> MethodView:
    """The same of a training method."""
    view = _view_of(kind, "methods", catalog)
    return cast("MethodView", implementation(view)) if view else MethodView()


def implementation(name: str) -> Any:
    """What a qualified name "module:name" names."""
    module, _colon, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _view_of(kind: str, family: str, catalog: Catalog) -> str:
    known = {each.kind: each for each in catalog.family(family)}
    return known[kind].implementations.view if kind in known else ""
