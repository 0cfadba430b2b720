"""Number formats: 225,034 · 8.1 M · 0.9 MB. Independent of Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from dlstudio.byte_size import size_text
from dlstudio.i18n import _, ngettext
from dlstudio.mixed_scripts import spaced
from dlstudio.short_number import short_number

if TYPE_CHECKING:
    from dlstudio.document.analysis import NodeReport, TensorInfo


def thousands_text(number: int) -> str:
    """225034 → "225,034"."""
    return f"{number:,}"


def total_text(counts: Iterable[int | None], text: Callable[[float], str]) -> str:
    """Return a sum; "≥ 8.1 M" if some numbers are unknown, "?" if all are."""
    given = list(counts)
    known = [count for count in given if count is not None]
    if given and not known:
        return "?"
    return ("" if len(known) == len(given) else "≥ ") + text(sum(known))


def multiply_adds_text(counts: Iterable[int | None]) -> str:
    """ "8.1 M multiply-adds", "1 multiply-add"; of unknown numbers as `total_text`."""
    given = list(counts)
    total = sum(count or 0 for count in given)
    text = ngettext("{count} multiply-add", "{count} multiply-adds", total)
    return spaced(text.format(count=total_text(given, short_number)))


def tensor_text(tensor: TensorInfo) -> str:
    """Return a tensor as text: "(batch, 13, 13, 32) float32"."""
    sizes = ["?" if size is None else str(size) for size in tensor.shape]
    shape = ", ".join([_("batch"), *sizes])
    return f"({shape}) {tensor.dtype}"


def short_tensor(tensor: TensorInfo) -> str:
    """Return a tensor as on an edge, with its dtype unless it is the usual one."""
    return str(tensor) if tensor.dtype == "float32" else f"{tensor} {tensor.dtype}"


def cost_text(reports: Sequence[NodeReport]) -> str:
    """Return "320 parameters · 0.2 M multiply-adds · 84 KB / sample"."""
    parameters = sum(report.parameters for report in reports)
    work = multiply_adds_text(report.multiply_adds for report in reports)
    memory = total_text((report.memory for report in reports), size_text)
    parts = [
        ngettext("{count} parameter", "{count} parameters", parameters).format(
            count=thousands_text(parameters)
        ),
        work,
        _("{size} per sample").format(size=memory),
    ]
    return " · ".join(parts)
