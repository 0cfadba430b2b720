"""Python syntax highlighting with Pygments."""

from __future__ import annotations

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, String, _TokenType
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from dlstudio.ui.theme.tokens import Theme


class PythonHighlighter(QSyntaxHighlighter):
    """Highlights line by line; generated scripts have no multi-line strings."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        colors = theme.colors
        self._lexer = PythonLexer(stripnl=False, ensurenl=False)
        self._formats = (
            (Comment, _format(colors.text_faint)),
            (String, _format(colors.good)),
            (Number, _format(colors.validation)),
            (Keyword, _format(colors.accent)),
            (Name.Function, _format(colors.text, bold=True)),
        )

    def highlightBlock(self, text: str) -> None:
        for start, token, words in self._lexer.get_tokens_unprocessed(text):
            found = self._format_of(token)
            if found is not None:
                self.setFormat(start, len(words), found)

    def _format_of(self, token: _TokenType) -> QTextCharFormat | None:
        return next((form for kind, form in self._formats if token in kind), None)


def _format(color: str, bold: bool = False) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(color))
    if bold:
        made.setFontWeight(600)
    return made
