"""The function of a script that splits the rows as the project does."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.data.samples import SPLIT_NAMES, TEST, VALIDATION
from dlstudio.data.split import FEW, wanted_counts
from dlstudio.document.project import Project
from dlstudio.engine.codegen.column_loops import comment, list_rows, packed
from dlstudio.engine.codegen.literals import INDENT, quoted
from dlstudio.engine.codegen.script_table import ScriptTable
from dlstudio.engine.codegen.text_reader import SPLIT

RANKS = (
    "",
    "",
    "def row_ranks(numbers: np.ndarray, seed: int) -> np.ndarray:",
    '    """A rank for each row, as good as random: SplitMix64 of its number."""',
    "    mixed = numbers.astype(np.uint64)",
    "    mixed += np.uint64((seed * 0xD1B54A32D192ED03 + 1) % 2**64)",
    "    mixed *= np.uint64(0x9E3779B97F4A7C15)",
    "    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)",
    "    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)",
    "    return mixed ^ (mixed >> np.uint64(31))",
)
"""See `dlstudio.data.row_split.row_ranks`."""


def split_writer_rows(project: Project, table: ScriptTable) -> list[str]:
    """The lines of `split_rows`, and of the functions it needs."""
    split = project.data.split
    shares = {VALIDATION: split.validation, TEST: split.test}
    rows = [
        "",
        "",
        "def split_rows(table: pd.DataFrame) -> dict[str, np.ndarray]:",
        f'{INDENT}"""Places of the rows of each split, the same on every machine."""',
    ]
    if split.mode == "folders":
        rows += _given(project, table)
        shares = {name: s for name, s in shares.items() if name not in table.given}
    else:
        rows.append(f'{INDENT}split = np.full(len(table), "train", dtype="<U10")')
    functions: list[str] = []
    if any(shares.values()):
        functions = [*RANKS, *held_out_rows(shares)]
        rows += _random(project, table)
    rows += _moved(project.data.moved)
    rows.append(f'{INDENT}names = ["train", "{VALIDATION}", "{TEST}"]')
    rows.append(
        f"{INDENT}return {{name: np.flatnonzero(split == name) for name in names}}"
    )
    return [*functions, *rows]


def _given(project: Project, table: ScriptTable) -> list[str]:
    """What a column of the table says, or the names of files or folders."""
    if not table.given:
        return [f'{INDENT}split = np.full(len(table), "train", dtype="<U10")']
    if table.reading is not None:
        column = f'table["{SPLIT}"].fillna("train")'
        return [f'{INDENT}split = {column}.to_numpy(str).astype("<U10")']
    column = quoted(str(project.data.source.params.get("split_column")))
    words = ", ".join(f'"{word}": "{name}"' for word, name in SPLIT_NAMES.items())
    pairs = words.split(", ")
    return [
        f"{INDENT}words = {{",
        *packed(pairs, 2 * INDENT),
        f"{INDENT}}}",
        f"{INDENT}given = table[{column}].str.lower().map(words)",
        f'{INDENT}split = given.fillna("train").to_numpy(str).astype("<U10")',
    ]


def held_out_rows(shares: Mapping[str, float]) -> list[str]:
    """The function that says how many rows of a group are held out."""
    few = wanted_counts(FEW - 1, dict(shares))
    loops = _may_take_all(shares)
    rows = [
        "",
        "",
        "def held_out(count: int) -> dict[str, int]:",
        f'{INDENT}"""How many of `count` rows are held out for each split."""',
        f"{INDENT}if count < {FEW}:",
        f"{2 * INDENT}return {_dict(few)} if count == {FEW - 1} else {{}}",
        f"{INDENT}{'counts =' if loops else 'return'} {{",
        *(
            f'{2 * INDENT}"{name}": '
            + (f"max(1, int(count * {share!r} + 0.5))," if share > 0 else "0,")
            for name, share in shares.items()
        ),
        f"{INDENT}}}",
    ]
    if loops:
        rows += [
            f"{INDENT}while sum(counts.values()) >= count:  # training needs one, too",
            f"{2 * INDENT}counts[max(counts, key=counts.get)] -= 1",
            f"{INDENT}return counts",
        ]
    return rows


def _may_take_all(shares: Mapping[str, float]) -> bool:
    """Whether the shares of few rows would leave none for training."""
    most = int(3 / max(1e-6, 1 - sum(shares.values()))) + FEW
    for count in range(FEW, min(most, 10_000)):
        plain = sum(max(1, int(count * s + 0.5)) for s in shares.values() if s > 0)
        if plain >= count:
            return True
    return False


def _dict(counts: Mapping[str, int]) -> str:
    return "{" + ", ".join(f'"{k}": {v}' for k, v in counts.items()) + "}"


def _random(project: Project, table: ScriptTable) -> list[str]:
    """Rows are held out in the order of their ranks."""
    split = project.data.split
    target = table.form.targets[0] if table.form.targets else ""
    strata = table.scripts[target].strata if split.stratify and target else ""
    rows = [f"{INDENT}ranks = row_ranks(table.index.to_numpy(), seed={split.seed})"]
    given = split.mode == "folders"
    hold = [
        "rows = rows[np.argsort(ranks[rows])]",
        "start = 0",
        "for name, count in held_out(len(rows)).items():",
        f"{INDENT}split[rows[start : start + count]] = name",
        f"{INDENT}start += count",
    ]
    if not strata:
        free = 'np.flatnonzero(split == "train")' if given else "np.arange(len(table))"
        return [*rows, *(INDENT + row for row in [f"rows = {free}", *hold])]
    rows += comment("Each value of the target is split in the same proportions.")
    rows += _assigned("groups", strata.replace("{name}", quoted(target)))
    chosen = "groups == group"
    if given:
        rows.append(f'{INDENT}free = split == "train"')
        chosen = "free & (groups == group)"
    return [
        *rows,
        f"{INDENT}for group in np.unique(groups):",
        f"{2 * INDENT}rows = np.flatnonzero({chosen})",
        *(2 * INDENT + row for row in hold),
    ]


def _assigned(variable: str, expression: str) -> list[str]:
    line = f"{INDENT}{variable} = {expression}"
    if len(line) <= 88:
        return [line]
    head, _, rest = expression.partition("(")
    return [
        f"{INDENT}{variable} = {head}(",
        f"{2 * INDENT}{rest[:-1]}",
        f"{INDENT})",
    ]


def _moved(moved: Mapping[str, str]) -> list[str]:
    """Rows that the user has put into another split."""
    rows: list[str] = []
    for name in ("train", VALIDATION, TEST):
        numbers = sorted(
            int(id) for id, to in moved.items() if to == name and id.isdecimal()
        )
        if not numbers:
            continue
        if not rows:
            rows += comment("Rows that were put into another split by hand.")
        rows += list_rows(
            f"{INDENT}split[table.index.isin(", map(str, numbers), f')] = "{name}"'
        )
    return rows
