"""`generate` with a language model: text, printed as it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from dlstudio.cli.error_output import print_text
from dlstudio.cli.opened_project import OpenedProject
from dlstudio.cli.output import Output
from dlstudio.cli.signals import stop_request_first
from dlstudio.i18n import _, ngettext

if TYPE_CHECKING:
    from dlstudio.document.token_choice import Decoding
    from dlstudio.engine.runs.store import Run


def generate_text(
    opened: OpenedProject, run: Run, prompt: str, decoding: Decoding, output: Output
) -> None:
    """Continue a text; Ctrl-C ends it early.

    Args:
        opened: The project.
        run: Of the project; has a trained language model.
        prompt: What to continue.
        decoding: How the next token is chosen.
        output: Output to print to.

    Raises:
        UserError: The model cannot be read.
    """
    with output.waiting(_("Loading the model…")):
        from dlstudio.engine.runtime.startup import start_tensorflow

        start_tensorflow()
        from dlstudio.engine.prediction.feature_model import load_feature_model
        from dlstudio.engine.prediction.language import LanguageModel
        from dlstudio.engine.prediction.text_generation import generate_text
        from dlstudio.engine.runtime.stop_token import StopSource

        language = LanguageModel(load_feature_model(run, opened.catalog))
    unknown = language.unknown_in(prompt)
    if unknown and not output.as_json:
        output.note(_unknown(unknown))
    source = StopSource()
    pieces = []
    with stop_request_first(source.stop):
        if not output.as_json:
            print_text(prompt)
        for piece in generate_text(language, prompt, decoding, source.token):
            pieces.append(piece)
            if not output.as_json:
                print_text(piece)
    if output.as_json:
        text = "".join(pieces)
        output.json({"run": run.id, "prompt": prompt, "text": text, **asdict(decoding)})
    else:
        print_text("\n")


def _unknown(pieces: Sequence[str]) -> str:
    from dlstudio.data.tables.note_text import some_of

    return ngettext(
        "warning: {names} is not in the model's vocabulary and counts as unknown.",
        "warning: {names} are not in the model's vocabulary and count as unknown.",
        len(pieces),
    ).format(names=some_of(pieces))
