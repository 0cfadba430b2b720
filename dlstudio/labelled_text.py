"""A name and what is said about it, with the colon of the language."""

from __future__ import annotations

from dlstudio.i18n import _


def labelled(name: str, text: object) -> str:
    """ "Accuracy: 91.7 %"."""
    return _("{name}: {message}").format(name=name, message=text)
