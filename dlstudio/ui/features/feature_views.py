"""The view parts of all feature types, and what their chips look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtGui import QColor

from dlstudio.catalog.store import Catalog
from dlstudio.i18n import _, marked
from dlstudio.ui.features.base import FeatureView, load_feature_view
from dlstudio.ui.theme.category_colors import DARK_LIGHTNESS
from dlstudio.ui.theme.tokens import Theme

IGNORED: Mapping[str, tuple[str, str]] = {
    "": (marked("ignored"), marked("This column is not used.")),
    "missing": (marked("all blank"), marked("All cells are blank.")),
    "constant": (marked("constant"), marked("All values are the same.")),
    "identifier": (marked("identifier"), marked("Every value is different.")),
    "text": (
        marked("free text"),
        marked("Short texts that rarely repeat. Choose the type Text to use them."),
    ),
    "files": (
        marked("files missing"),
        marked("The image files named here do not exist."),
    ),
}
"""In a word or two and as a message why a column is ignored."""
TINT = 0.12
"""Opacity of a chip's background in its own colour."""
DARK_INK = 0.76
"""Lightness of a chip's text on a dark background."""


class FeatureViews:
    """Views by kind, each imported when it is first needed."""

    def __init__(self, catalog: Catalog) -> None:
        self._descriptions = {each.kind: each for each in catalog.family("features")}
        self._views: dict[str, FeatureView] = {}

    def __getitem__(self, kind: str) -> FeatureView:
        """The view of a kind.

        Raises:
            KeyError: The kind is no feature type.
        """
        if kind not in self._views:
            self._views[kind] = load_feature_view(self._descriptions[kind])
        return self._views[kind]

    def __contains__(self, kind: object) -> bool:
        return kind in self._descriptions

    def __iter__(self) -> Iterator[str]:
        return iter(self._descriptions)

    def of_cells(self) -> tuple[str, ...]:
        """The kinds that the cells of a table can have."""
        return tuple(
            kind
            for kind, each in self._descriptions.items()
            if each.implementations.data
        )

    def names_files(self, kind: str) -> bool:
        """Whether cells name files, of which thumbnails stand beside the names.

        Args:
            kind: "" for an ignored column.
        """
        return bool(kind) and bool(self._descriptions[kind].implementations.stored)

    def title(self, kind: str) -> str:
        """The displayed name of a kind; "" is an ignored column."""
        if not kind:
            return _("Ignored")
        return _(self._descriptions[kind].title)

    def icon(self, kind: str) -> str:
        """The icon of a kind, as in `qtawesome`."""
        return self[kind].icon if kind else "mdi6.cancel"

    def ink(self, kind: str, theme: Theme) -> QColor:
        """The colour of a kind's chip.

        Args:
            kind: "" for an ignored column.
            theme: Colours and sizes.
        """
        if not kind:
            return QColor(theme.colors.text_muted)
        ink = QColor(self[kind].color)
        if QColor(theme.colors.background).lightness() >= DARK_LIGHTNESS:
            return ink
        return QColor.fromHslF(ink.hslHueF(), ink.hslSaturationF(), DARK_INK)

    def tint(self, kind: str, theme: Theme) -> QColor:
        """The translucent background of a kind's chip.

        Args:
            kind: "" for an ignored column.
            theme: Colours and sizes.
        """
        color = self.ink(kind, theme)
        color.setAlphaF(TINT)
        return color


def ignored_text(reason: str) -> str:
    """Why a column is ignored, in a word or two."""
    return _(IGNORED.get(reason, IGNORED[""])[0])


def ignored_message(reason: str) -> str:
    """Why a column is ignored, as a message."""
    return _(IGNORED.get(reason, IGNORED[""])[1])
