"""`vocabulary`: print the words that a layer looks up, and how often they occur."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.command_text import command_text
from dlstudio.cli.opened_project import OpenedProject, open_project
from dlstudio.cli.options import JsonOption, ProjectArgument
from dlstudio.cli.output import Output
from dlstudio.cli.splits import NAMES
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.i18n import marked as mark
from dlstudio.percent_text import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlstudio.data.token_report import TokenLayer
    from dlstudio.document.learned_layer import LearnedLayer

MOST = 20


def vocabulary(
    project: ProjectArgument,
    layer: Annotated[
        str,
        typer.Argument(
            metavar="[LAYER]",
            help=mark("ID of the layer. Default: the first that looks words up."),
        ),
    ] = "",
    run: Annotated[
        str,
        typer.Option(
            "--run",
            metavar="RUN",
            help=mark(
                "ID of the run, or its beginning. Default: the latest run with a "
                "vocabulary, else what the next run would learn."
            ),
        ),
    ] = "",
    search: Annotated[
        str, typer.Option(metavar="TEXT", help=mark("Only words that contain this."))
    ] = "",
    most: Annotated[
        int,
        typer.Option(
            metavar="N", min=0, help=mark("Show at most N words; 0 for all of them.")
        ),
    ] = MOST,
    as_json: JsonOption = False,
) -> None:
    """Print the vocabulary of a layer, and the share of unknown words in each split.

    Raises:
        UserError: No layer of the model looks words up, or the data cannot be read.
    """
    from dlstudio.data.token_report import count_vocabulary

    output = Output(as_json)
    opened = open_project(project)
    asked, learned = _asked(opened, layer, run)
    with output.progress(_("Counting words…")):
        found = count_vocabulary(asked, opened.catalog, learned)
    if found is None:
        raise _no_words(opened, asked.node)
    rows = _rows(found, search.strip().casefold())
    shown = rows[:most] if most else rows
    if as_json:
        output.json(_as_json(found, asked.node, shown))
        return
    output.text(_title(found, asked.node))
    output.table(
        (_("Split"), _("Texts"), _("Without words"), _("Unknown words")),
        [
            (
                _(NAMES[each.split]),
                f"{each.texts:,}",
                f"{each.empty:,}",
                percent(each.unknown_share),
            )
            for each in found.splits
        ],
        (1, 2, 3),
    )
    output.text()
    headings = [_("Index"), _("Word"), _("Count")]
    lines = [[str(n), w, f"{c:,}"] for n, w, c in shown]
    if found.weights:
        headings.append(_("IDF"))
        for line, (number, _word, _count) in zip(lines, shown, strict=True):
            line.append(f"{found.weights[number]:.3f}")
    output.table(headings, lines, (0, *range(2, len(headings))))
    left = len(rows) - len(shown)
    if left:
        text = ngettext("… and {count} more.", "… and {count} more.", left)
        output.text(text.format(count=f"{left:,}"))


def _asked(
    opened: OpenedProject, layer: str, run: str
) -> tuple[TokenLayer, LearnedLayer | None]:
    """The layer, in the project of the run that has learned it, and what it learned."""
    from dlstudio.data.token_report import TokenLayer, token_layers
    from dlstudio.engine.project.run_vocabulary import run_vocabulary
    from dlstudio.engine.runs.store import RunStore

    store = RunStore(opened.folder)
    node = layer or next(iter(token_layers(opened.project)), "")
    for each in [store.find(run)] if run else reversed(store.all()):
        found = run_vocabulary(each, node)
        if found is not None:
            return TokenLayer(each.project(), opened.folder, node), found
    if run or node not in opened.project.model.nodes:
        raise _no_words(opened, node)
    return TokenLayer(opened.project, opened.folder, node), None


def _no_words(opened: OpenedProject, node: str) -> UserError:
    from dlstudio.data.token_layers import SUBWORD_LAYERS
    from dlstudio.data.token_report import token_layers

    hint = _("“{command}” lists the layers.").format(
        command=command_text("layers", "list", opened.folder)
    )
    if not node or not any(token_layers(opened.project)):
        return UserError(_("No layer of the model looks up words of a text."), hint)
    known = opened.project.model.nodes.get(node)
    if known is not None and known.kind in SUBWORD_LAYERS:
        return UserError(
            _("“{name}” learns its subwords while it is trained.").format(name=node),
            _("Train the model first: “{command}”.").format(
                command=command_text("train", opened.folder)
            ),
        )
    return UserError(_("“{name}” looks up no words of a text.").format(name=node), hint)


def _rows(found: LearnedLayer, wanted: str) -> list[tuple[int, str, int]]:
    """Index, word and count of the words that contain a text."""
    pairs = zip(found.vocabulary, found.counts, strict=True)
    return [
        (number, word, count)
        for number, (word, count) in enumerate(pairs)
        if wanted in word.casefold()
    ]


def _title(found: LearnedLayer, node: str) -> str:
    count = len(found.vocabulary)
    if found.run:
        text = ngettext(
            "{layer}: {count} word, learned in run {run}.",
            "{layer}: {count} words, learned in run {run}.",
            count,
        )
    else:
        text = ngettext(
            "{layer}: {count} word, as the next run will learn it.",
            "{layer}: {count} words, as the next run will learn them.",
            count,
        )
    return text.format(layer=node, count=f"{count:,}", run=found.run)


def _as_json(
    found: LearnedLayer, node: str, rows: Sequence[tuple[int, str, int]]
) -> dict[str, object]:
    return {
        "layer": node,
        "run": found.run or None,
        "size": len(found.vocabulary),
        "splits": {
            each.split: {
                "texts": each.texts,
                "empty": each.empty,
                "words": each.tokens,
                "unknown": each.unknown,
                "unknown_share": each.unknown_share,
            }
            for each in found.splits
        },
        "vocabulary": [_entry(found, *each) for each in rows],
    }


def _entry(
    found: LearnedLayer, number: int, word: str, count: int
) -> dict[str, object]:
    """A word, with its weight where there are weights."""
    entry: dict[str, object] = {"index": number, "word": word, "count": count}
    return {**entry, "idf": found.weights[number]} if found.weights else entry
