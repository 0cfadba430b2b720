"""The functions of a script that read a table and choose the rows that are used."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.data.tables.delimited import text_layout
from dlstudio.data.tables.null_marks import MISSING_MARKS
from dlstudio.data.tables.table import TableOptions
from dlstudio.document.project import Project
from dlstudio.engine.codegen.column_loops import column_rows, comment, list_rows
from dlstudio.engine.codegen.literals import INDENT, fitted, quoted
from dlstudio.engine.codegen.table_facts import TableFacts
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors


def reading_rows(project: Project, facts: TableFacts) -> list[str]:
    """The lines of `read_table`.

    Raises:
        UserError: A script cannot make the project's changes of the table.
    """
    rows = [
        "",
        "",
        "def read_table() -> pd.DataFrame:",
        f'{INDENT}"""The rows that are used, by their numbers in the file."""',
        *_read_call(project, facts),
        *_numbered(facts),
        *_renamed(facts),
        *_changed(facts),
        *_cleaned(facts),
        *column_rows({name: each.read for name, each in facts.scripts.items()}),
    ]
    if facts.left_out:
        rows += comment("Rows that were left out by hand.")
        start = f"{INDENT}table = table.drop(index="
        rows += list_rows(start, map(str, facts.left_out), ")")
    return [*rows, *_known(facts)]


def _read_call(project: Project, facts: TableFacts) -> list[str]:
    params = project.data.source.params
    match facts.format:
        case "parquet":
            return [f"{INDENT}table = pd.read_parquet(TABLE)"]
        case "json_lines":
            pairs = ["TABLE", "lines=True", "dtype=False", "convert_dates=False"]
            callee = "pd.read_json"
        case "workbook":
            pairs = ["TABLE", "dtype=str", "keep_default_na=False"]
            callee = "pd.read_excel"
            if params.get("sheet"):
                pairs.append(f"sheet_name={quoted(str(params['sheet']))}")
            pairs += _header_pairs(facts)
        case _:
            pairs = ["TABLE", "dtype=str", "keep_default_na=False"]
            pairs += _text_pairs(project, facts)
            callee = "pd.read_csv"
    return [INDENT + row for row in fitted("table = ", callee, pairs, "")]


def _header_pairs(facts: TableFacts) -> list[str]:
    """Names of a sheet whose first row is none."""
    names = list(facts.names)
    if all(name.startswith("column ") for name in names):
        return ["header=None", f"names={names!r}"]
    return []


def _text_pairs(project: Project, facts: TableFacts) -> list[str]:
    """The arguments that say how a file of text is laid out."""

    def text(name: str) -> str:
        return str(project.data.source.params.get(name) or "")

    header = text("header")
    options = TableOptions(
        text("encoding"),
        text("delimiter"),
        "yes" if header == "yes" else "no" if header == "no" else "auto",
    )
    with user_errors(facts.path, writing=False):
        found, layout = text_layout(facts.path, options)
    pairs = []
    if layout.delimiter != ",":
        pairs.append(f"sep={quoted(layout.delimiter)}")
    if found.encoding not in ("utf-8", "utf-8-sig", "ascii"):
        pairs.append(f"encoding={quoted(found.encoding)}")
    if found.errors != "strict":
        pairs.append(f"encoding_errors={quoted(found.errors)}")
    if not layout.quoted:
        pairs.append("quoting=3")  # csv.QUOTE_NONE
    above = layout.first_line - 1 - bool(layout.header)
    if above > 0:
        pairs.append(f"skiprows={above}")
    if not layout.header:
        pairs.append("header=None")
    if layout.names != layout.header:
        if layout.header:
            pairs.append("header=0")
        pairs.append(f"names=[{', '.join(map(quoted, layout.names))}]")
        pairs.append("index_col=False")
    if "ragged-rows" in facts.findings:
        width = layout.width
        pairs.append('engine="python"')
        pairs.append(f"on_bad_lines=lambda cells: cells[:{width}]")
    return pairs


def _numbered(facts: TableFacts) -> list[str]:
    """Rows get the numbers by which the project knows them."""
    rows = []
    if "blank-rows" in facts.findings:
        blank = '(table == "").all(axis=1)' if facts.is_text else "None"
        if facts.is_text:
            rows.append(f"{INDENT}table = table[~{blank}].reset_index(drop=True)")
        else:
            rows.append(
                f'{INDENT}table = table.dropna(how="all").reset_index(drop=True)'
            )
    rows.append(f"{INDENT}table.index += 1  # row 1 is the first below the header")
    if "repeated-headers" in facts.findings:
        first = quoted(facts.names[0])
        rows.append(f"{INDENT}table = table[table[{first}] != {first}]")
    return rows


def _renamed(facts: TableFacts) -> list[str]:
    """A copy of a column that a feature calls otherwise."""
    return [
        f"{INDENT}table[{quoted(name)}] = table[{quoted(feature.column)}]"
        for name, feature in facts.features.items()
        if feature.column not in ("", name)
    ]


def _changed(facts: TableFacts) -> list[str]:
    """Cells that the user has changed, and such that are read otherwise."""
    if not facts.is_text and any(facts.changed.values()):
        raise UserError(
            _("A script changes cells of tables of text only."),
            _("Save the table as CSV."),
        )
    by_hand = {
        name: {row: text for row, text in cells.items() if row not in others}
        for name, cells in facts.changed.items()
        for others in [facts.rewritten[name]]
    }
    rows: list[str] = []
    if any(by_hand.values()):
        rows += [*comment("Cells that were corrected by hand."), *_cells(by_hand)]
    if any(facts.rewritten.values()):
        rows += comment("Cells that are written in another way than the others.")
        rows += _cells(facts.rewritten)
    return rows


def _cells(changed: Mapping[str, Mapping[int, str]]) -> list[str]:
    """Statements that set cells, by column and row."""
    rows = []
    for name, cells in changed.items():
        if not cells:
            continue
        if len(cells) == 1:
            ((row, text),) = cells.items()
            rows.append(f"{INDENT}table.loc[{row}, {quoted(name)}] = {quoted(text)}")
            continue
        pairs = [f"{row}: {quoted(text)}" for row, text in sorted(cells.items())]
        written = list_rows(f"{INDENT}for row, text in ", pairs, ".items():")
        written = [each.replace("[", "{", 1) for each in written[:1]] + written[1:]
        written[-1] = written[-1].replace("].items()", "}.items()")
        rows += written
        rows.append(f"{2 * INDENT}table.loc[row, {quoted(name)}] = text")
    return rows


def _cleaned(facts: TableFacts) -> list[str]:
    """Texts without spaces around them, and NaN where there is no value."""
    if not facts.is_text:
        return []
    rows = [f"{INDENT}table = table.apply(lambda column: column.str.strip())"]
    if "missing-marks" not in facts.findings:
        return [
            *rows,
            f'{INDENT}table = table.mask(table == "")  # blank cells are NaN',
        ]
    marks = MISSING_MARKS["everywhere"]
    spelled = dict.fromkeys(
        each for mark in marks for each in (mark, mark.upper(), mark.title())
    )
    words = ["", "NaN", *spelled]
    rows += comment("Words that mean that there is no value.")
    rows += list_rows(f"{INDENT}no_value = ", map(quoted, words))
    return [*rows, f"{INDENT}table = table.mask(table.isin(no_value))"]


def _known(facts: TableFacts) -> list[str]:
    """The end: only rows with everything that must be known."""
    targets, others = (
        [name for name in names if not facts.scripts[name].blank_is_value]
        for names in (facts.form.targets, _dropping(facts))
    )
    names = dict.fromkeys((*targets, *others))
    if not names:
        return [f"{INDENT}return table"]
    why = "Rows without a value to predict cannot be used."
    if others:
        why = "Rows in which one of these values is missing are not used."
    start = f"{INDENT}return table.dropna(subset="
    return [*comment(why), *list_rows(start, map(quoted, names), ")")]


def _dropping(facts: TableFacts) -> list[str]:
    """Inputs whose settings exclude rows without a value."""
    return [
        name
        for name in facts.form.inputs
        if facts.features[name].params.get("missing") == "drop"
    ]
