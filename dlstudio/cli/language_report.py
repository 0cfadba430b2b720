"""Printing how well a language model predicts text."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.cli.output import Output
from dlstudio.document.evaluation import HeadReport
from dlstudio.document.language_sections import Continuations
from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.value_text import grouped

INDENT = "  "


def show_language(output: Output, report: HeadReport) -> None:
    """Print the metrics beside those of frequencies alone, and what it writes.

    Args:
        output: Output to print to.
        report: Of the text.
    """
    always = report.baseline.get("unigram", {})
    rows = [
        (title, _number(report.metrics.get(name)), _number(_value(always, name)))
        for name, title in (
            ("bits_per_character", _("Bits per character")),
            ("perplexity", _("Perplexity")),
        )
    ]
    share = report.metrics.get("token_accuracy")
    rows.append((_("Token accuracy"), "–" if share is None else percent(share), ""))
    heads = (_("Metric"), _("Model"), _("Frequencies alone"))
    output.table(heads, rows, numbers=(1, 2))
    unknown = report.metrics.get("unknown_share")
    if unknown:
        output.text(
            _("Unknown tokens: {share} of the text.").format(share=percent(unknown))
        )
    section = report.sections.get(Continuations.NAME)
    samples = Continuations.from_json(section).samples if section else ()
    for each in samples:
        output.text()
        title = _("It writes, at temperature {temperature}:")
        output.text(title.format(temperature=each.temperature), "bold")
        for line in (each.prompt + each.text).strip("\n").splitlines():
            output.text(INDENT + line)


def _value(found: object, name: str) -> float | None:
    value = found.get(name) if isinstance(found, Mapping) else None
    return value if isinstance(value, float) else None


def _number(value: float | None) -> str:
    return "–" if value is None else grouped(value, 3)
