"""Learning a vector for each word from the words around it."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations, Param
from dlstudio.i18n import marked as _

WORD2VEC = Description(
    kind="dlstudio.methods.word2vec",
    family="methods",
    implementation="",
    title=_("Word vectors (word2vec)"),
    summary=_(
        "Learns a vector for each word of the texts from the words around it; words "
        "that are used alike get similar vectors. The model's layers are not used."
    ),
    params=(
        Param(
            "algorithm",
            "enum",
            default="skip_gram",
            choices=("skip_gram", "cbow"),
            summary=_(
                "Skip-gram predicts the words around a word, and is better for rare "
                "words and small texts; CBOW predicts a word from those around it, "
                "and is faster."
            ),
        ),
        Param(
            "tokens",
            "enum",
            default="words",
            choices=("words", "characters", "jieba"),
            summary=_(
                "What gets a vector: words between spaces, single characters, or "
                "Chinese words as Jieba segments them."
            ),
        ),
        Param(
            "vector_size",
            "int",
            default=100,
            minimum=1,
            maximum=4096,
            summary=_("Numbers in each vector."),
        ),
        Param(
            "window",
            "int",
            default=5,
            minimum=1,
            maximum=1000,
            summary=_("Most words between a word and those it is learned from."),
        ),
        Param(
            "negative",
            "int",
            default=5,
            minimum=1,
            maximum=1000,
            summary=_("Random words that each pair of words is distinguished from."),
        ),
        Param(
            "min_count",
            "int",
            default=5,
            minimum=1,
            summary=_("Words that occur less often in the training split are ignored."),
        ),
        Param(
            "sample",
            "float",
            default=0.001,
            minimum=0,
            maximum=1,
            advanced=True,
            summary=_(
                "Share of the text above which a word is so frequent that some of its "
                "occurrences are skipped; 0 skips none."
            ),
        ),
    ),
    # It has no layers, and needs none.
    extra={"graph": False},
    implementations=Implementations(
        engine="dlstudio.engine.methods.word2vec:WORD2VEC",
        view="dlstudio.ui.heads.words_view:WORDS",
    ),
)
