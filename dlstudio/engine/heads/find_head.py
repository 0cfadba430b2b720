"""Finds the engine part of a head by its description."""

from __future__ import annotations

import importlib

from dlstudio.catalog.store import Catalog
from dlstudio.engine.heads.base import HeadType


def find_head_type(kind: str, catalog: Catalog) -> HeadType:
    """The engine part of a head.

    Args:
        kind: Of a description of family "heads".
        catalog: Where it is described.

    Raises:
        UserError: There is no such head.
    """
    found = catalog.find("heads", kind).implementations.engine
    module, _, name = found.partition(":")
    head_type = getattr(importlib.import_module(module), name)
    assert isinstance(head_type, HeadType)
    return head_type
