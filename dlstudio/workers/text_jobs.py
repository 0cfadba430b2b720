"""Jobs in which language models write; on the prediction thread."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.document.token_choice import Decoding
from dlstudio.workers.jobs import JobContext, ReportingContext
from dlstudio.workers.model_cache import ModelCache, RunReference

LIVE = Decoding(length=240)
"""What is written of each checkpoint: the same draws, so that one sees it learn."""


@dataclass(frozen=True, slots=True)
class WrittenText:
    """Some more of a text.

    Attributes:
        piece: Behind all before.
        count: How many tokens were written.
        unknown: With the first piece, those of the prompt that are no tokens.
    """

    piece: str
    count: int
    unknown: tuple[str, ...] = ()


def write_text(
    context: ReportingContext[WrittenText],
    models: ModelCache,
    question: RunReference,
    prompt: str,
    decoding: Decoding,
) -> int:
    """Continue a text with a run's model; returns the number of pieces.

    Args:
        context: Context of the job; gets each piece. A cancelled job ends as usual,
            so that what was written stays.
        models: Caches the run's model.
        question: The run and the project's folder.
        prompt: What to continue.
        decoding: How tokens are chosen.

    Raises:
        UserError: There is no model yet, or it is damaged.
    """
    from dlstudio.engine.prediction.language import LanguageModel
    from dlstudio.engine.prediction.text_generation import generate_text
    from dlstudio.engine.runs.store import RunStore
    from dlstudio.engine.runtime.stop_token import StopToken

    run = RunStore(question.folder).find(question.run)
    language = LanguageModel(models.features(run, question.catalog))
    token = StopToken(context.cancel_event)
    context.report(WrittenText("", 0, tuple(language.unknown_in(prompt))))
    count = 0
    for piece in generate_text(language, prompt, decoding, token):
        count += 1
        context.report(WrittenText(piece, count))
    return count


def live_text(context: JobContext, models: ModelCache, question: RunReference) -> str:
    """What the newest checkpoint of a run writes.

    Args:
        context: Context of the job.
        models: Caches the run's model.
        question: The run and the project's folder.

    Raises:
        UserError: There is no checkpoint.
    """
    from dlstudio.engine.prediction.language import LanguageModel
    from dlstudio.engine.prediction.text_generation import generate_text
    from dlstudio.engine.runs.store import RunStore
    from dlstudio.engine.runtime.stop_token import StopToken

    run = RunStore(question.folder).find(question.run)
    language = LanguageModel(models.features(run, question.catalog))
    token = StopToken(context.cancel_event)
    return "".join(generate_text(language, "", LIVE, token))
