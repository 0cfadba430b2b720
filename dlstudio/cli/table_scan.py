"""`scan` of a table: its columns, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlstudio.catalog.features.tokens import TOKENS
from dlstudio.cli.findings import show_findings
from dlstudio.cli.output import Output
from dlstudio.cli.splits import show_splits
from dlstudio.i18n import _
from dlstudio.labelled_text import labelled
from dlstudio.percent_text import percent

if TYPE_CHECKING:
    from dlstudio.catalog.store import Catalog
    from dlstudio.data.samples import Samples
    from dlstudio.document.project import Project
    from dlstudio.json_values import JsonObject

LEAST_SHARE = 0.05
"""Share of the texts from which a language is named."""
NAMES = 3
"""Frequent values that are shown of a column."""


def scan_rows(
    samples: Samples, catalog: Catalog, project: Project | None, output: Output
) -> JsonObject:
    """What is found in a table, as JSON.

    Args:
        samples: Of the table.
        catalog: With the feature types.
        project: Says what is predicted, how rows are split and which findings are
            known; None for a table alone.
        output: Shows that it takes a moment.
    """
    from dlstudio.cli.recipe_fixes import fix_ids
    from dlstudio.data.table_scan import scan_table, scan_used_table

    with output.waiting(_("Checking columns…")):
        if project is None:
            scan = scan_table(samples, catalog)
        else:
            scan = scan_used_table(samples, project, catalog)
        found: dict[str, Any] = scan.to_json()
        found["samples"] = len(samples)
        for each, made in zip(found["findings"], scan.findings, strict=True):
            fixes = zip(each.get("fixes", ()), fix_ids(made), strict=True)
            for fix, id in fixes:
                fix["id"] = id
        if project is not None:
            from dlstudio.engine.project.table_statistics import table_statistics

            statistics = table_statistics(project, samples, catalog)
            found["planned_splits"] = {
                "train": statistics.training,
                "validation": statistics.validation,
                "test": statistics.test,
            }
    return found


def scan_as_table(
    output: Output,
    samples: Samples,
    catalog: Catalog,
    project: Project | None,
    folder: Path | None,
    fixes: Sequence[str],
) -> None:
    """Apply fixes, scan a table, and print what is found.

    Args:
        output: Output to print to.
        samples: Of the table.
        catalog: With the feature types.
        project: As for `scan_rows`.
        folder: Of the project; None for a table alone.
        fixes: Ids of fixes to apply to the project first.
    """
    applied = None
    if fixes and folder is not None:
        from dlstudio.cli.recipe_fixes import apply_recipe_fixes

        with output.waiting(_("Checking columns…")):
            applied = apply_recipe_fixes(folder, samples, catalog, fixes)
        project = applied.after
        if project.data.source != applied.before.data.source:
            from dlstudio.data.open_source import open_source

            samples = open_source(project.data.source, catalog, folder)
    found = scan_rows(samples, catalog, project, output)
    if output.as_json:
        output.json({**found, **(applied.to_json(catalog) if applied else {})})
        return
    if applied:
        applied.show(output, catalog)
    show_rows(output, found, catalog, folder)


def show_rows(
    output: Output, found: Mapping[str, Any], catalog: Catalog, project: Path | None
) -> None:
    """Print what was found in a table.

    Args:
        output: Output to print to.
        found: What `scan_rows` gave.
        catalog: With the feature types.
        project: Folder of the project; None for a table alone.
    """
    heads = (_("Column"), _("Type"), _("Certainty"), _("Missing"), _("Distinct"))
    rows = [
        (
            column["name"],
            _kind(column, catalog, found["target"]),
            percent(column["certainty"]),
            f"{column['missing']:,}",
            f"{column['distinct']:,}",
            _values(column),
        )
        for column in found["columns"]
    ]
    output.table((*heads, _("Values")), rows, numbers=(2, 3, 4))
    output.text(
        _("Rows: {count}, columns: {columns}.").format(
            count=f"{found['samples']:,}", columns=len(rows)
        )
    )
    for column in found["columns"]:
        if line := _written_in(column):
            output.text(line)
    if "planned_splits" in found:
        output.text()
        show_splits(output, found["planned_splits"], ())
    if not found["findings"]:
        output.text(_("No issues found."), "green")
        return
    show_findings(output, found["findings"], project)


def _kind(column: Mapping[str, Any], catalog: Catalog, target: str) -> str:
    described = catalog.get(column["kind"])
    title = _(described.title) if described is not None else _("Ignored")
    if column["name"] == target:
        return _("{type} (target)").format(type=title)
    return title


def _written_in(column: Mapping[str, Any]) -> str:
    """How long texts are, and in which language or script; "" of anything else."""
    from dlstudio.data.features.text_languages import language_name

    if "scripts" not in column or "median" not in column:  # of tags there is none
        return ""
    languages = {language_name(code): n for code, n in column["languages"].items()}
    scripts = {_(name): share for name, share in column["scripts"].items()}
    named = [
        _("{name} ({share})").format(name=name, share=percent(share))
        for name, share in (languages or scripts).items()
        if share >= LEAST_SHARE
    ]
    text = _("{median} characters (median), at most {most}")
    if column["kind"] == TOKENS.kind:
        text = _("{median} tokens (median), at most {most}")
    words = text.format(
        median=f"{column['median']:,.6g}", most=f"{column['most']:,.6g}"
    )
    if named:
        words = _("{length}; {languages}").format(
            length=words, languages=", ".join(named)
        )
    return labelled(column["name"], words)


def _values(column: Mapping[str, Any]) -> str:
    """The range of numbers, or the most frequent names."""
    if "least" in column and "most" in column:
        return f"{column['least']:.6g} – {column['most']:.6g}"
    frequent = column.get("frequent") or ()
    if frequent:
        names = ", ".join(str(name) for name, _count in frequent[:NAMES])
        return names + ", …" if len(frequent) > NAMES else names
    return ", ".join(column.get("examples", ())[:NAMES])
