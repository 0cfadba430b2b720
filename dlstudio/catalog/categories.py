"""The palette's categories, with the colour and icon that their layers share."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.i18n import marked as _


@dataclass(frozen=True, slots=True)
class Category:
    """A category of the palette.

    Attributes:
        title: The displayed name (translatable).
        color: Colour of the narrow bar on a node, "#rrggbb".
        icon: A qtawesome icon name.
    """

    title: str
    color: str
    icon: str


CATEGORIES: dict[str, Category] = {
    "core": Category(_("Core"), "#2563eb", "mdi6.cube-outline"),
    "convolution": Category(_("Convolution"), "#0d9488", "mdi6.grid"),
    "pooling": Category(_("Pooling"), "#0891b2", "mdi6.arrow-collapse-all"),
    "recurrent": Category(_("Recurrent"), "#9333ea", "mdi6.repeat"),
    "attention": Category(_("Attention"), "#db2777", "mdi6.eye-outline"),
    "regularization": Category(_("Regularization"), "#ca8a04", "mdi6.shield-outline"),
    "normalization": Category(_("Normalization"), "#65a30d", "mdi6.chart-bell-curve"),
    "activation": Category(_("Activation"), "#ea580c", "mdi6.flash-outline"),
    "reshaping": Category(_("Reshaping"), "#64748b", "mdi6.shape-outline"),
    "merging": Category(_("Merging"), "#334155", "mdi6.source-merge"),
    "preprocessing": Category(_("Preprocessing"), "#0369a1", "mdi6.tune"),
    "augmentation": Category(_("Augmentation"), "#be185d", "mdi6.auto-fix"),
    "wrapper": Category(_("Wrappers"), "#7c3aed", "mdi6.package-variant-closed"),
    "operations": Category(_("Operations"), "#4d7c0f", "mdi6.function-variant"),
    "cells": Category(_("Cells"), "#a855f7", "mdi6.circle-double"),
}
