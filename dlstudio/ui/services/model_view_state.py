"""The view state of the Model room, and its panel sizes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from dlstudio.document.project import MODEL, Project
from dlstudio.errors import UserError
from dlstudio.settings import SettingsStore

PALETTE, INSPECTOR, PANELS = "palette", "inspector", "panels"
DEFAULT_SIZES = {PALETTE: 224, INSPECTOR: 296, PANELS: 176}
MIN_SIZE, MAX_SIZE = 80, 900
KEY = "model"


@dataclass(frozen=True, slots=True)
class ComparisonBase:
    """What a model is compared with.

    Attributes:
        name: Of the project or of the run.
        run: Whether the project is that of a run.
    """

    project: Project
    name: str
    run: bool = False


class ViewState(QObject):
    """Outlives the room on language and theme changes; sizes are saved in settings.

    Attributes:
        path: Names of the open graphs, each nested in the one before.
        selected: Ids of the selected nodes by graph.
        panel: The panel that is open below the canvas.
        collapsed: Whether the user collapsed the panels; None if undecided: they are
            then open only while there are problems.
        tab: The inspector's current tab.
        compared: What each graph is compared with, while it is compared.
        sizes: Widths of palette and inspector and height of the panels, in pixels.
    """

    def __init__(self, settings: SettingsStore) -> None:
        super().__init__()
        self._settings = settings
        self.path: list[str] = [MODEL]
        self.selected: dict[str, tuple[str, ...]] = {}
        self.panel = 0
        self.collapsed: bool | None = None
        self.tab = 0
        self.compared: dict[str, ComparisonBase] = {}
        self.sizes = {
            **DEFAULT_SIZES,
            **parse_sizes(settings.value.window.get(KEY, "")),
        }

    def stop_comparing(self) -> None:
        """End all comparisons, as another project has been opened."""
        self.compared.clear()

    def close(self) -> bool:
        """Save the sizes; called when the window closes."""
        text = sizes_text(self.sizes)
        window = self._settings.value.window
        if window.get(KEY, sizes_text(DEFAULT_SIZES)) != text:
            try:
                self._settings.change(window={**window, KEY: text})
            except UserError:
                return True  # not worth an error message while closing
        return True


def sizes_text(sizes: dict[str, int]) -> str:
    """ "inspector=296 palette=224 panels=176"."""
    return " ".join(f"{name}={size}" for name, size in sorted(sizes.items()))


def parse_sizes(text: str) -> dict[str, int]:
    """The sizes in a text; invalid entries are ignored."""
    found = {}
    for word in text.split():
        name, _equals, size = word.partition("=")
        if name in DEFAULT_SIZES and size.isdecimal() and len(size) < 6:
            found[name] = min(max(int(size), MIN_SIZE), MAX_SIZE)
    return found
