"""Which options of `read-script` help where a script is not understood."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dlstudio.errors import UserError
from dlstudio.i18n import _


@contextmanager
def hints() -> Iterator[None]:
    """Say which options help where a script is not understood."""
    from dlstudio.engine.script_reader.reader import ScriptError

    try:
        yield
    except ScriptError as error:
        parts = [
            _(
                "Write these lines in another way, or say what they need: --set "
                "NAME=VALUE for a name, --input 28x28x1 for the shape of an input."
            )
        ]
        if error.lines:
            lines = ", ".join(map(str, error.lines))
            text = _("--model LINE reads another model; these can be read: {lines}.")
            parts.append(text.format(lines=lines))
        parts.append(_("Nothing was changed."))
        raise UserError(error.message, " ".join(parts)) from error
