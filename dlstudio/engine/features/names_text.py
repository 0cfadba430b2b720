"""Names of categories in a sentence, and one that is none of them."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.i18n import _, ngettext

MOST = 100
UNSEEN = "unseen"


def names_text(names: Sequence[str]) -> str:
    """How many names there are, and which; not more than `MOST` of them."""
    count = len(names)
    text = ngettext("{count} name: {names}.", "{count} names: {names}.", count)
    return text.format(count=count, names=listed(names))


def listed(names: Sequence[str]) -> str:
    """Names with commas between them; not more than `MOST` of them."""
    text = ", ".join(names[:MOST])
    return _("{names}, …").format(names=text) if len(names) > MOST else text


def unseen_name(names: Sequence[str]) -> str:
    """A name that is not among `names`."""
    found = UNSEEN
    while found in names:
        found += "_"
    return found
