"""How a language model chooses the next token of a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decoding:
    """How the next token is chosen.

    Attributes:
        length: Tokens to write.
        temperature: Below 1 likely tokens become likelier; 0 takes the likeliest.
        top_k: Only so many of the likeliest tokens are drawn from; 0 for all.
        top_p: Only the likeliest tokens with this probability in all; 1 for all.
        seed: The same one gives the same text.
        stop: Text at which writing ends, which is not written; "" for none.
    """

    length: int = 200
    temperature: float = 0.8
    top_k: int = 0
    top_p: float = 1.0
    seed: int = 0
    stop: str = ""
