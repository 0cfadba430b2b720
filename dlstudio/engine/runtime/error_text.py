"""Keras' and TensorFlow's error messages and shapes, as short plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dlstudio.errors import UserError
from dlstudio.i18n import _

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_PREAMBLE = re.compile(r"^Exception encountered when calling [^\n]*\n+", re.MULTILINE)
_TAIL = re.compile(r"\n+Arguments received by .*", re.DOTALL)
_NODE = re.compile(r"\{\{[^}]*\}\}|\[Op:[^\]]*\]")
_LONGEST = 400


def plain(error: BaseException) -> str:
    """The message of `error`, in one line of at most 400 characters.

    Colour codes, the frame Keras adds around a message and the arguments it repeats are
    removed.
    """
    if isinstance(error, UserError):
        return str(error)
    text = _ESCAPES.sub("", str(error))
    text = _NODE.sub("", _TAIL.sub("", _PREAMBLE.sub("", text)))
    text = " ".join(text.split()) or type(error).__name__
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def dims(shape: Sequence[int | None]) -> str:
    """A shape without its batch, "13×13×64"; unknown sizes are "?"."""
    inner = shape[1:]
    if not inner:
        return _("a single number")
    return "×".join("?" if size is None else str(size) for size in inner)
