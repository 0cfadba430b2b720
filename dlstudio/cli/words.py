"""`words`: what word vectors know, and their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.initial_vectors import embed_vectors
from dlstudio.cli.opened_project import project_folder
from dlstudio.cli.options import JsonOption, RunOption, whole_number
from dlstudio.cli.output import Output
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.engine.words.word_vectors import NearWord, WordVectors

NEIGHBOURS, ANALOGY, SCORE = "neighbours", "analogy", "score"
EXPORT, EMBED, INFO = "export", "embed", "info"
TAKES = {
    NEIGHBOURS: ("WORD",),
    ANALOGY: ("A", "B", "C"),
    SCORE: ("FILE",),
    EXPORT: ("OUT",),
    EMBED: ("PROJECT",),
    INFO: (),
}
"""What follows each action."""
MOST_UNKNOWN = 12
"""Unknown words that are printed."""


@dataclass(frozen=True, slots=True)
class OpenedWords:
    """Word vectors and where they come from.

    Attributes:
        origin: A run or a file, as text.
        format: Of a file; "" of a run.
    """

    vectors: WordVectors
    origin: str
    format: str = ""


def words(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="PROJECT|FILE",
            help=mark(
                "Project that learned word vectors, or a file of them: word2vec text "
                "or binary, or GloVe."
            ),
        ),
    ],
    action: Annotated[
        str,
        typer.Argument(
            metavar="ACTION",
            help=mark(
                "neighbours WORD · analogy A B C (A is to B as C is to what?) · score "
                "FILE (two words and a score in each line) · export OUT · embed "
                "PROJECT (as the weights its Embedding layer begins with) · info"
            ),
        ),
    ] = INFO,
    items: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORD|FILE...", help=mark("What the action takes.")),
    ] = None,
    top: Annotated[
        int,
        typer.Option(
            metavar="N", parser=whole_number(1), help=mark("Number of words to print.")
        ),
    ] = 10,
    binary: Annotated[
        bool,
        typer.Option(
            "--binary",
            help=mark(
                "Export in word2vec’s binary format, as for a file that ends with .bin."
            ),
        ),
    ] = False,
    layer: Annotated[
        str,
        typer.Option(metavar="LAYER", help=mark("Embedding layer, if there are more.")),
    ] = "",
    frozen: Annotated[
        bool,
        typer.Option("--frozen", help=mark("The Embedding layer keeps the vectors.")),
    ] = False,
    run: RunOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show neighbours, analogies and scores of word vectors, or export them."""
    output = Output(as_json)
    _check_action(action, items or ())
    with output.waiting(_("Reading word vectors…")):
        opened = _opened(source, run)
    if not as_json:
        output.note(opened.origin)
    if action == NEIGHBOURS:
        _neighbours(opened, (items or [""])[0], top, output)
    elif action == ANALOGY:
        _analogy(opened, list(items or ()), top, output)
    elif action == SCORE:
        _score(opened, Path((items or [""])[0]), output)
    elif action == EXPORT:
        _export(opened, Path((items or [""])[0]).expanduser(), binary, output)
    elif action == EMBED:
        target = Path((items or [""])[0]).expanduser()
        file = source.expanduser() if opened.format else None
        embed_vectors(opened.vectors, file, target, layer, output, frozen=frozen)
    else:
        _info(opened, output)


def _check_action(action: str, items: Sequence[str]) -> None:
    """Check that an action is known and has what it takes.

    Raises:
        UserError: It is not, or has not.
    """
    if action not in TAKES:
        raise UserError(
            _("There is no action called “{name}”.").format(name=action),
            _("Use one of: {names}.").format(names=", ".join(TAKES)),
        )
    if len(items) != len(TAKES[action]):
        usage = " ".join(("dlstudio words PROJECT", action, *TAKES[action]))
        raise UserError(
            ngettext(
                "“{action}” takes {count} word or file, not {given}.",
                "“{action}” takes {count} words or files, not {given}.",
                len(TAKES[action]),
            ).format(action=action, count=len(TAKES[action]), given=len(items)),
            _("Use it like this: {command}").format(command=usage),
        )


def _opened(source: Path, name: str) -> OpenedWords:
    """The word vectors of a project's run, or of a file."""
    source = source.expanduser()
    folder = project_folder(source)
    if not folder.is_dir():
        from dlstudio.engine.words.vector_files import read_vectors

        found = read_vectors(source)
        return OpenedWords(found.vectors, str(source), found.format)
    from dlstudio.engine.words.run_vectors import choose_words_run, read_run_vectors

    run = choose_words_run(folder, name)
    learned = read_run_vectors(run)
    text = _("Run {run}, from its last checkpoint") if learned.from_checkpoint else ""
    origin = (text or _("Run {run}")).format(run=run.label)
    return OpenedWords(learned.vectors, origin)


def _neighbours(opened: OpenedWords, word: str, top: int, output: Output) -> None:
    found = opened.vectors.neighbours(word, top)
    if output.as_json:
        output.json({"word": word, "neighbours": _json(found)})
        return
    _show(found, output)


def _analogy(opened: OpenedWords, words: list[str], top: int, output: Output) -> None:
    first, second, third = words
    found = opened.vectors.analogy(first, second, third, top)
    if output.as_json:
        output.json({"analogy": words, "answers": _json(found)})
        return
    text = _("{first} is to {second} as {third} is to:")
    output.text(text.format(first=first, second=second, third=third), "bold")
    _show(found, output)


def _score(opened: OpenedWords, path: Path, output: Output) -> None:
    from dlstudio.engine.words.word_similarity import read_pairs, score_pairs

    found = score_pairs(opened.vectors, read_pairs(path.expanduser()))
    if output.as_json:
        output.json(
            {
                "file": str(path),
                "spearman": found.spearman,
                "covered": found.covered,
                "pairs": found.pairs,
                "unknown": found.unknown,
            }
        )
        return
    covered = _("{covered} of {pairs}").format(covered=found.covered, pairs=found.pairs)
    rows = [
        (_("Spearman correlation"), f"{found.spearman:.3f}"),
        (_("Pairs with vectors"), covered),
    ]
    if found.unknown:
        more = "…" if len(found.unknown) > MOST_UNKNOWN else ""
        named = ", ".join(found.unknown[:MOST_UNKNOWN]) + more
        rows.append((_("Words without a vector"), f"{len(found.unknown)}: {named}"))
    output.columns(rows)


def _export(opened: OpenedWords, out: Path, binary: bool, output: Output) -> None:
    from dlstudio.engine.words.vector_export import BINARY_SUFFIX, write_vectors
    from dlstudio.engine.words.vector_files import BINARY, TEXT

    binary = binary or out.suffix.lower() == BINARY_SUFFIX
    write_vectors(opened.vectors, out, binary=binary)
    found = opened.vectors
    if output.as_json:
        kind = BINARY if binary else TEXT
        item = {"path": out, "words": len(found), "size": found.size, "format": kind}
        output.json(item)
        return
    output.text(str(out), "bold")
    output.text(_about(found))
    output.text(_("Verified by reading the file back."))


def _info(opened: OpenedWords, output: Output) -> None:
    found = opened.vectors
    if output.as_json:
        item = {"words": len(found), "size": found.size, "format": opened.format}
        output.json(item)
        return
    output.text(_about(found))
    if opened.format:
        output.text(_("Format: {name}").format(name=opened.format))


def _about(vectors: WordVectors) -> str:
    return _("Words: {words} · vector size: {size}").format(
        words=f"{len(vectors):,}", size=vectors.size
    )


def _show(found: Sequence[NearWord], output: Output) -> None:
    rows = [(each.word, f"{each.similarity:.3f}") for each in found]
    output.table((_("Word"), _("Similarity")), rows, numbers=(1,))


def _json(found: Sequence[NearWord]) -> list[dict[str, object]]:
    return [{"word": each.word, "similarity": each.similarity} for each in found]
