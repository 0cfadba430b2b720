"""Loads TensorFlow and Keras, without log output."""

from __future__ import annotations

import logging
import os
import sys
from types import ModuleType

from dlstudio.data.standard_error import quiet_stderr
from dlstudio.engine.runtime.preload import preload_tensorflow
from dlstudio.errors import UserError
from dlstudio.i18n import _

# Keras reads the first one at import, and a user's settings for other programs must not
# apply here; TensorFlow's C++ side logs errors only, which are also raised as
# exceptions.
ENVIRONMENT = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}


def start_tensorflow() -> ModuleType:
    """Import TensorFlow and Keras; a second call is free.

    Returns:
        The module `tensorflow`.

    Raises:
        UserError: It is missing or does not work.
    """
    if sys.modules.get("tensorflow") and sys.modules.get("keras"):
        return sys.modules["tensorflow"]
    os.environ.update(ENVIRONMENT)
    os.environ.pop("TF_USE_LEGACY_KERAS", None)
    try:
        with quiet_stderr():
            preload_tensorflow()
            import keras
            import tensorflow
    except (ImportError, OSError, RuntimeError, AttributeError, TypeError) as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise UserError(
            _("TensorFlow could not be loaded: {reason}").format(reason=lines[0]),
            _("“dlstudio doctor” shows details. Reinstalling dlstudio may help."),
        ) from error
    # A keras.json in the user's home is meant for other programs.
    keras.config.set_floatx("float32")
    keras.config.set_image_data_format("channels_last")
    for name in ("tensorflow", "absl"):
        logging.getLogger(name).setLevel(logging.ERROR)
    module: ModuleType = tensorflow
    return module
