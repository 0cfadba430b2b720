"""Sources of samples."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Param
from dlstudio.i18n import marked as _

LAYOUTS = ("auto", "classes", "splits", "subfolders", "inner_splits")
"""Ways to read the folders of a folder source; the first finds out by itself."""


def _source(name: str, summary: str, *params: Param) -> Description:
    return Description(
        kind=f"dlstudio.sources.{name}",
        family="sources",
        implementation=f"dlstudio.data.sources.{name}:read",
        category="images",
        summary=summary,
        params=params,
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
        "Lowest and highest value of images with more than 8 bits, which become black "
        "and white; empty: all that the format can hold."
    ),
)

ENCODINGS = (
    *("", "utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254"),
    *("cp1255", "cp1256", "cp1257", "iso8859-15", "cp437", "cp850", "mac-roman"),
    *("gb18030", "big5", "shift-jis", "euc-jp", "euc-kr", "koi8-r", "cp874"),
)

SOURCES = (
    _source("digits", _("1,797 handwritten digits of 8×8 pixels, always there.")),
    _source(
        "folder",
        _("A folder with one subfolder per class, or train/val/test above them."),
        _PATH,
        Param("classes", "list", default=[], summary=_("Only these; empty: all.")),
        Param(
            "layout",
            "enum",
            default="auto",
            choices=LAYOUTS,
            summary=_(
                "What the folders are: classes, splits of classes, folders with the "
                "classes one level below, or classes with splits below."
            ),
        ),
        Param(
            "split_folders",
            "list",
            default=[],
            summary=_("Splits by folder, such as “a=train”; empty: by the names."),
        ),
        _VALUE_RANGE,
    ),
    _source(
        "csv",
        _("A table with a column of picture files and a column of labels."),
        _PATH,
        Param("file_column", "text", default="", summary=_("Empty: found by itself.")),
        Param("label_columns", "list", default=[], summary=_("Empty: all others.")),
        Param("split_column", "text", default="", summary=_("train, val or test.")),
        Param(
            "separator",
            "text",
            default="",
            summary=_("Between several labels in one cell; empty: | or ;."),
        ),
        Param(
            "ignore_case",
            "bool",
            default=False,
            summary=_("Labels that differ only in case or spaces are one class."),
        ),
        Param(
            "image_folder",
            "text",
            default="",
            summary=_("Of the files, relative to the table; empty: found by itself."),
        ),
        Param(
            "encoding",
            "enum",
            default="",
            choices=ENCODINGS,
            summary=_("Of the table's text; empty: found by itself."),
        ),
        Param(
            "delimiter",
            "text",
            default="",
            summary=_("Between columns, or tab; empty: found by itself."),
        ),
        _VALUE_RANGE,
    ),
    _source(
        "idx",
        _("MNIST's IDX files, pictures and labels, plain or .gz."),
        _PATH,
    ),
    _source(
        "arrays",
        _("Pictures and labels in .npz or .npy files."),
        _PATH,
        Param("labels", "path", default="", summary=_("Labels' .npy file, if apart.")),
        _VALUE_RANGE,
    ),
    _source(
        "keras_set",
        _("One of Keras' own sets, downloaded once when first used."),
        Param(
            "name",
            "enum",
            default="mnist",
            choices=("mnist", "fashion_mnist", "cifar10", "cifar100"),
        ),
    ),
)
