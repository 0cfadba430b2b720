"""The Evaluate room's page for runs that have learned word vectors."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.evaluate.words_cards import SimilarityCard, WordsCard
from dlstudio.ui.evaluate.words_map import WordsMap
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import SegmentedControl, button
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.drop_zone import DropZone
from dlstudio.ui.widgets.dropped_files import Drop, files_of
from dlstudio.ui.widgets.file_dialogs import FileDialogs
from dlstudio.ui.widgets.labels import heading, label
from dlstudio.ui.widgets.search_field import SearchField
from dlstudio.workers.word_vectors import (
    MappedWords,
    PairScore,
    RunWords,
    SimilarWord,
    export_words,
    map_words,
    read_words,
    score_words,
    similar_words,
)

SIDE_WIDTH = 380


class WordsPage(QWidget):
    """Neighbours, analogies, similarity files and a map of the words of a run.

    Args:
        studio: The window's services, theme and navigation.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._known: RunWords | None = None
        self._shown: tuple[Path | None, str, str] = (None, "", "")
        theme = studio.theme
        self.neighbours = WordsCard(theme, _("Neighbors"), (_("Word"),), parent=self)
        self.analogy = WordsCard(
            theme,
            _("Analogy"),
            ("A", "B", "C"),
            (_("is to"), _("as")),
            self,
        )
        self.similarity = SimilarityCard(theme, self)
        self.about = label("", "muted")
        self.export = button(theme, _("Export…"), "", "mdi6.tray-arrow-down")
        self.choice = FileDialogs(self)
        self.projection = SegmentedControl((("pca", "PCA"), ("tsne", "t-SNE")))
        self.search = SearchField(theme, _("Find on the map"), self)
        self.map = WordsMap(theme, self)
        self.map_note = label("", "muted")
        self._build()
        self._connect()

    def show_run(self, run: str, state: str = "") -> None:
        """Show the words of a run.

        Args:
            run: Its id; "" for none.
            state: What changes when the run has new vectors.
        """
        shown = self._studio.session.folder, run, state
        if shown == self._shown:
            return
        self._shown = shown
        if not run or shown[0] is None:
            return
        job = self._studio.engine.text_job(read_words, shown[0], run)
        job.on_success(partial(self._read, shown)).on_failure(self._failed).start()

    def _read(self, shown: tuple[Path | None, str, str], known: RunWords) -> None:
        if shown != self._shown:
            return
        self._known = known
        parts = [
            _("Words: {words} · vector size: {size}").format(
                words=f"{len(known.words):,}", size=known.size
            )
        ]
        if known.from_checkpoint:
            parts.append(_("from the last checkpoint"))
        self.about.setText(" · ".join(parts))
        self.similarity.show_text("")
        for card in (self.neighbours, self.analogy):
            if all(card.words):
                self._look_up(card, card.words)
        if not self.neighbours.words[0]:
            self.neighbours.ask(_example(known.words))
        self._map()

    def _failed(self, error: Exception) -> None:
        self._studio.notices.error(error)

    def _look_up(self, card: WordsCard, words: tuple[str, ...]) -> None:
        if self._known is None:
            return
        job = self._studio.engine.text_job(similar_words, self._known, words)
        job.on_success(partial(self._found, card, words))
        job.on_failure(partial(self._not_found, card, words)).start()

    def _found(
        self,
        card: WordsCard,
        words: tuple[str, ...],
        found: tuple[SimilarWord, ...],
    ) -> None:
        if card.words == words:
            card.show_words(found)

    def _not_found(
        self, card: WordsCard, words: tuple[str, ...], error: Exception
    ) -> None:
        if card.words == words:
            card.show_note(str(error))

    def _map(self, _method: str = "") -> None:
        known, method = self._known, self.projection.current
        if known is None:
            return
        self.map_note.setText(_("Arranging the words…"))
        job = self._studio.engine.question(map_words, known, method)
        job.on_success(partial(self._mapped, known, method)).on_failure(self._failed)
        job.start()

    def _mapped(self, known: RunWords, method: str, found: MappedWords) -> None:
        if known is not self._known or method != self.projection.current:
            return
        self.map.show_words(found)
        text = _("Most frequent words: {count}").format(count=len(found.words))
        self.map_note.setText(text)
        self._search(self.search.text())

    def _search(self, text: str) -> None:
        self.map.mark(text.strip().lower())

    def _score(self, path: Path) -> None:
        if self._known is None:
            return
        job = self._studio.engine.text_job(score_words, self._known, path)
        job.on_success(self._scored)
        job.on_failure(lambda error: self.similarity.show_text(str(error))).start()

    def _scored(self, found: PairScore) -> None:
        self.similarity.show_score(found)

    def _open(self) -> None:
        self.choice.files(_("Similarity file"), lambda paths: self._score(paths[0]))

    def _choose_export(self) -> None:
        folder = self._studio.session.folder
        if folder is not None:
            place = folder.parent / f"{folder.name}.txt"
            kinds = _("word2vec files (*.txt *.bin)")
            self.choice.place(_("Export word vectors"), place, self._export, kinds)

    def _export(self, path: Path) -> None:
        if self._known is None:
            return
        job = self._studio.engine.text_job(export_words, self._known, path)
        job.on_success(self._exported).on_failure(self._failed).start()

    def _exported(self, path: Path) -> None:
        text = _("{path} was written, and verified by reading it back.")
        self._studio.notices.info(text.format(path=path))

    def _recognize(self, mime: QMimeData) -> Drop | None:
        paths = files_of(mime)
        if len(paths) != 1 or not paths[0].is_file() or self._known is None:
            return None
        return Drop("data", _("Score a similarity file"), paths)

    def _connect(self) -> None:
        for card in (self.neighbours, self.analogy):
            card.asked.connect(partial(self._look_up, card))
        self.map.chosen.connect(self.neighbours.ask)
        self.projection.chosen.connect(self._map)
        self.search.textChanged.connect(self._search)
        self.similarity.open.clicked.connect(self._open)
        self.export.clicked.connect(self._choose_export)
        theme = self._studio.theme
        DropZone(
            theme, self, self._recognize, lambda mime: self._score(files_of(mime)[0])
        )

    def _build(self) -> None:
        side = QWidget(self)
        side.setProperty("role", "clear")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        for card in (self.neighbours, self.analogy, self.similarity):
            column.addWidget(card)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFixedWidth(SIDE_WIDTH)
        area.setWidget(side)
        mapped = Card(self, margin=12)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(heading(self._studio.theme, _("Map")))
        line.addWidget(self.projection)
        line.addWidget(self.map_note)
        line.addStretch(1)
        self.search.setMaximumWidth(220)
        line.addWidget(self.search, 1)
        mapped.body.addLayout(line)
        mapped.body.addWidget(self.map, 1)
        top = QHBoxLayout()
        top.addWidget(self.about, 1)
        top.addWidget(self.export)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addWidget(area)
        columns.addWidget(mapped, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addLayout(top)
        whole.addLayout(columns, 1)


def _example(words: tuple[str, ...]) -> str:
    """A word to begin with: not one of the very frequent ones, which mean little."""
    long = [word for word in words[20:400] if len(word) > 3]
    return (long or list(words))[0]
