"""The libraries of the extra "text", imported when they are needed."""

from __future__ import annotations

import importlib
from types import ModuleType

from dlstudio.errors import UserError
from dlstudio.i18n import _

EXTRA = 'pip install "dlstudio[text]"'


def text_library(name: str) -> ModuleType:
    """A library of the extra "text".

    Args:
        name: Of the module, such as "gensim.models.word2vec".

    Raises:
        UserError: It is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UserError(
            _("This needs {library}, which is not installed.").format(
                library=name.partition(".")[0]
            ),
            _("Install it with: {command}").format(command=EXTRA),
        ) from error
