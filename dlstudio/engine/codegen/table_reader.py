"""The functions of a script that read a table and choose the rows that are used."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.data.tables.delimited import text_layout
from dlstudio.data.tables.null_marks import MISSING_MARKS
from dlstudio.data.tables.table import TableOptions
from dlstudio.data.tables.workbook import sheet_layout
from dlstudio.document.project import Project
from dlstudio.engine.codegen.column_loops import column_rows, comment, list_rows
from dlstudio.engine.codegen.literals import INDENT, fitted, quoted
from dlstudio.engine.codegen.script_table import ScriptTable
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors


def reading_rows(project: Project, table: ScriptTable) -> list[str]:
    """The lines of `read_table`.

    Raises:
        UserError: A script cannot make the project's changes of the table.
    """
    reading = table.reading
    rows = [
        *(() if reading is None else reading.functions),
        "",
        "",
        "def read_table() -> pd.DataFrame:",
        f'{INDENT}"""The rows that are used, by their numbers{_where(table)}."""',
        *(_read_call(project, table) if reading is None else reading.opening),
        *_numbered(table),
        *_renamed(table),
        *_changed(table),
        *_cleaned(table),
        *column_rows({name: each.read for name, each in table.scripts.items()}),
    ]
    if table.left_out:
        rows += comment("Rows that were left out by hand.")
        start = f"{INDENT}table = table.drop(index="
        rows += list_rows(start, map(str, table.left_out), ")")
    return [*rows, *_known(table)]


def _where(table: ScriptTable) -> str:
    """Where rows have the numbers by which the project knows them."""
    return " in the file" if table.reading is None else ""


def _read_call(project: Project, table: ScriptTable) -> list[str]:
    match table.format:
        case "parquet":
            return [f"{INDENT}table = pd.read_parquet(TABLE)"]
        case "json_lines":
            pairs = ["TABLE", "lines=True", "dtype=False", "convert_dates=False"]
            callee = "pd.read_json"
        case "workbook":
            pairs = ["TABLE", "dtype=str", "keep_default_na=False"]
            pairs += _sheet_pairs(project, table)
            callee = "pd.read_excel"
        case _:
            pairs = ["TABLE", "dtype=str", "keep_default_na=False"]
            pairs += _text_pairs(project, table)
            callee = "pd.read_csv"
    return [INDENT + row for row in fitted("table = ", callee, pairs, "")]


def _options(project: Project) -> TableOptions:
    """What the user says about the file."""

    def text(name: str) -> str:
        return str(project.data.source.params.get(name) or "")

    header = text("header")
    return TableOptions(
        text("encoding"),
        text("delimiter"),
        "yes" if header == "yes" else "no" if header == "no" else "auto",
        text("sheet"),
    )


def _sheet_pairs(project: Project, table: ScriptTable) -> list[str]:
    """The arguments that say which sheet is read, and where its table begins."""
    with user_errors(table.path, writing=False):
        layout = sheet_layout(table.path, _options(project))
    header = layout.header
    pairs = [] if layout.is_first else [f"sheet_name={quoted(layout.name)}"]
    if layout.place:
        pairs.append(f"skiprows={layout.place}")
    if not header.cells:
        pairs.append("header=None")
    if header.names != header.cells:
        if header.cells:
            pairs.append("header=0")
        pairs.append(f"names=[{', '.join(map(quoted, header.names))}]")
    return pairs


def _text_pairs(project: Project, table: ScriptTable) -> list[str]:
    """The arguments that say how a file of text is laid out."""

    with user_errors(table.path, writing=False):
        found, layout = text_layout(table.path, _options(project))
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
    if "ragged-rows" in table.findings:
        width = layout.width
        pairs.append('engine="python"')
        pairs.append(f"on_bad_lines=lambda cells: cells[:{width}]")
    return pairs


def _numbered(table: ScriptTable) -> list[str]:
    """Rows get the numbers by which the project knows them."""
    rows = []
    if "blank-rows" in table.findings:
        kept = 'table.dropna(how="all")'
        if table.is_text:
            kept = 'table[~(table == "").all(axis=1)]'
        rows.append(f"{INDENT}table = {kept}.reset_index(drop=True)")
    why = "row 1 is the first below the header"
    if table.reading is not None:
        why = "rows are numbered from 1"
    rows.append(f"{INDENT}table.index += 1  # {why}")
    if "repeated-header" in table.findings:
        first = [quoted(name) for name in table.names[:2]]
        again = " & ".join(f"(table[{name}] == {name})" for name in first)
        rows.append(f"{INDENT}again = {again}  # the header")
        rows.append(f"{INDENT}table = table[~again].copy()")
    return rows


def _renamed(table: ScriptTable) -> list[str]:
    """A copy of a column that a feature calls otherwise."""
    return [
        f"{INDENT}table[{quoted(name)}] = table[{quoted(feature.column)}]"
        for name, feature in table.features.items()
        if feature.column not in ("", name)
    ]


def _changed(table: ScriptTable) -> list[str]:
    """Cells that the user has changed, and such that are read otherwise."""
    if not table.is_text and any(table.changed.values()):
        raise UserError(
            _("A script changes cells of tables of text only."),
            _("Save the table as CSV."),
        )
    by_hand = {
        name: {row: text for row, text in cells.items() if row not in others}
        for name, cells in table.changed.items()
        for others in [table.rewritten[name]]
    }
    rows: list[str] = []
    if any(by_hand.values()):
        rows += [*comment("Cells that were corrected by hand."), *_cells(by_hand)]
    if any(table.rewritten.values()):
        rows += comment("Cells that would be read otherwise.")
        rows += _cells(table.rewritten)
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


def _cleaned(table: ScriptTable) -> list[str]:
    """Texts without spaces around them, and NaN where there is no value."""
    if not table.is_text:
        return []
    rows = [f"{INDENT}table = table.apply(lambda column: column.str.strip())"]
    if "missing-marks" not in table.findings:
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


def _known(table: ScriptTable) -> list[str]:
    """The end: only rows with everything that must be known."""
    targets, others = (
        [name for name in names if not table.scripts[name].blank_is_value]
        for names in (table.form.targets, _dropping(table))
    )
    names = dict.fromkeys((*targets, *others))
    usable = column_rows({name: each.usable for name, each in table.scripts.items()})
    if not names:
        return [*usable, f"{INDENT}return table"]
    why = "Rows without a value to predict cannot be used."
    if others:
        why = "Rows in which one of these values is missing are not used."
    result = "table =" if usable else "return"
    start = f"{INDENT}{result} table.dropna(subset="
    rows = [*comment(why), *list_rows(start, map(quoted, names), ")")]
    return [*rows, *usable, f"{INDENT}return table"] if usable else rows


def _dropping(table: ScriptTable) -> list[str]:
    """Inputs whose settings exclude rows without a value."""
    return [
        name
        for name in table.form.inputs
        if table.features[name].params.get("missing") == "drop"
        or table.scripts[name].needs_value
    ]
