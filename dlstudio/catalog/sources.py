"""Sources of samples."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Param, SourceTraits
from dlstudio.i18n import marked as _

LAYOUTS = ("auto", "classes", "splits", "subfolders", "inner_splits")
"""Layouts of a folder source; the first one is detected automatically."""


def _source(
    name: str,
    title: str,
    summary: str,
    *params: Param,
    traits: SourceTraits,
    icon: str = "",
    category: str = "images",
    module: str = "",
) -> Description:
    place = module or name
    return Description(
        kind=f"dlstudio.sources.{name}",
        family="sources",
        implementation="dlstudio.data.sources."
        + (place if ":" in place else f"{place}:SOURCE"),
        title=title,
        category=category,
        summary=summary,
        params=params,
        icon=icon,
        source=traits,
    )


_PATH = Param(
    "path",
    "path",
    required=True,
    summary=_("Relative to the project folder, or absolute."),
)

_VALUE_RANGE = Param(
    "value_range",
    "pair",
    optional=True,
    summary=_(
        "Lowest and highest pixel value of images with more than 8 bits, which "
        "become black and white; empty for the full range of the format."
    ),
)

ENCODINGS = (
    *("", "utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254"),
    *("cp1255", "cp1256", "cp1257", "iso8859-15", "cp437", "cp850", "mac-roman"),
    *("gb18030", "big5", "shift-jis", "euc-jp", "euc-kr", "koi8-r", "cp874"),
)

_ENCODING = Param(
    "encoding",
    "enum",
    default="",
    choices=ENCODINGS,
    summary=_("Encoding of the table's text; detected automatically if empty."),
)

_DELIMITER = Param(
    "delimiter",
    "text",
    default="",
    summary=_(
        "Separates columns; write “tab” for a tab; detected automatically if empty."
    ),
)

_UNLABELED = Param(
    "unlabeled",
    "bool",
    default=False,
    summary=_("Use the images without classes, as for an autoencoder."),
)

SOURCES = (
    _source(
        "digits",
        _("Handwritten digits"),
        _("1,797 handwritten digits of 8×8 pixels, built in."),
        traits=SourceTraits(sample=_("Use handwritten digits")),
        icon="mdi6.numeric",
    ),
    _source(
        "folder",
        _("Folder of images"),
        _(
            "A folder with one subfolder per class, optionally below train, val "
            "and test folders; or images without classes."
        ),
        _PATH,
        Param(
            "classes", "list", default=[], summary=_("Classes to use; empty for all.")
        ),
        Param(
            "layout",
            "enum",
            default="auto",
            choices=LAYOUTS,
            summary=_(
                "What the folders are: classes, splits that contain classes, "
                "folders with the classes one level below, or classes that "
                "contain splits."
            ),
        ),
        Param(
            "split_folders",
            "list",
            default=[],
            summary=_(
                "Split of each folder, such as “a=train”; empty to decide by name."
            ),
        ),
        _UNLABELED,
        Param(
            "files",
            "list",
            default=[],
            summary=_("Images to use, without classes; empty for all."),
        ),
        _VALUE_RANGE,
        traits=SourceTraits(
            drop_hint=_(
                "a folder of images, in one subfolder per class for classification"
            )
        ),
    ),
    _source(
        "csv",
        _("CSV table of files and labels"),
        _("A table with a column of image files and a column of labels."),
        _PATH,
        Param(
            "file_column",
            "text",
            default="",
            summary=_("Detected automatically if empty."),
        ),
        Param(
            "label_columns",
            "list",
            default=[],
            summary=_("All other columns if empty."),
        ),
        Param("split_column", "text", default="", summary=_("train, val or test.")),
        Param(
            "separator",
            "text",
            default="",
            summary=_("Separates several labels in one cell; | or ; if empty."),
        ),
        Param(
            "ignore_case",
            "bool",
            default=False,
            summary=_("Treat labels that differ only in case or spaces as one class."),
        ),
        Param(
            "image_folder",
            "text",
            default="",
            summary=_(
                "Folder of the images, relative to the table; detected "
                "automatically if empty."
            ),
        ),
        _UNLABELED,
        _ENCODING,
        _DELIMITER,
        _VALUE_RANGE,
        traits=SourceTraits(
            file_patterns=("*.csv", "*.tsv", "*.txt"),
            drop_hint=_("a CSV table of files and labels"),
        ),
    ),
    _source(
        "table",
        _("Table of values"),
        _("A table with a sample in each row: CSV, JSON Lines, Parquet or Excel."),
        _PATH,
        Param(
            "header",
            "enum",
            default="auto",
            choices=("auto", "yes", "no"),
            summary=_("Whether the first row contains the names of the columns."),
        ),
        Param(
            "split_column",
            "text",
            default="",
            summary=_(
                "Column that contains train, val or test; empty if there is none."
            ),
        ),
        Param(
            "image_folder",
            "text",
            default="",
            summary=_(
                "Folder of the images that the table names; empty if it is the table's."
            ),
        ),
        Param(
            "sheet",
            "text",
            default="",
            summary=_("Sheet of a spreadsheet; the first one if empty."),
        ),
        _ENCODING,
        _DELIMITER,
        traits=SourceTraits(
            file_patterns=(
                *("*.csv", "*.tsv", "*.jsonl", "*.ndjson", "*.parquet"),
                *("*.xlsx", "*.xlsm", "*.xlsb", "*.xls", "*.ods"),
            ),
            drop_hint=_("a table of values"),
        ),
        icon="mdi6.table",
        category="tables",
        module="data_table",
    ),
    _source(
        "reviews",
        _("Reviews in English"),
        _("1,200 made-up reviews of restaurants, good or bad, built in."),
        traits=SourceTraits(sample=_("Use English reviews")),
        icon="mdi6.text-box-outline",
        category="tables",
        module="reviews:ENGLISH",
    ),
    _source(
        "reviews_zh",
        _("Reviews in Chinese"),
        _("1,200 made-up reviews of restaurants in Chinese, good or bad, built in."),
        traits=SourceTraits(sample=_("Use Chinese reviews")),
        icon="mdi6.text-box-outline",
        category="tables",
        module="reviews:CHINESE",
    ),
    _source(
        "text_folder",
        _("Folder of texts"),
        _(
            "A folder with one subfolder of .txt files per class, optionally below "
            "train and test folders; or one file per class with a text in each line."
        ),
        _PATH,
        Param(
            "encoding",
            "enum",
            default="",
            choices=ENCODINGS,
            summary=_("Encoding of the files; detected automatically if empty."),
        ),
        traits=SourceTraits(drop_hint=_("a folder of texts")),
        icon="mdi6.text-box-multiple-outline",
        category="tables",
    ),
    _source(
        "conll",
        _("Tokens with tags"),
        _(
            "CoNLL-like files with a token and its tag in each line and a blank line "
            "between sentences, or a folder with such files for training, validation "
            "and test."
        ),
        _PATH,
        Param(
            "token_column",
            "int",
            default=0,
            minimum=0,
            summary=_("Number of the column of tokens, from 1; 0 to detect it."),
        ),
        Param(
            "tag_column",
            "int",
            default=0,
            minimum=0,
            summary=_("Number of the column of tags, from 1; 0 to detect it."),
        ),
        Param(
            "encoding",
            "enum",
            default="",
            choices=ENCODINGS,
            summary=_("Encoding of the files; detected automatically if empty."),
        ),
        _DELIMITER,
        traits=SourceTraits(
            file_patterns=("*.conll", "*.iob", "*.iob2", "*.bio", "*.bioes"),
            drop_hint=_("a file of tokens with tags"),
        ),
        icon="mdi6.tag-text-outline",
        category="tables",
    ),
    _source(
        "long_text",
        _("Long text"),
        _(
            "Running text for language models: a .txt file, or a folder of them. The "
            "end of the text is held out."
        ),
        _PATH,
        Param(
            "files",
            "list",
            default=[],
            summary=_("Files of the folder to use; empty for all."),
        ),
        Param(
            "unit",
            "enum",
            default="characters",
            choices=("characters", "words"),
            summary=_("What the model predicts one after the other."),
        ),
        Param(
            "window",
            "int",
            default=0,
            minimum=0,
            maximum=4096,
            summary=_(
                "Characters or words that the model sees at once; 0 for 128 characters "
                "or 32 words."
            ),
        ),
        Param(
            "validation",
            "float",
            default=0.05,
            minimum=0,
            maximum=0.45,
            summary=_("Share of the text for validation."),
        ),
        Param(
            "test",
            "float",
            default=0.05,
            minimum=0,
            maximum=0.45,
            summary=_("Share of the text for testing, at its end."),
        ),
        Param(
            "encoding",
            "enum",
            default="",
            choices=ENCODINGS,
            summary=_("Encoding of the files; detected automatically if empty."),
        ),
        traits=SourceTraits(
            file_patterns=("*.txt",), drop_hint=_("a long text (.txt)")
        ),
        icon="mdi6.book-open-page-variant-outline",
        category="tables",
    ),
    _source(
        "idx",
        _("IDX files (MNIST format)"),
        _("IDX files as in MNIST: images and labels, plain or .gz."),
        _PATH,
        traits=SourceTraits(
            file_patterns=("*-idx*", "*.idx", "*.gz"),
            drop_hint=_("IDX files"),
        ),
    ),
    _source(
        "arrays",
        _("NumPy arrays"),
        _("Images and labels in .npz or .npy files."),
        _PATH,
        Param(
            "labels",
            "path",
            default="",
            summary=_("The .npy file with the labels, if separate."),
        ),
        _VALUE_RANGE,
        traits=SourceTraits(
            file_patterns=("*.npz", "*.npy"), drop_hint=_("NumPy files")
        ),
    ),
    _source(
        "keras_set",
        _("Keras dataset"),
        _("One of Keras' datasets, downloaded once on first use."),
        Param(
            "name",
            "enum",
            default="mnist",
            choices=("mnist", "fashion_mnist", "cifar10", "cifar100"),
        ),
        traits=SourceTraits(),
    ),
    _source(
        "keras_texts",
        _("Keras dataset of texts"),
        _("One of Keras' datasets of texts, downloaded once on first use."),
        Param("name", "enum", default="imdb", choices=("imdb", "reuters")),
        traits=SourceTraits(),
        category="tables",
    ),
)
