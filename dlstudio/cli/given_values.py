"""What a person says about a script: options of `read-script`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dlstudio.cli.typed_values import json_or_text, split_setting
from dlstudio.document.values import freeze
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.script_reader.given_values import ScriptInputs, Shape

ANY = ("?", "none")


def given_values(
    names: Sequence[str], inputs: Sequence[str], line: int | None
) -> ScriptInputs:
    """The values that options give.

    Args:
        names: "NAME=VALUE" for each.
        inputs: Shapes, such as "28x28x1".
        line: Of the wanted model, if it was chosen.

    Raises:
        UserError: One of them is not written so.
    """
    from dlstudio.engine.script_reader.given_values import ScriptInputs

    pairs = [split_setting(text, "num_classes=10") for text in names]
    values = {name: freeze(json_or_text(text)) for name, text in pairs}
    return ScriptInputs(values, tuple(_shape(text) for text in inputs), line)


def _shape(text: str) -> Shape:
    """The shape of one sample; "?" for a side of any length."""
    sides = re.split("[x×,]", text.strip().lower().strip("()[]"))
    sides = [side.strip() for side in sides if side.strip()]
    if not sides or not all(_is_side(side) for side in sides):
        raise UserError(
            _("“{text}” is not the shape of an input.").format(text=text),
            _("Give the sides of one sample: --input 28x28x1, or ? for any length."),
        )
    return tuple(None if side in ANY else int(side) for side in sides)


def _is_side(side: str) -> bool:
    return side in ANY or re.fullmatch("[1-9][0-9]{0,8}", side) is not None


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
