"""The catalog with a feature type and a head that only tests know."""

from __future__ import annotations

import toy_angle

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog


def toy_catalog() -> Catalog:
    """Everything that is shipped, with angles and directions."""
    return Catalog([*Catalog.load(), *toys()])


def toys() -> tuple[Description, ...]:
    """The descriptions of the toys."""
    # Its module imports Keras.
    import toy_direction

    return (toy_angle.DESCRIPTION, toy_direction.DESCRIPTION, toy_direction.TURN)
