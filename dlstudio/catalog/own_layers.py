"""dlstudio's own layers: those that Keras does not have."""

from __future__ import annotations

from dlstudio.catalog.categories import CATEGORIES
from dlstudio.catalog.nodes import NAME, TRAINING
from dlstudio.catalog.schema import Description, Param, Ports
from dlstudio.i18n import marked as _


def _rate(name: str, summary: str) -> Param:
    """A share of the words, at most nine of ten."""
    return Param(name, "float", default=0.1, minimum=0, maximum=0.9, summary=summary)


_SEED = Param(
    "seed",
    "int",
    optional=True,
    minimum=0,
    maximum=4294967295,
    summary=_("Seed of its random numbers; empty to use the plan's seed."),
    advanced=True,
)
_SUBWORDS = (
    Param(
        "max_tokens",
        "int",
        default=8000,
        minimum=3,
        summary=_("Maximum number of subwords."),
    ),
    Param(
        "output_sequence_length",
        "int",
        optional=True,
        minimum=1,
        summary=_(
            "Truncates or pads each text to this many subwords; empty for the "
            "longest text of the batch."
        ),
    ),
    Param(
        "lowercase",
        "bool",
        default=True,
        summary=_("Whether capital letters are read as small ones."),
    ),
    Param(
        "vocabulary",
        "list",
        optional=True,
        summary=_("Known subwords; empty to learn them."),
        advanced=True,
    ),
)

OWN_LAYERS = (
    Description(
        kind="dlstudio.layers.Sampling",
        family="layers",
        implementation="dlstudio.engine.model.reparametrization:Sampling",
        category="regularization",
        summary=_(
            "Draws a vector near a mean, as far from it as a variance says; gives the "
            "mean outside of training. For variational autoencoders."
        ),
        doc=(
            "Draws from a normal distribution by the reparametrization trick:\n"
            "`mean + exp(log_variance / 2) * noise`, so that gradients reach both\n"
            "(Kingma & Welling, “Auto-Encoding Variational Bayes”, 2013).\n\n"
            "With the training method “variational”, the divergence of this\n"
            "distribution from the standard normal one is added to the loss.\n\n"
            "Exports do not contain it: they use the mean. Before Keras can open\n"
            "a run's `model.keras`, `dlstudio.engine.model.reparametrization` must be\n"
            "imported."
        ),
        params=(
            _SEED,
            NAME,
        ),
        inputs=Ports(2, 2, names=("mean", "log_variance"), positional=2),
        call=(TRAINING,),
        color=CATEGORIES["regularization"].color,
        icon=CATEGORIES["regularization"].icon,
        example_inputs=((None, 6), (None, 6)),
    ),
    Description(
        kind="dlstudio.layers.RandomTokens",
        family="layers",
        implementation="dlstudio.engine.model.random_tokens:RandomTokens",
        category="preprocessing",
        summary=_(
            "Deletes, swaps and replaces words of a text at random while training, so "
            "that the model relies less on single words; does nothing otherwise."
        ),
        doc=(
            "Stands right behind a TextVectorization layer that outputs numbers.\n"
            "Words are replaced by synonyms from your own list: a group of words of\n"
            "the same meaning in each entry, such as `good great fine`.\n\n"
            "The draws depend on the seed and the step, so that a resumed run is the\n"
            "same as one that was never interrupted (Wei & Zou, “EDA: Easy Data\n"
            "Augmentation Techniques”, 2019).\n\n"
            "Exports do not contain it."
        ),
        params=(
            _rate("delete", _("Share of the words that are deleted.")),
            _rate("swap", _("Share of the words that change places with the next.")),
            _rate("replace", _("Share of the words with synonyms that are replaced.")),
            Param(
                "synonyms",
                "list",
                default=(),
                summary=_(
                    "Words of the same meaning, separated by blanks: a group in each "
                    "entry, such as “good great fine”."
                ),
                from_file=True,
            ),
            _SEED,
            NAME,
        ),
        call=(TRAINING,),
        color=CATEGORIES["preprocessing"].color,
        icon=CATEGORIES["preprocessing"].icon,
        example_inputs=((None, 6),),
        example_dtypes=("int64",),
    ),
    Description(
        kind="dlstudio.layers.WordPiece",
        family="layers",
        implementation="dlstudio.engine.model.word_piece:WordPiece",
        category="preprocessing",
        summary=_(
            "Splits text into subwords, learned from the training split, and returns "
            "the index of each; hardly any word is unknown."
        ),
        doc=(
            "Subwords are learned by the package tokenizers, of the extra `text`. The\n"
            "model itself finds them, the longest first, so that a SavedModel takes\n"
            "raw texts (Devlin et al., “BERT”, 2018). Signs stand alone, and\n"
            "so are characters of scripts without spaces.\n\n"
            "0 is padding, 1 a word with a character that was never seen."
        ),
        params=(
            *_SUBWORDS,
            NAME,
        ),
        color=CATEGORIES["preprocessing"].color,
        icon=CATEGORIES["preprocessing"].icon,
        example={
            "vocabulary": ("[PAD]", "[UNK]", "film", "##s"),
            "output_sequence_length": 64,
        },
        example_inputs=((None, 1),),
        example_dtypes=("string",),
    ),
    Description(
        kind="dlstudio.layers.BytePair",
        family="layers",
        implementation="dlstudio.engine.model.byte_pair:BytePair",
        category="preprocessing",
        summary=_(
            "Splits text into subwords by byte-pair encoding, learned from the "
            "training split, and returns the index of each."
        ),
        doc=(
            "Each word begins as its characters, and neighbors are merged in an order\n"
            "that the package tokenizers, of the extra `text`, has learned (Sennrich,\n"
            "Haddow & Birch, 2016). The model merges them by itself, so that a\n"
            "SavedModel takes raw texts. Signs stand alone, and so are characters of\n"
            "scripts without spaces.\n\n"
            "0 is padding, 1 a character that was never seen."
        ),
        params=(
            *_SUBWORDS,
            Param(
                "merges",
                "list",
                optional=True,
                summary=_("Pairs of known subwords, in the order of their merges."),
                advanced=True,
            ),
            NAME,
        ),
        color=CATEGORIES["preprocessing"].color,
        icon=CATEGORIES["preprocessing"].icon,
        example={
            "vocabulary": ("[PAD]", "[UNK]", "a", "m", "m</w>"),
            "output_sequence_length": 64,
        },
        example_inputs=((None, 1),),
        example_dtypes=("string",),
    ),
)
