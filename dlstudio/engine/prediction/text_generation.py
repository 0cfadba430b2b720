"""Text that a language model writes, token by token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.document.language_sections import Continuation, Continuations
from dlstudio.document.token_choice import Decoding
from dlstudio.engine.heads.next_tokens import PADDING, UNKNOWN
from dlstudio.engine.runtime.stop_token import StopToken

if TYPE_CHECKING:
    from dlstudio.engine.prediction.language import LanguageModel

Numbers = npt.NDArray[np.float64]
TEMPERATURES = (0.5, 0.8, 1.0)
"""Of the samples in a report."""
SAMPLE = 200
"""Tokens of such a sample."""


def generate_text(
    language: LanguageModel,
    prompt: str,
    decoding: Decoding,
    token: StopToken | None = None,
) -> Iterator[str]:
    """Go on with a text, piece by piece.

    Args:
        language: Trained, or at a checkpoint.
        prompt: What to go on with; after nothing, a usual first token is drawn.
        decoding: How tokens are chosen.
        token: Ends the text early.

    Yields:
        What is to be written behind all before, usually one token.
    """
    random = np.random.default_rng(decoding.seed)
    tokens = language.prompt_tokens(prompt)
    blank = bool(prompt) and not prompt[-1].isspace()
    held = ""
    for number in range(decoding.length):
        if token is not None and token.stop_requested:
            break
        logits = language.next_logits(tokens) if tokens else _first(language)
        chosen = choose_token(logits, decoding, random)
        tokens = [*tokens, chosen][-language.length :]
        before = language.separator if number or blank else ""
        held += before + language.word(chosen)
        ready, held, ended = _until(held, decoding.stop)
        if ready:
            yield ready
        if ended:
            return
    if held:
        yield held


def choose_token(
    logits: Numbers, decoding: Decoding, random: np.random.Generator
) -> int:
    """Draw a token that is neither padding nor unknown.

    Args:
        logits: Of all tokens, (tokens,).
        decoding: How it is drawn.
        random: Draws one number.
    """
    values = np.array(logits, np.float64)
    values[[PADDING, UNKNOWN]] = -np.inf
    if decoding.temperature <= 0:
        return int(values.argmax())
    drawn = random.random()
    order = np.argsort(-values, kind="stable")
    powers = np.exp((values[order] - values[order[0]]) / decoding.temperature)
    if decoding.top_k > 0:
        powers[decoding.top_k :] = 0
    shares = powers / powers.sum()
    if decoding.top_p < 1:
        before = np.cumsum(shares) - shares
        shares = np.where(before < max(decoding.top_p, 0.0), shares, 0.0)
        shares[0] = max(shares[0], 1e-300)
        shares /= shares.sum()
    place = int(np.searchsorted(np.cumsum(shares), drawn, side="right"))
    return int(order[min(place, int(np.flatnonzero(shares)[-1]))])


def _first(language: LanguageModel) -> Numbers:
    """Where nothing is written yet: all tokens by their place, frequent ones first."""
    return -np.log(np.arange(1, len(language.vocabulary) + 1, dtype=np.float64))


def _until(text: str, stop: str) -> tuple[str, str, bool]:
    """What can be written, what may begin `stop`, and whether that came."""
    if not stop:
        return text, "", False
    place = text.find(stop)
    if place >= 0:
        return text[:place], "", True
    for size in range(min(len(stop) - 1, len(text)), 0, -1):
        if stop.startswith(text[-size:]):
            return text[:-size], text[-size:], False
    return text, "", False


def sample_continuations(language: LanguageModel, prompt: str = "") -> Continuations:
    """Samples at several temperatures, for a report; the same ones each time."""
    found = []
    for temperature in TEMPERATURES:
        decoding = Decoding(SAMPLE, temperature)
        text = "".join(generate_text(language, prompt, decoding))
        found.append(Continuation(prompt, text, temperature))
    return Continuations(tuple(found))
