"""Qt's own texts are in the language of the window."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QMenu, QMessageBox


def qt_texts(window) -> list[str]:
    """Texts of a file dialog, of a message box's buttons and of a field's menu."""
    dialog = QFileDialog(window)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    box = QMessageBox(window)
    button = box.addButton(QMessageBox.StandardButton.Cancel)
    field = QLineEdit(window)
    menu: QMenu = field.createStandardContextMenu()
    found = [
        button.text(),
        menu.actions()[0].text(),
        *(each.text() for each in dialog.findChildren(QLabel)),
    ]
    for each in (dialog, box, menu, field):
        each.deleteLater()
    return [text for text in found if text]


def test_qt_switches_to_the_language_of_the_window(window, qapp) -> None:
    english = qt_texts(window)
    assert english[0] == "Cancel"
    window.shell.set(language="zh_CN")
    chinese = qt_texts(window)
    assert chinese[0] == "取消"
    assert "撤" in chinese[1], "the menu of a text field"
    assert qapp.translate("QFileDialog", "Nobody translates this") == (
        "Nobody translates this"
    )
    assert all(not text.isascii() for text in chinese), chinese
    window.shell.set(language="en")
    assert qt_texts(window) == english


def test_removing_restores_the_application(make_window, qapp) -> None:
    first = make_window(language="zh_CN")
    assert qapp.translate("QPlatformTheme", "Cancel") == "取消"
    first.close()
    assert qapp.translate("QPlatformTheme", "Cancel") == "Cancel"
