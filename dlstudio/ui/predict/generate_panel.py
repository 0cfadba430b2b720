"""Makes new images with the model of a run, and saves them."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.document.image_requests import SampleRequest
from dlstudio.i18n import _
from dlstudio.ui.runs.run_picker import RunPicker
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.file_dialogs import FileDialogs
from dlstudio.ui.widgets.image_grid import ImageGrid
from dlstudio.ui.widgets.images import to_image
from dlstudio.ui.widgets.integer_spin_box import IntegerSpinBox
from dlstudio.ui.widgets.labels import heading, label

MAX_SEED = 2**31 - 1
MAX_IMAGES = 64
FIRST = 16
SIDE = 48


class GeneratePanel(Card):
    """The same number and seed give the same images.

    Args:
        studio: The window's services, theme and navigation.
        picker: Selects the run.
    """

    def __init__(
        self, studio: Studio, picker: RunPicker, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, margin=12)
        self._studio, self._picker = studio, picker
        self._made = studio.services.made_images
        self._asked = ("", SampleRequest(0, 0))
        theme = studio.theme
        self.choice = FileDialogs(self)
        self.count = self._number(_("Number of images"), 1, MAX_IMAGES)
        self.count.setValue(FIRST)
        self.seed = self._number(_("Seed"), 0, MAX_SEED)
        self.make = button(theme, _("Generate"), "", "mdi6.dice-multiple-outline")
        self.save = button(theme, _("Save images…"), "", "mdi6.tray-arrow-down")
        self.grid = ImageGrid(_("New images"), SIDE, self)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(heading(theme, _("New images")))
        line.addSpacing(8)
        line.addWidget(label(_("Number of images"), "muted"))
        line.addWidget(self.count)
        line.addWidget(label(_("Seed"), "muted"))
        line.addWidget(self.seed)
        line.addWidget(self.make)
        line.addStretch(1)
        line.addWidget(self.save)
        self.body.addLayout(line)
        self.body.addWidget(self.grid)
        self.save.hide()
        self.grid.hide()
        self.make.clicked.connect(self._ask)
        self.save.clicked.connect(self._choose_folder)
        self._made.found_changed.connect(self._show)

    def _number(self, name: str, low: int, high: int) -> IntegerSpinBox:
        made = IntegerSpinBox(self)
        made.setRange(low, high)
        made.setAccessibleName(name)
        return made

    def _ask(self) -> None:
        run = self._picker.run
        if run:
            self._asked = run, SampleRequest(self.count.value(), self.seed.value())
            self._made.ask(*self._asked)

    def _show(self) -> None:
        found = self._made.found
        shown = found is not None and (found.run, found.request) == self._asked
        self.save.setVisible(shown)
        self.grid.setVisible(shown)
        if found is not None and shown:
            self.grid.show_images([to_image(each) for each in found.images])

    def _choose_folder(self) -> None:
        folder = self._studio.session.folder
        if folder is not None:
            place = folder.parent / f"{folder.name}-images"
            self.choice.place(_("New folder for the images"), place, self._made.save)
