"""Labels for the choices of parameters; the stored values never change.

Identifiers keep their spelling: dtypes, codecs, activations, "valid" and "same".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

_INTERPOLATIONS = {
    "area": mark("area"),
    "bicubic": mark("bicubic"),
    "bilinear": mark("bilinear"),
    "gaussian": mark("Gaussian"),
    "nearest": mark("nearest"),
}
_OUTPUTS = {"count": mark("count"), "int": mark("integer")}
LABELS: Mapping[str, Mapping[Any, str]] = {
    "average": {
        "macro": mark("macro"),
        "micro": mark("micro"),
        "weighted": mark("weighted"),
    },
    "class_weights": {
        "balanced": mark("balanced"),
        "custom": mark("custom"),
        "none": mark("none"),
    },
    "data_format": {
        "channels_first": mark("channels first"),
        "channels_last": mark("channels last"),
    },
    "decimal": {
        "auto": mark("auto"),
        "comma": mark("comma"),
        "point": mark("point"),
    },
    "device": {"all": mark("all GPUs"), "auto": mark("auto"), "cpu": "CPU"},
    "distribution": {
        "truncated_normal": mark("truncated normal"),
        "uniform": mark("uniform"),
        "untruncated_normal": mark("untruncated normal"),
    },
    "fill_mode": {
        "constant": mark("constant"),
        "mirror": mark("mirror"),
        "nearest": mark("nearest"),
        "reflect": mark("reflect"),
        "wrap": mark("wrap"),
    },
    "header": {
        "auto": mark("auto"),
        "no": mark("none"),
        "yes": mark("in the first row"),
    },
    "interpolation": _INTERPOLATIONS,
    "layout": {
        "auto": mark("auto"),
        "classes": mark("classes"),
        "inner_splits": mark("splits within classes"),
        "splits": mark("splits"),
        "subfolders": mark("subfolders"),
    },
    "merge_mode": {
        "ave": mark("average"),
        "concat": mark("concatenate"),
        "mul": mark("multiply"),
        "sum": mark("sum"),
    },
    "missing": {
        "drop": mark("drop rows"),
        "empty": mark("empty text"),
        "mean": mark("mean"),
        "median": mark("median"),
        "most_frequent": mark("most frequent"),
        "own_class": mark("own class"),
        "value": mark("fixed value"),
    },
    "mode": {
        "auto": mark("auto"),
        "columns": mark("columns"),
        "horizontal": mark("horizontal"),
        "horizontal_and_vertical": mark("horizontal and vertical"),
        "max": mark("maximum"),
        "min": mark("minimum"),
        "rows": mark("rows"),
        "vertical": mark("vertical"),
    },
    "order": {
        "auto": mark("auto"),
        "day_first": mark("day first"),
        "month_first": mark("month first"),
    },
    "output_mode": _OUTPUTS,
    "pooling": {
        "avg": mark("average"),
        "max": mark("maximum"),
        "none": mark("none"),
        "token": mark("class token"),
    },
    "process": {"child": mark("child process"), "thread": mark("thread")},
    "reduction": {
        "mean": mark("mean"),
        "none": mark("none"),
        "sum": mark("sum"),
    },
    "representation": {"calendar": mark("calendar"), "days": mark("days")},
    "scaling": {"density": mark("density"), "spectrum": mark("spectrum")},
    "segmentation": {
        "characters": mark("characters"),
        "words": mark("words"),
    },
    "separator": {"auto": mark("auto")},
    "split": {"character": mark("characters"), "whitespace": mark("whitespace")},
    "standardize": {
        "lower": mark("lowercase"),
        "lower_and_strip_punctuation": mark("lowercase, no punctuation"),
        "strip_punctuation": mark("no punctuation"),
    },
    "tokens": {
        "characters": mark("characters"),
        "jieba": mark("Chinese words"),
        "words": mark("words"),
    },
    "unit": {"characters": mark("characters"), "words": mark("words")},
    "use_cudnn": {"auto": mark("auto")},
}
"""Labels by the parameter's name, then by the value."""


def choice_text(name: str, value: object) -> str:
    """The label of a choice of the parameter `name`, as displayed.

    Args:
        name: May be dotted, such as "early_stopping.monitor".
    """
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    label = LABELS.get(name.rpartition(".")[2], {}).get(value)
    return _(label) if label else str(value).replace("_", " ")


def choice_with_code(name: str, value: object) -> str:
    """A choice as it is typed, followed by its label where the two differ."""
    code = f"“{value}”" if isinstance(value, str) else str(value)
    label = LABELS.get(name, {}).get(value)
    if label is None or _(label) == value:
        return code
    return _("{code} ({label})").format(code=code, label=_(label))
