"""What is found about texts: copies, contradictions, damaged characters, languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.data.columns import Categories, Mask, Texts
from dlstudio.data.features.hashes import Hashes, repeated, seen_before
from dlstudio.data.features.inferred_table import (
    InferredTable,
    exclude_fix,
    first_rows,
)
from dlstudio.data.features.stored_texts import text_digest
from dlstudio.data.features.text_digest import DAMAGED
from dlstudio.data.features.text_languages import (
    language_name,
    language_sample,
    text_languages,
)
from dlstudio.data.findings import Finding
from dlstudio.i18n import _, ngettext
from dlstudio.percent_text import percent

FEW = 0.05
"""Share of rows up to which contradicting ones can be excluded without thought, and
below which a language is not worth mention."""
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
    places = text_digest(column).damaged
    count = len(places)
    if not count:
        return
    damaged = np.zeros(len(column), bool)
    damaged[places] = True
    row = int(places[0])
    first = str(column.take(places[:1]).values[0])
    text = ngettext(
        "{count} text has characters that were not read with the right encoding, in "
        "row {row}: {example}",
        "{count} texts have characters that were not read with the right encoding; "
        "the first one, in row {row}: {example}",
        count,
    ).format(
        count=f"{count:,}",
        row=f"{table.row_number(row):,}",
        example=_("“{text}”").format(text=_around(first)),
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
    digest, target = text_digest(column), table.values(table.target)
    hashes, known = digest.hashes(), ~digest.missing()
    if isinstance(target, Categories):
        known &= ~target.missing()
        several = _in_several(hashes, target.codes, known)
        yield from _contradictions(several, name)
        known &= ~several
    copies = np.zeros(len(column), bool)
    # All copies of a text are in one class: what contradicts is left out.
    copies[known] = seen_before(hashes[known])
    count = int(copies.sum())
    if count:
        text = ngettext(
            "{count} text occurs in an earlier row with the same target.",
            "{count} texts occur in earlier rows with the same target.",
            count,
        ).format(count=f"{count:,}")
        fixes = (exclude_fix(copies),)
        yield Finding("duplicate-texts", name, text, "", fixes, first_rows(copies))


def _in_several(hashes: Hashes, codes: npt.NDArray[np.int32], known: Mask) -> Mask:
    """Whose text occurs in another class, too, bool (n,).

    Args:
        hashes: Of the texts.
        codes: Of their classes, (n,).
        known: Where there is a text and a class.
    """
    places = np.flatnonzero(known)
    places = places[repeated(hashes[places])]
    rows = pl.DataFrame({"x": hashes[places], "y": codes[places]})
    found = np.zeros(len(hashes), bool)
    found[places] = rows.select(pl.col("y").n_unique().over("x") > 1).to_series()
    return found


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
    sample = language_sample(column)
    found = text_languages(sample)
    languages = [pair for pair in found.languages if pair[1] >= FEW]
    scripts = [pair for pair in found.scripts if pair[1] >= FEW]
    if len(languages) > 1:
        named = [(language_name(code), share) for code, share in languages]
    elif len(scripts) > 1:
        named = [(_(script), share) for script, share in scripts]
    else:
        return
    text = _("{shares}.").format(shares=_listed(named))
    if len(sample) < np.count_nonzero(~column.missing()):
        text = _("Of {count} texts looked at: {shares}.").format(
            count=f"{len(sample):,}", shares=_listed(named)
        )
    yield Finding("mixed-languages", name, text)


def _listed(shares: Sequence[tuple[str, float]]) -> str:
    return _(", ").join(
        _("{name} ({share})").format(name=name, share=percent(share))
        for name, share in shares
    )
