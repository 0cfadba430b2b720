"""The numeric precision that layers are created with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras

from dlstudio.errors import UserError
from dlstudio.i18n import _

DTYPE_POLICIES = ("float32", "mixed_float16", "mixed_bfloat16", "float16", "bfloat16")


@contextmanager
def dtype_policy(name: str) -> Iterator[None]:
    """Set Keras' dtype policy to `name` inside the block, and restore it afterwards.

    Raises:
        UserError: Keras has no such policy.
    """
    if name not in DTYPE_POLICIES:
        raise UserError(
            _("There is no numeric precision called “{name}”.").format(name=name),
            _("Choose one of {names}.").format(names=", ".join(DTYPE_POLICIES)),
        )
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
