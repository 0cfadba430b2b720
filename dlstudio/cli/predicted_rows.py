"""Printing predictions: of the rows of a table, and of entered values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dlstudio.cli.output import Output
from dlstudio.document.entity_text import cut_text, entities_text
from dlstudio.errors import about
from dlstudio.i18n import _, ngettext
from dlstudio.labelled_text import labelled
from dlstudio.percent_text import percent
from dlstudio.value_text import grouped, value_text

if TYPE_CHECKING:
    from dlstudio.document.prediction import Prediction
    from dlstudio.engine.prediction.unusual_values import UnusualValues

MOST_ERRORS = 10
MOST_TOKENS = 12


def show_rows(output: Output, found: Sequence[Prediction]) -> None:
    """Print what is predicted for rows, one line for each of them.

    Args:
        output: Output to print to; why a row has no prediction goes to stderr.
        found: Of one table, each called by the row's number at its end.
    """
    _show_errors(output, [each for each in found if each.error])
    good = [each for each in found if not each.error]
    if not good:
        return
    titles, columns = [_("Row")], [[_number(each.input) for each in good]]
    numbers = [0]
    for name in good[0].outputs:
        answers = [each.outputs[name] for each in good]
        if "value" in answers[0]:
            numbers.append(len(titles))
            titles.append(name)
            columns.append(_aligned([each["value"] for each in answers]))
            continue
        if "tags" in answers[0]:
            titles.append(name)
            columns.append([entities_text(each) for each in answers])
            continue
        if "text" in answers[0]:
            titles.append(name)
            columns.append([each["text"] for each in answers])
            continue
        numbers.append(len(titles) + 1)
        titles += [name, _("Score")]
        columns += [
            [_label(each) for each in answers],
            [percent(each["score"]) for each in answers],
        ]
    output.table(titles, list(zip(*columns, strict=True)), numbers)


def _show_errors(output: Output, wrong: Sequence[Prediction]) -> None:
    for each in wrong[:MOST_ERRORS]:
        output.note(about(each.input, each.error))
    left = len(wrong) - MOST_ERRORS
    if left > 0:
        text = ngettext(
            "… and {count} more; use --json to list all.",
            "… and {count} more; use --json to list all.",
            left,
        )
        output.note(text.format(count=f"{left:,}"))


def show_unusual(output: Output, found: UnusualValues) -> None:
    """Warn about values that the model has not learned from.

    Args:
        output: Output to print to, on stderr.
        found: Of an input.
    """
    text = (
        ngettext(
            "warning: {count} value of “{name}” was not in the training split and "
            "counts as unknown: “{value}”.",
            "warning: {count} values of “{name}” were not in the training split and "
            "count as unknown, such as “{value}”.",
            found.count,
        )
        if found.is_unseen
        else ngettext(
            "warning: {count} value of “{name}” cannot be read and counts as missing: "
            "“{value}”.",
            "warning: {count} values of “{name}” cannot be read and count as missing, "
            "such as “{value}”.",
            found.count,
        )
    )
    count = f"{found.count:,}"
    output.note(text.format(count=count, name=found.feature, value=found.example))


def show_answers(output: Output, found: Prediction) -> None:
    """Print what is predicted for one sample: a line for each output."""
    for name, answer in found.outputs.items():
        if "value" in answer:
            shown = value_text(answer["value"])
        elif "tags" in answer:
            shown = entities_text(answer)
        elif "text" in answer:
            shown = answer["text"]
        else:
            shown = f"{_label(answer)} ({percent(answer['score'])})"
        output.text(labelled(name, shown))
        if answer.get("cut"):
            output.note(cut_text(answer["cut"]))


def show_explanation(output: Output, found: Prediction) -> None:
    """Print the tokens of a text that matter most, if its prediction is explained."""
    from dlstudio.document.explanation_text import tokens_text

    explained = found.explanation
    if explained is None:
        return
    for text in explained.texts:
        tokens = [each for each in text.tokens if each.share]
        tokens.sort(key=lambda each: -abs(each.share))
        rows = [
            (each.text, ("−" if each.share < 0 else "+") + percent(abs(each.share)))
            for each in tokens[:MOST_TOKENS]
        ]
        title = text.feature if len(explained.texts) > 1 else _("Token")
        if rows:
            output.table((title, _("Attribution")), rows, [1])
        output.note(tokens_text(text))


def _number(name: str) -> str:
    """The row's number of "flats.csv:12"."""
    return name.rpartition(":")[2]


def _label(answer: dict[str, Any]) -> str:
    labels = answer.get("labels")
    if labels is None:
        return str(answer["label"])
    return ", ".join(labels) or _("no label")


def _aligned(values: Sequence[float]) -> list[str]:
    """Numbers with the same decimals."""
    import polars as pl

    from dlstudio.data.column_decimals import predicted_decimals

    decimals = predicted_decimals(pl.Series(values, dtype=pl.Float64))
    if decimals is None:
        return [value_text(each) for each in values]
    return [grouped(each, decimals) for each in values]
