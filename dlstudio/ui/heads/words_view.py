"""What the rooms show for word vectors."""

from __future__ import annotations

from dlstudio.i18n import marked
from dlstudio.ui.heads.head_view import MethodView

WORDS = MethodView(
    evaluate="dlstudio.ui.evaluate.words_page:WordsPage",
    without_model=marked(
        "A run of this project has learned vectors of words, which predict nothing. "
        "Look words up and export the vectors in Evaluate."
    ),
)
