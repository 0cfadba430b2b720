"""Fixes that read a source of images otherwise."""

from __future__ import annotations

from dlstudio.data.findings import SourceFix
from dlstudio.document.values import FrozenMap
from dlstudio.i18n import _


def as_unlabeled() -> SourceFix:
    """The fix that reads all images without classes."""
    label = _("Use the images without classes")
    return SourceFix(label, FrozenMap({"unlabeled": True}))
