"""The catalog with a feature type and a head that only tests know."""

from __future__ import annotations

import toy_angle

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog


def toy_catalog() -> Catalog:
    """Everything that is shipped, with angles, directions and remarks."""
    return Catalog([*Catalog.load(), *toys()])


def toys() -> tuple[Description, ...]:
    """The descriptions of the toys."""
    # Their modules import Keras.
    import toy_direction
    import toy_remark

    return (
        toy_angle.DESCRIPTION,
        toy_remark.DESCRIPTION,
        toy_direction.DESCRIPTION,
        toy_direction.TURN,
    )
