"""Entities in sequences of tags, such as B-person I-person O.

Where an entity begins and ends is decided as by `conlleval`, the script of the CoNLL
shared tasks (Tjong Kim Sang and Buchholz, 2000), for the prefixes of IOB1, IOB2 and
BIOES.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

OUTSIDE = "O"
BEGIN, INSIDE = "B-", "I-"
TAG = r"(?:O|[BIESLUM]-\S+)"
"""A tag: L, U and M are other names of E, S and I."""
_TAG = re.compile(TAG)
_BEGINS, _ENDS = "BSU", "ESLU"


@dataclass(frozen=True, slots=True)
class EntitySpan:
    """An entity: some tokens in a row.

    Attributes:
        type: What it is, such as "person".
        start: Its first token, from 0.
        end: The token behind its last one.
    """

    type: str
    start: int
    end: int


def is_tag(text: str) -> bool:
    """Whether a text is a tag."""
    return _TAG.fullmatch(text) is not None


def type_of(tag: str) -> str:
    """The type of a tag; "" for a token outside of all entities."""
    return tag[2:] if tag != OUTSIDE else ""


def begins(tag: str, before: str) -> bool:
    """Whether an entity begins at a tag.

    Args:
        tag: Of the token.
        before: Of the token before it; "O" at the beginning of a sentence.
    """
    if tag == OUTSIDE:
        return False
    ended = before == OUTSIDE or before[0] in _ENDS or type_of(before) != type_of(tag)
    return ended or tag[0] in _BEGINS


def iob2(tags: Sequence[str]) -> list[str]:
    """The same entities in IOB2: each begins with B-, and goes on with I-.

    Args:
        tags: Of one sentence; each is a tag.
    """
    found, before = [], OUTSIDE
    for tag in tags:
        if tag == OUTSIDE:
            found.append(tag)
        else:
            prefix = BEGIN if begins(tag, before) else INSIDE
            found.append(prefix + type_of(tag))
        before = tag
    return found


def entity_spans(tags: Sequence[str]) -> tuple[EntitySpan, ...]:
    """The entities of a sentence, in their order.

    Args:
        tags: Of its tokens; what is no tag is outside of all entities.
    """
    found: list[EntitySpan] = []
    clean = [tag if is_tag(tag) else OUTSIDE for tag in tags]
    for place, tag in enumerate(iob2(clean)):
        if tag.startswith(BEGIN):
            found.append(EntitySpan(type_of(tag), place, place + 1))
        elif tag != OUTSIDE:
            last = found[-1]
            found[-1] = EntitySpan(last.type, last.start, place + 1)
    return tuple(found)


def tags_of(spans: Sequence[EntitySpan], length: int) -> list[str]:
    """Tags in IOB2.

    Args:
        spans: Entities that do not overlap.
        length: Number of tokens.
    """
    tags = [OUTSIDE] * length
    for span in spans:
        tags[span.start : span.end] = [INSIDE + span.type] * (span.end - span.start)
        tags[span.start] = BEGIN + span.type
    return tags


def with_entity(tags: Sequence[str], start: int, end: int, type: str) -> list[str]:
    """Tags in IOB2 of which some tokens in a row become an entity, or none.

    What is left of an entity that they cut remains one.

    Args:
        tags: Of a sentence.
        start: The first token.
        end: The token behind the last one.
        type: Of the entity; "" for none.
    """
    kept: list[EntitySpan] = []
    for span in entity_spans(tags):
        left, right = min(span.end, start), max(span.start, end)
        if span.start < left:
            kept.append(EntitySpan(span.type, span.start, left))
        if right < span.end:
            kept.append(EntitySpan(span.type, right, span.end))
    if type:
        kept.append(EntitySpan(type, start, end))
    return tags_of(kept, len(tags))
