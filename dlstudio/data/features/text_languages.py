"""Which scripts and languages texts are written in, by a sample of them."""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from dlstudio.data.columns import Texts
from dlstudio.data.features.stored_texts import StoredTexts
from dlstudio.i18n import _, marked

SAMPLE = 1000
"""Texts that are looked at, spread over the column."""
CHUNK = 300
"""Characters from which a language is told; single messages are too short for that."""
LONGEST = 1000
"""Characters of a text that are looked at."""
SCRIPTS: Mapping[str, str] = {
    marked("Chinese characters"): r"\p{Han}",
    marked("Latin script"): r"\p{Latin}",
    marked("Cyrillic script"): r"\p{Cyrillic}",
    marked("Arabic script"): r"\p{Arabic}",
    marked("Greek script"): r"\p{Greek}",
    marked("Hebrew script"): r"\p{Hebrew}",
    marked("Devanagari script"): r"\p{Devanagari}",
    marked("Thai script"): r"\p{Thai}",
    marked("Japanese kana"): r"[\p{Hiragana}\p{Katakana}]",
    marked("Korean Hangul"): r"\p{Hangul}",
}
LANGUAGES: Mapping[str, str] = {
    "ar": marked("Arabic"),
    "de": marked("German"),
    "el": marked("Greek"),
    "en": marked("English"),
    "es": marked("Spanish"),
    "fr": marked("French"),
    "he": marked("Hebrew"),
    "hi": marked("Hindi"),
    "it": marked("Italian"),
    "ja": marked("Japanese"),
    "ko": marked("Korean"),
    "nl": marked("Dutch"),
    "pl": marked("Polish"),
    "pt": marked("Portuguese"),
    "ru": marked("Russian"),
    "th": marked("Thai"),
    "tr": marked("Turkish"),
    "uk": marked("Ukrainian"),
    "vi": marked("Vietnamese"),
    "zh": marked("Chinese"),
}


@dataclass(frozen=True, slots=True)
class TextLanguages:
    """In what a column of texts is written; the most frequent first.

    Attributes:
        scripts: English names of scripts, each with its share of all letters.
        languages: Codes of ISO 639-1, each with its share of the texts; empty if the
            library that tells languages is not installed, or texts are too short.
    """

    scripts: tuple[tuple[str, float], ...]
    languages: tuple[tuple[str, float], ...]


def text_languages(sample: pl.Series) -> TextLanguages:
    """Scripts and languages of some texts; null where there is none."""
    sample = sample.drop_nulls()
    counts = {
        name: int(sample.str.count_matches(pattern).sum())
        for name, pattern in SCRIPTS.items()
    }
    languages: Mapping[str, int] = {}
    if importlib.util.find_spec("py3langid") is not None:
        languages = _languages(tuple(sample.to_list()))
    return TextLanguages(_shares(counts), _shares(languages))


def language_sample(column: Texts) -> pl.Series:
    """Texts from all over a column, at most `SAMPLE`, and not all of long ones.

    Of a large table they are read only once.
    """
    if not isinstance(column, StoredTexts) or column.cells.key is None:
        return _sample(column)
    if column.cells.changes:
        return _sample(column)
    key, kept = (column.cells.key, SAMPLE, LONGEST), column.cells.store.kept
    if key not in kept:
        kept[key] = _sample(column)
    found = kept[key]
    assert isinstance(found, pl.Series)
    return found


def _sample(column: Texts) -> pl.Series:
    present = np.flatnonzero(~column.missing())
    if len(present) > SAMPLE:
        present = present[np.linspace(0, len(present) - 1, SAMPLE).astype(np.int64)]
    found: pl.Series = column.take(present).values.str.head(LONGEST)
    return found


def language_name(code: str) -> str:
    """The language of a code in the user's own; the code where it has no name here."""
    return _(LANGUAGES[code]) if code in LANGUAGES else code


def _shares(counts: Mapping[str, int]) -> tuple[tuple[str, float], ...]:
    total = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return tuple((name, count / total) for name, count in ordered if count)


@lru_cache(maxsize=4)
def _languages(texts: tuple[str, ...]) -> Mapping[str, int]:
    """How many characters are of each language; a scan asks twice, at two places."""
    import py3langid

    found: Counter[str] = Counter()
    for chunk in _chunks(texts):
        code, _score = py3langid.classify(chunk)
        found[str(code)] += len(chunk)
    return found


def _chunks(texts: Iterable[str]) -> Iterable[str]:
    """Texts joined until they are long enough; each kind of script by itself.

    Otherwise one Chinese message would disappear among ten English ones.
    """
    open_: dict[bool, str] = {}
    for text in texts:
        wide = sum(character > "\u2e80" for character in text) * 4 > len(text)
        joined = f"{open_.pop(wide, '')} {text}".strip()
        if len(joined.encode()) < CHUNK:
            open_[wide] = joined
        else:
            yield joined
    yield from (left for left in open_.values() if len(left.encode()) >= CHUNK // 6)
