"""The style sheet template; `$names` are replaced by the theme's values.

Widgets select their style by the property `role`:

- labels: "title", "large", "muted", "faint", "strong", "bad", "good", "warning"
- buttons: "primary", "ghost" (no border), "danger", "link", "pill"
- frames: "card", "bar" (header, footer), "rail", "raised" (floats), "background",
  "soft" and "well" (inside a card), "line" (a separator)
"""

from __future__ import annotations

SHEET = """
QMainWindow, QDialog, QWidget[role="background"] { background: $background; }
QWidget[role="surface"] { background: $surface; }
QFrame[role="card"] {
    background: $surface; border: 1px solid $line; border-radius: ${radius}px;
}
QFrame[role="raised"] {
    background: $raised; border: 1px solid $line; border-radius: ${radius}px;
}
QFrame[role="soft"] { background: $hover; border-radius: ${radius_small}px; }
QFrame[role="well"] { background: $background; border-radius: ${radius_small}px; }
QFrame[role="line"] { background: $line; border: none; }
QFrame[role="nested"] { border: none; border-left: 2px solid $line; }
QFrame[role="bar"] { background: $surface; }
QFrame[role="rail"] { background: $surface; border-right: 1px solid $line; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${title_size}px; font-weight: 600; }
QLabel[role="large"] { font-size: ${large_size}px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="muted"] { color: $text_muted; }
QLabel[role="faint"] { color: $text_faint; font-size: ${small_size}px; }
QLabel[role="bad"] { color: $bad; }
QLabel[role="good"] { color: $good; }
QLabel[role="warning"] { color: $warning; }

QPushButton, QToolButton {
    background: $surface; border: 1px solid $line_strong; color: $text;
    border-radius: ${radius_small}px; padding: 5px 12px;
}
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked {
    background: $accent_soft;
}
QPushButton:focus, QToolButton:focus { border: 1px solid $accent; }
QPushButton:disabled, QToolButton:disabled {
    color: $text_faint; border-color: $line; background: $surface;
}
QPushButton[role="primary"] {
    background: $accent; border: 1px solid $accent; color: $on_accent;
    font-weight: 600; padding: 6px 14px;
}
QPushButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:focus { border: 1px solid $text; }
QPushButton[role="primary"]:disabled {
    background: $line; border-color: $line; color: $text_faint;
}
QPushButton[role="danger"] { color: $bad; }
QPushButton[role="danger"]:disabled, QPushButton[role="link"]:disabled,
QPushButton[role="ghost"]:disabled { color: $text_faint; }
QPushButton[role="ghost"], QToolButton[role="ghost"] {
    background: transparent; border: 1px solid transparent; padding: 5px 8px;
}
QPushButton[role="ghost"]:hover, QToolButton[role="ghost"]:hover {
    background: $hover;
}
QPushButton[role="ghost"]:focus, QToolButton[role="ghost"]:focus {
    border: 1px solid $accent;
}
QPushButton[role="ghost"]:checked,
QToolButton[role="ghost"]:checked { background: $accent_soft; }
QPushButton[role="link"] {
    background: transparent; border: 1px solid transparent; color: $accent;
    padding: 2px 4px; text-align: left;
}
QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="link"]:focus { border: 1px solid $accent; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox {
    background: $surface; border: 1px solid $line_strong; color: $text;
    border-radius: ${radius_small}px; padding: 4px 8px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:hover, QSpinBox:hover, QDoubleSpinBox:hover, QComboBox:hover {
    border-color: $text_faint;
}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus,
QDoubleSpinBox:focus, QComboBox:focus { border: 1px solid $accent; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled {
    color: $text_faint; background: $hover; border-color: $line;
}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QSpinBox[wrong="true"],
QDoubleSpinBox[wrong="true"] { border: 1px solid $bad; }
QComboBox[isDefault="true"], QCheckBox[isDefault="true"] { color: $text_muted; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { $arrow_down width: 14px; height: 14px; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $line; padding: 4px; outline: none;
    selection-background-color: $selected; selection-color: $text;
}
QSpinBox::up-button, QDoubleSpinBox::up-button {
    border: none; width: 18px; subcontrol-position: top right;
}
QSpinBox::down-button, QDoubleSpinBox::down-button {
    border: none; width: 18px; subcontrol-position: bottom right;
}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {
    $arrow_up width: 10px; height: 10px;
}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {
    $arrow_down width: 10px; height: 10px;
}

QCheckBox, QRadioButton { background: transparent; spacing: 8px; color: $text; }
QCheckBox::indicator, QRadioButton::indicator {
    width: 14px; height: 14px; border: 1px solid $line_strong; background: $surface;
}
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QCheckBox::indicator:checked {
    background: $accent; border-color: $accent; $tick
}
QRadioButton::indicator:checked {
    border: 5px solid $accent; width: 6px; height: 6px;
}

QTabBar { background: transparent; }
QTabBar::tab {
    background: transparent; color: $text_muted; padding: 6px 2px;
    margin-right: 18px; border: none; border-bottom: 2px solid transparent;
}
QTabBar::tab:selected {
    color: $text; font-weight: 600; border-bottom: 2px solid $accent;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { color: $accent; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }

QMenuBar { background: transparent; color: $text_muted; border: none; }
QMenuBar::item { padding: 5px 9px; background: transparent; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; color: $text; }
QMenu {
    background: $raised; color: $text; border: 1px solid $line; padding: 6px;
    border-radius: ${radius_small}px;
}
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $text_faint; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 6px 4px; }
QMenu::right-arrow { $arrow_right width: 12px; height: 12px; }

QToolTip {
    background: $raised; color: $text; border: 1px solid $line; padding: 5px 8px;
}

QAbstractScrollArea { background: $surface; border: none; }
QPlainTextEdit[role="field"] { border: 1px solid $line_strong; }
QPlainTextEdit[role="field"]:hover { border: 1px solid $text_faint; }
QPlainTextEdit[role="field"]:focus { border: 1px solid $accent; }
QScrollArea, QScrollArea > QWidget > QWidget[role="clear"] {
    background: transparent; border: none;
}
QScrollArea:focus, QListView:focus, QTreeView:focus, QTableView:focus {
    border: 1px solid $accent; border-radius: ${radius_small}px;
}
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $line_strong; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $text_faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }

QListView, QTreeView, QTableView {
    background: $surface; border: 1px solid transparent; outline: none; color: $text;
    selection-background-color: $selected; selection-color: $text;
    alternate-background-color: $hover; gridline-color: $line;
}
QListView::item, QTreeView::item { padding: 4px 6px; border-radius: 4px; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {
    background: $selected; color: $text;
}
QHeaderView { background: $surface; border: none; }
QHeaderView::section {
    background: $surface; color: $text_muted; padding: 6px 8px; border: none;
    border-bottom: 1px solid $line; text-align: left;
}
QProgressBar {
    background: $line; border: none; border-radius: 3px; max-height: 6px;
    min-height: 6px; text-align: center; color: transparent;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal {
    width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
    background: $surface; border: 2px solid $accent;
}
QSlider::handle:horizontal:focus { background: $accent; border-color: $accent; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent; }
"""
