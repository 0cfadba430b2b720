"""Templates for new projects."""

from __future__ import annotations

from dlstudio.catalog.schema import Description
from dlstudio.i18n import marked as _


def _template(
    name: str,
    title: str,
    summary: str,
    needs_data: bool,
    category: str = "images",
    reconstructs: bool = False,
    column: str = "",
    target: str = "",
    predicts: bool = True,
) -> Description:
    module = name.replace("-", "_")
    return Description(
        kind=f"dlstudio.templates.{name}",
        family="templates",
        implementation=f"dlstudio.engine.templates.{module}:make",
        title=title,
        category=category,
        summary=summary,
        extra={
            "needs_data": needs_data,
            "latent": reconstructs,
            "reconstructs": reconstructs,
            "column": column,
            "target": target,
            "predicts": predicts,
        },
    )


TEMPLATES = (
    _template(
        "digits-cnn",
        _("Handwritten digits"),
        _("A small convolutional network for handwritten digits: the sample project."),
        needs_data=False,
    ),
    _template(
        "image-cnn",
        _("Convolutional network"),
        _("Convolution and pooling layers sized for your own images."),
        needs_data=True,
    ),
    _template(
        "image-mlp",
        _("Dense layers"),
        _("Dense layers on the raw pixels: the simplest model, useful as a baseline."),
        needs_data=True,
    ),
    _template(
        "image-resnet",
        _("Residual network"),
        _("A small residual network for images of 32×32 pixels or larger."),
        needs_data=True,
    ),
    _template(
        "image-transfer",
        _("Pretrained network"),
        _(
            "A network that already knows a million images, with one layer of your "
            "own: best for a few hundred images."
        ),
        needs_data=True,
    ),
    _template(
        "image-autoencoder",
        _("Autoencoder"),
        _("Reduces images to a short vector and back; finds unusual images."),
        needs_data=True,
        reconstructs=True,
    ),
    _template(
        "image-vae",
        _("Variational autoencoder"),
        _("An autoencoder that also makes new images like those it was trained on."),
        needs_data=True,
        reconstructs=True,
    ),
    _template(
        "image-and-table",
        _("Images and a table"),
        _(
            "Convolutional layers on the images that a table names, and dense layers "
            "on its other columns, if there are any."
        ),
        needs_data=True,
        category="tables",
        column="dlstudio.features.image",
    ),
    _template(
        "table-mlp",
        _("Dense layers for a table"),
        _("Dense layers on the columns of a table, of any types."),
        needs_data=True,
        category="tables",
    ),
    _template(
        "table-wide-deep",
        _("Wide and deep network"),
        _("Dense layers beside a linear model with pairs of columns, for a table."),
        needs_data=True,
        category="tables",
    ),
    _template(
        "text-bow",
        _("Bag of words"),
        _("Looks only at which words occur: useful as a baseline."),
        needs_data=True,
        category="tables",
        column="dlstudio.features.text",
    ),
    _template(
        "text-cnn",
        _("Convolutional network for text"),
        _("Finds phrases anywhere in a text. Fast, and a good first choice."),
        needs_data=True,
        category="tables",
        column="dlstudio.features.text",
    ),
    _template(
        "text-lstm",
        _("Two LSTM layers"),
        _("Reads a text word by word and remembers what was before."),
        needs_data=True,
        category="tables",
        column="dlstudio.features.text",
    ),
    _template(
        "text-bilstm",
        _("Bidirectional LSTM"),
        _("Reads a text forwards and backwards."),
        needs_data=True,
        category="tables",
        column="dlstudio.features.text",
    ),
    _template(
        "text-gru",
        _("GRU"),
        _("Reads a text word by word, with fewer weights than an LSTM."),
        needs_data=True,
        category="tables",
        column="dlstudio.features.text",
    ),
    _template(
        "text-attention",
        _("LSTM with attention"),
        _("Reads a text word by word and weighs its words by attention."),
        needs_data=True,
        category="tables",
        column="dlstudio.features.text",
    ),
    _template(
        "text-transformer",
        _("Transformer"),
        _("Two Transformer blocks: every word looks at all others."),
        needs_data=True,
        category="tables",
        column="dlstudio.features.text",
    ),
    _template(
        "text-regression",
        _("Regression on text"),
        _("Predicts a number, such as the stars of a review, with convolutions."),
        needs_data=True,
        category="tables",
        column="dlstudio.features.text",
    ),
    _template(
        "text-and-table",
        _("Text and a table"),
        _("Convolutions on texts, and dense layers on the other columns of a table."),
        needs_data=True,
        category="tables",
        column="dlstudio.features.text",
    ),
    _template(
        "tag-bilstm",
        _("Bidirectional LSTM for tags"),
        _("Reads a sentence forwards and backwards and tags each token."),
        needs_data=True,
        category="tables",
        column="dlstudio.features.tokens",
        target="dlstudio.features.tags",
    ),
    _template(
        "tag-transformer",
        _("Transformer for tags"),
        _("Two Transformer blocks that tag each token of a sentence."),
        needs_data=True,
        category="tables",
        column="dlstudio.features.tokens",
        target="dlstudio.features.tags",
    ),
    _template(
        "word-vectors",
        _("Word vectors"),
        _("Learns a vector for each word of the texts with word2vec; needs no labels."),
        needs_data=True,
        category="tables",
        column="dlstudio.features.text",
        predicts=False,
    ),
    _template(
        "generate-lstm",
        _("LSTM that writes text"),
        _(
            "Reads a long text character by character or word by word, and "
            "continues it."
        ),
        needs_data=True,
        category="tables",
        column="dlstudio.features.continuous_text",
        target="dlstudio.features.continuous_text",
    ),
    _template(
        "generate-transformer",
        _("Transformer that writes text"),
        _("Continues a text with causal attention to all that was written before."),
        needs_data=True,
        category="tables",
        column="dlstudio.features.continuous_text",
        target="dlstudio.features.continuous_text",
    ),
    _template(
        "translate-transformer",
        _("Transformer for pairs of texts"),
        _("Reads a text and writes another: for translations, dialogues and the like."),
        needs_data=True,
        category="tables",
        column="dlstudio.features.text",
        target="dlstudio.features.text",
    ),
    _template(
        "translate-gru",
        _("GRUs for pairs of texts"),
        _("Reads a text and writes another with additive attention, token by token."),
        needs_data=True,
        category="tables",
        column="dlstudio.features.text",
        target="dlstudio.features.text",
    ),
)
