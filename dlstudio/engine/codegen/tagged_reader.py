"""Files of tokens with tags, in a script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dlstudio.data.columns import Cells
from dlstudio.data.samples import Samples
from dlstudio.data.sources.conll import (
    TAGS,
    TOKENS,
    TaggedText,
    tagged_texts,
)
from dlstudio.data.sources.conll_lines import TokenColumns
from dlstudio.document.entity_spans import iob2
from dlstudio.document.project import Project
from dlstudio.engine.codegen.image_listing import dictionary_rows
from dlstudio.engine.codegen.literals import INDENT, quoted
from dlstudio.engine.codegen.text_reader import (
    TextReading,
    file_decoding,
    frame_row,
    script_encoding,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _

IOB2 = (
    "",
    "",
    "def iob2(tags: list[str]) -> list[str]:",
    '    """The same entities: each begins with B- and goes on with I-."""',
    '    found, before = [], "O"',
    "    for tag in tags:",
    '        ended = before == "O" or before[0] in "ESLU" or before[2:] != tag[2:]',
    '        if tag != "O":',
    '            begins = ended or tag[0] in "BSU"',
    '            found.append(("B-" if begins else "I-") + tag[2:])',
    "        else:",
    '            found.append("O")',
    "        before = tag",
    "    return found",
)
"""See `dlstudio.document.entity_spans.iob2`."""
LINE_END = r"\r\n|\r|\n"
DOCUMENT, COMMENT = "-DOCSTART-", "# "


@dataclass(frozen=True, slots=True)
class SentenceRules:
    """How the lines of a script find sentences.

    Attributes:
        columns: What the columns of a line are.
        skipped: Beginnings of lines that belong to no sentence.
        converted: Whether tags become those of IOB2.
    """

    columns: TokenColumns
    skipped: tuple[str, ...]
    converted: bool

    def sentences(self, text: str) -> list[tuple[str, str]]:
        """What the function of the script finds in a file.

        Raises:
            IndexError: A line has too few columns.
        """
        found: list[tuple[str, str]] = []
        tokens: list[str] = []
        tags: list[str] = []
        for line in [*re.split(LINE_END, text), ""]:
            if not line.strip():
                if tokens:
                    written = iob2(tags) if self.converted else tags
                    found.append((" ".join(tokens), " ".join(written)))
                tokens, tags = [], []
            elif not line.startswith(self.skipped or ("\0",)):
                columns = line.split("\t" if self.columns.tab else None)
                tokens.append(columns[self.columns.token].strip())
                tags.append(columns[self.columns.tag].strip())
        return found

    def rows(self, text: str) -> list[str]:
        """The function of the script.

        Args:
            text: Expression of the text of the file “path”.
        """
        split = r'line.split("\t")' if self.columns.tab else "line.split()"
        strip = ".strip()" if self.columns.tab else ""
        written = "iob2(tags)" if self.converted else "tags"
        other = "else:"
        if self.skipped:
            names = ", ".join(map(quoted, self.skipped))
            given = f"({names})" if self.skipped[1:] else names
            other = f"elif not line.startswith({given}):"
        return [
            "",
            "",
            "def read_sentences(path: pathlib.Path) -> list[tuple[str, str]]:",
            f'{INDENT}"""The tokens and the tags of each sentence."""',
            f'{INDENT}lines = re.split(r"{LINE_END}", {text})',
            f"{INDENT}sentences, tokens, tags = [], [], []",
            f'{INDENT}for line in [*lines, ""]:',
            f"{2 * INDENT}if not line.strip():",
            f"{3 * INDENT}if tokens:  # a sentence has ended",
            f'{4 * INDENT}sentences.append((" ".join(tokens), " ".join({written})))',
            f"{3 * INDENT}tokens, tags = [], []",
            f"{2 * INDENT}{other}",
            f"{3 * INDENT}columns = {split}",
            f"{3 * INDENT}tokens.append(columns[{self.columns.token}]{strip})",
            f"{3 * INDENT}tags.append(columns[{self.columns.tag}]{strip})",
            f"{INDENT}return sentences",
        ]


def tagged_reading(project: Project, folder: Path, samples: Samples) -> TextReading:
    """How a script reads a project's tokens with tags.

    Args:
        project: Its data are such files.
        folder: Of the project, to which the path is relative.
        samples: That were read of them.

    Raises:
        UserError: The files cannot be read, or not by a script.
    """
    texts = tagged_texts(project.data.source.params, folder)
    rules = _rules(texts, samples)
    decoding = file_decoding(
        script_encoding(each.data, each.decoded.encoding) for each in texts
    )
    named = any(each.file.split for each in texts)
    top = texts[0].file.path.parent.as_posix()
    return TextReading(
        (f"FOLDER = pathlib.Path({quoted(top)})", *_files(texts)),
        (
            *decoding.functions,
            *(IOB2 if rules.converted else ()),
            *rules.rows(decoding.text_of("path")),
        ),
        (
            f"{INDENT}rows = []",
            *_loop(named),
            frame_row((TOKENS, TAGS), splits=named),
        ),
    )


def _rules(texts: Sequence[TaggedText], samples: Samples) -> SentenceRules:
    """Rules by which a script finds the sentences that the studio finds.

    Raises:
        UserError: There are none such.
    """
    columns = texts[0].columns
    lines = [line for each in texts for line in re.split(LINE_END, each.text)]
    skipped = tuple(
        start
        for start in (DOCUMENT, COMMENT)
        if any(line.startswith(start) for line in lines)
    )
    changed = {"tag-scheme", "tag-begins"} & {note.kind for note in samples.notes}
    rules = SentenceRules(columns, skipped, converted=bool(changed))
    try:
        found = [pair for each in texts for pair in rules.sentences(each.text)]
    except IndexError:
        found = []
    cells = [samples.columns[name] for name in (TOKENS, TAGS)]
    texts_of = [each.values.to_list() for each in cells if isinstance(each, Cells)]
    if found != list(zip(*texts_of, strict=True)):
        raise UserError(
            _("The files of tokens and tags have lines that a script does not read."),
            _("Correct the lines that the scan reports."),
        )
    return rules


def _files(texts: Sequence[TaggedText]) -> list[str]:
    """The constant with the split of each file."""
    splits = {each.file.path.name: quoted(each.file.split) for each in texts}
    if not any(each.file.split for each in texts):
        return [f"FILES = [{', '.join(map(quoted, splits))}]"]
    return dictionary_rows("FILES = ", splits, "")


def _loop(named: bool) -> list[str]:
    if not named:
        return [
            f"{INDENT}for name in FILES:",
            f"{2 * INDENT}rows += read_sentences(FOLDER / name)",
        ]
    return [
        f"{INDENT}for name, split in FILES.items():",
        f"{2 * INDENT}for tokens, tags in read_sentences(FOLDER / name):",
        f"{3 * INDENT}rows.append((tokens, tags, split))",
    ]
