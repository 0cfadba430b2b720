"""What is found about texts: copies, contradictions, damaged characters, languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from dlstudio.data.columns import Categories, Column, Mask, Texts
from dlstudio.data.features.inferred_table import (
    InferredTable,
    exclude_fix,
    first_rows,
)
from dlstudio.data.features.text_languages import (
    language_name,
    text_languages,
)
from dlstudio.data.findings import Finding
from dlstudio.i18n import _, ngettext
from dlstudio.percent_text import percent

FEW = 0.05
"""Share of rows up to which contradicting ones can be excluded without thought, and
below which a language is not worth mention."""
DAMAGED = (
    # What stands for bytes that could not be read, also when read once more.
    "\ufffd|锟斤拷|ï¿½|"
    # UTF-8 that was read as Windows-1252: “â€™” for an apostrophe, “Ã©” for “é”.
    "â€[™œ\u009d\u0080-\u00bf“”˜¦]|Ã[\u0080-\u00bf©¨¤¶¼±]|ï»¿|"
    # Control characters other than line ends and tabs, and a byte order mark inside.
    "[\\x00-\\x08\\x0B\\x0E-\\x1F]|.\ufeff"
)
EXAMPLE = 30


def text_findings(table: InferredTable, name: str) -> Iterator[Finding]:
    """What is found about a column of texts.

    Args:
        table: With its types.
        name: Of a column of texts.
    """
    column = table.values(name)
    if not isinstance(column, Texts):
        return
    yield from _damaged(table, column, name)
    if name != table.target:
        yield from _copies(table, column, name)
    yield from _languages(column, name)


def _damaged(table: InferredTable, column: Texts, name: str) -> Iterator[Finding]:
    damaged = column.values.str.contains(DAMAGED).fill_null(False).to_numpy()
    count = int(damaged.sum())
    if not count:
        return
    row = int(np.argmax(damaged))
    text = ngettext(
        "{count} text has characters that were not read with the right encoding, in "
        "row {row}: {example}",
        "{count} texts have characters that were not read with the right encoding; "
        "the first one, in row {row}: {example}",
        count,
    ).format(
        count=f"{count:,}",
        row=f"{table.row_number(row):,}",
        example=_("“{text}”").format(text=_around(str(column.values[row]))),
    )
    fixes = (exclude_fix(damaged),)
    yield Finding("damaged-texts", name, text, "", fixes, first_rows(damaged))


def _around(text: str) -> str:
    """What of a text stands around its damaged characters, these made visible."""
    found = pl.Series([text]).str.find(DAMAGED)[0] or 0
    start = max(0, len(text.encode()[:found].decode(errors="ignore")) - EXAMPLE // 2)
    shown = re.sub(r"[\x00-\x08\x0b\x0e-\x1f]", "\ufffd", text[start : start + EXAMPLE])
    return " ".join(shown.split())


def _copies(table: InferredTable, column: Texts, name: str) -> Iterator[Finding]:
    """Equal texts in rows that differ otherwise.

    Rows that are equal altogether, or in all inputs, are findings about rows.
    """
    others = [each for each in table.used() if each.name not in (name, table.target)]
    if not others:
        return
    target = table.values(table.target)
    frame = _with_target(column, target).with_columns(
        known=pl.col("x").is_not_null() & pl.col("y").is_not_null()
    )
    known = frame["known"].to_numpy()
    if isinstance(target, Categories):
        classes = pl.col("y").n_unique().over("x")
        several = frame.select(classes > 1).to_series().to_numpy() & known
        yield from _contradictions(several, name)
        known &= ~several
    again = ~frame.select(pl.struct("x", "y").is_first_distinct()).to_series()
    copies = again.to_numpy() & known
    count = int(copies.sum())
    if count:
        text = ngettext(
            "{count} text occurs in an earlier row with the same target.",
            "{count} texts occur in earlier rows with the same target.",
            count,
        ).format(count=f"{count:,}")
        fixes = (exclude_fix(copies),)
        yield Finding("duplicate-texts", name, text, "", fixes, first_rows(copies))


def _with_target(column: Texts, target: Column | None) -> pl.DataFrame:
    """The texts beside what is predicted of them, a number where there is nothing."""
    if isinstance(target, Categories):
        y = pl.Series(target.codes).replace(-1, None)
    else:
        y = pl.zeros(len(column), pl.Int8, eager=True)
    return pl.DataFrame({"x": column.values, "y": y})


def _contradictions(several: Mask, name: str) -> Iterator[Finding]:
    count = int(several.sum())
    if not count:
        return
    text = ngettext(
        "{count} row has a text that occurs in another class.",
        "{count} rows have a text that occurs in another class.",
        count,
    ).format(count=f"{count:,}")
    fixes = (exclude_fix(several),) if several.mean() <= FEW else ()
    yield Finding("conflicting-texts", name, text, "", fixes, first_rows(several))


def _languages(column: Texts, name: str) -> Iterator[Finding]:
    """More than one script or language, each in a good part of the texts."""
    found = text_languages(column.values)
    languages = [pair for pair in found.languages if pair[1] >= FEW]
    scripts = [pair for pair in found.scripts if pair[1] >= FEW]
    if len(languages) > 1:
        named = [(language_name(code), share) for code, share in languages]
    elif len(scripts) > 1:
        named = [(_(script), share) for script, share in scripts]
    else:
        return
    yield Finding("mixed-languages", name, f"{_listed(named)}.")


def _listed(shares: Sequence[tuple[str, float]]) -> str:
    return ", ".join(
        _("{name} ({share})").format(name=name, share=percent(share))
        for name, share in shares
    )
