"""How like texts are to those that were wanted, by sacrebleu."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from types import ModuleType

EXTRA = 'pip install "dlstudio[text]"'
SIGN = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
SIGNS = 0.25
"""Share of the letters that are of a script without spaces, from which on texts are
compared character by character."""


def bleu(expected: Sequence[str], predicted: Sequence[str]) -> float | None:
    """BLEU of all texts, 0 to 100; None if none of them has four words.

    Words are split as in WMT's evaluations, Chinese and Japanese into characters.

    Args:
        expected: One for each sample, at least one.
        predicted: As many.

    Raises:
        UserError: sacrebleu is not installed.
    """
    split = "zh" if _has_signs(expected) else "13a"
    metric = _sacrebleu().BLEU(tokenize=split, force=True)
    if not metric.corpus_score(list(expected), [list(expected)]).totals[-1]:
        return None
    return float(metric.corpus_score(list(predicted), [list(expected)]).score)


def chrf(expected: Sequence[str], predicted: Sequence[str]) -> float:
    """chrF2 of all texts, 0 to 100; see `bleu`."""
    metric = _sacrebleu().CHRF()
    return float(metric.corpus_score(list(predicted), [list(expected)]).score)


def sentence_chrfs(expected: Sequence[str], predicted: Sequence[str]) -> list[float]:
    """chrF2 of each text, 0 to 100, as `chrf`."""
    metric: Any = _sacrebleu().CHRF()
    pairs = zip(expected, predicted, strict=True)
    return [float(metric.sentence_score(b, [a]).score) for a, b in pairs]


def _has_signs(texts: Sequence[str]) -> bool:
    letters = sum(each.isalpha() for text in texts for each in text)
    return sum(len(SIGN.findall(text)) for text in texts) > SIGNS * max(1, letters)


def _sacrebleu() -> ModuleType:
    try:
        from sacrebleu import metrics
    except ImportError as error:
        raise UserError(
            _("Comparing texts needs sacrebleu, which is not installed."),
            _("Install it with: {command}").format(command=EXTRA),
        ) from error
    found: ModuleType = metrics
    return found
