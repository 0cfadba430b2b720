"""What is known of a kind of finding."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FindingKind:
    """The title and meaning of a kind of finding.

    Attributes:
        tone: "bad", "warning" or "plain".
        text: How it affects training, and what to do about it.
    """

    title: str
    tone: str
    text: str
