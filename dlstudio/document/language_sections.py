"""What reports say of language models: how they go on, and what surprises them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from dlstudio.document.report_sections import plain_section
from dlstudio.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class Continuation:
    """A text that a model has gone on with.

    Attributes:
        prompt: What it was given.
        text: What it has written behind that.
        temperature: Of its draws.
    """

    prompt: str
    text: str
    temperature: float


@dataclass(frozen=True, slots=True)
class Continuations:
    """Some texts that a model has gone on with."""

    NAME: ClassVar[str] = "continuations"
    samples: tuple[Continuation, ...]

    def to_json(self) -> JsonObject:
        """{"samples": [{"prompt", "text", "temperature"}, …]}."""
        return {"samples": [plain_section(each) for each in self.samples]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Continuations:
        """Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            tuple(
                Continuation(
                    str(each["prompt"]), str(each["text"]), float(each["temperature"])
                )
                for each in data["samples"]
            )
        )


@dataclass(frozen=True, slots=True)
class SurprisingText:
    """A text and how surprising each of its tokens was.

    Attributes:
        id: Of the sample.
        tokens: As they are written; what stands between words belongs to them.
        bits: Of each token; 0 of the first one, which nothing predicts.
        likeliest: The token that the model has expected instead of each.
    """

    id: str
    tokens: tuple[str, ...]
    bits: tuple[float, ...]
    likeliest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TokenSurprise:
    """Texts that were held out, with the surprise of each token."""

    NAME: ClassVar[str] = "surprise"
    texts: tuple[SurprisingText, ...]

    def to_json(self) -> JsonObject:
        """{"texts": [{"id", "tokens", "bits", "likeliest"}, …]}."""
        return {"texts": [plain_section(each) for each in self.texts]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TokenSurprise:
        """Raises KeyError, TypeError or ValueError for anything else."""
        found = []
        for each in data["texts"]:
            text = SurprisingText(
                str(each["id"]),
                tuple(map(str, each["tokens"])),
                tuple(map(float, each["bits"])),
                tuple(map(str, each["likeliest"])),
            )
            if not len(text.tokens) == len(text.bits) == len(text.likeliest):
                raise ValueError("as many tokens as bits")
            found.append(text)
        return cls(tuple(found))
