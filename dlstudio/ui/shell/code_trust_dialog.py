"""The dialog that shows the code of a model, and asks whether it is trusted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from dlstudio.byte_size import size_text
from dlstudio.document.custom_code import CodeItem
from dlstudio.i18n import _
from dlstudio.ui.theme.fonts import mono_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label

WIDTH, CODE_HEIGHT = 680, 300
SHORT = 16


class CodeTrustDialog(QDialog):
    """Shows all code that would be run. Nothing of it has been run.

    Args:
        theme: Colours and fonts.
        items: The code.
        parent: The window.

    Signals:
        trusted: The code is to be trusted and run.
        revoked: The code is to be trusted no longer.
        code_wanted: A file is to be added; see `allow_more`.
    """

    trusted = Signal()
    revoked = Signal()
    code_wanted = Signal()

    def __init__(
        self, theme: Theme, items: Sequence[CodeItem], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._items = tuple(items)
        is_trusted = bool(items) and all(each.trusted for each in items)
        self.setObjectName("code-trust")
        self.setWindowTitle(_("Code of this model"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = label(_explanation(self._items, is_trusted=is_trusted), wrap=True)
        self.choice = QComboBox()
        self.choice.setAccessibleName(_("Code"))
        self.choice.addItems([each.name for each in self._items])
        self.choice.setVisible(len(self._items) > 1)
        self.facts = label("", "muted", wrap=True)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.code = QPlainTextEdit()
        self.code.setReadOnly(True)
        self.code.setAccessibleName(_("Code"))
        self.code.setFont(mono_font(theme))
        self.code.setFixedHeight(CODE_HEIGHT)
        self.code.setTabChangesFocus(True)
        self.code.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.add_button = button(theme, _("Add code…"))
        self.add_button.hide()
        self.add_button.clicked.connect(self.code_wanted)
        asks = bool(items) and not is_trusted
        self.cancel_button = button(theme, _("Cancel") if asks else _("Close"))
        self.cancel_button.setDefault(True)
        self.cancel_button.clicked.connect(self.reject)
        self.trust_button = button(theme, _("Trust and run"), "danger")
        self.trust_button.setAutoDefault(False)
        self.trust_button.setVisible(asks)
        self.trust_button.clicked.connect(self._trust)
        self.revoke_button = button(theme, _("Revoke trust"))
        self.revoke_button.setAutoDefault(False)
        self.revoke_button.setVisible(is_trusted)
        self.revoke_button.clicked.connect(self._revoke)
        self._arrange(_title(self._items, is_trusted=is_trusted))
        self.choice.currentIndexChanged.connect(self._show_item)
        self._show_item(0)
        self.cancel_button.setFocus()

    def allow_more(self) -> None:
        """Offer to add a code file."""
        self.add_button.show()

    def _trust(self) -> None:
        self.accept()
        self.trusted.emit()

    def _revoke(self) -> None:
        self.accept()
        self.revoked.emit()

    def _show_item(self, place: int) -> None:
        shown = 0 <= place < len(self._items)
        self.facts.setVisible(shown)
        self.code.setVisible(shown)
        if not shown:
            return
        item = self._items[place]
        is_file = item.kind == "file"
        self.facts.setText(
            "  ·  ".join(
                (
                    item.place or item.name,
                    _("Python file") if is_file else _("function of a Lambda layer"),
                    size_text(item.size),
                    f"SHA-256 {item.digest[:SHORT]}…",
                    _("trusted") if item.trusted else _("not trusted"),
                )
            )
        )
        self.code.setPlainText(item.text if is_file else _bytecode_text(item))

    def _arrange(self, title: str) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        foot.addWidget(self.revoke_button)
        foot.addWidget(self.trust_button)
        foot.addWidget(self.cancel_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(label(title, "title"))
        for each in (self.text, self.choice, self.facts, self.code):
            column.addWidget(each)
        column.addSpacing(4)
        column.addLayout(foot)
        self.setFixedWidth(WIDTH)


def _title(items: Sequence[CodeItem], *, is_trusted: bool) -> str:
    if not items:
        return _("No code")
    return _("You trust this code") if is_trusted else _("Trust this code?")


def _explanation(items: Sequence[CodeItem], *, is_trusted: bool) -> str:
    if not items:
        return _(
            "This project has no Python code. If a layer of it needs a class, add the "
            "file that defines the class."
        )
    if is_trusted:
        return _(
            "It is run whenever this model is built. You trust exactly this code, on "
            "this computer: a changed file must be trusted again."
        )
    return _(
        "Layers of this model need it. It has not been run. Code can do all that you "
        "can do: read and delete your files, and use the network. Trust it only if you "
        "know where it comes from."
    )


def _bytecode_text(item: CodeItem) -> str:
    text = _("This function is bytecode in the model's file. Its source is unknown.")
    if not item.text:
        return text
    return f"{text}\n\n" + _("Names in it: {names}").format(
        names="\n    " + "\n    ".join(item.text.splitlines())
    )
