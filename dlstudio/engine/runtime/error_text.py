"""Keras' and TensorFlow's error messages and shapes, as short plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dlstudio.engine.runtime.code_place import code_place
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
    removed. Of an error in a person's own code, the file and the line are named.
    """
    if isinstance(error, UserError):
        return str(error)
    text = _ESCAPES.sub("", str(error))
    text = _NODE.sub("", _TAIL.sub("", _PREAMBLE.sub("", text)))
    text = " ".join(text.split()) or type(error).__name__
    place = code_place(error)
    if place is not None:
        return _in_code(place, error, text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _in_code(place: tuple[str, int], error: BaseException, text: str) -> str:
    """The message of an error in custom code: with its class, as Python shows it."""
    if isinstance(error, SyntaxError):
        text = error.msg
    name = type(error).__name__
    shown = text if text == name else f"{name}: {text}"
    found = _("{file}, line {line}: {reason}").format(
        file=place[0], line=place[1], reason=shown
    )
    return found if len(found) <= _LONGEST else found[: _LONGEST - 1] + "…"


def dims(shape: Sequence[int | None]) -> str:
    """A shape without its batch, "13×13×64"; unknown sizes are "?"."""
    inner = shape[1:]
    if not inner:
        return _("a single number")
    return "×".join("?" if size is None else str(size) for size in inner)
