"""Findings as text: grouped by kind, copies by their original, the first few each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.findings import ORDER, UNLABELED, finding_kind
from dlstudio.catalog.groups_of_findings import EXCLUDED
from dlstudio.cli.command_text import command_text, quoted
from dlstudio.cli.output import Output
from dlstudio.cli.source_options import option_name
from dlstudio.cli.typed_values import shown_value
from dlstudio.errors import about
from dlstudio.i18n import _, ngettext
from dlstudio.labelled_text import labelled

if TYPE_CHECKING:
    from dlstudio.data.findings_json import FindingJson, FixJson


FIRST = 10
"""Findings listed per kind, and copies listed per image."""
STYLES = {"bad": "red", "warning": "yellow", "plain": ""}


def show_findings(
    output: Output, findings: Sequence[FindingJson], project: Path | None = None
) -> None:
    """Print findings given in JSON form, the worst kinds first.

    Args:
        project: Folder of the project with the data; None for data alone.
    """
    kinds: dict[str, list[FindingJson]] = {}
    for each in findings:
        kinds.setdefault(each["kind"], []).append(each)
    for kind in sorted(kinds, key=_rank):
        _show_kind(output, kind, kinds[kind], project)


def _rank(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def _show_kind(
    output: Output, kind: str, found: Sequence[FindingJson], project: Path | None
) -> None:
    known = finding_kind(kind)
    title = _(known.title)
    if len(found) > 1:
        title = labelled(title, f"{len(found):,}")
    output.text()
    output.text(title, f"bold {STYLES[known.tone]}".rstrip())
    lines = _lines(found)
    for line in islice(lines, FIRST):
        output.text("  " + line)
    if kind == UNLABELED:
        output.text("  " + _(known.text))
    if len(lines) > FIRST:
        left = len(lines) - FIRST
        text = ngettext(
            "… and {count} more; use --json to list all.",
            "… and {count} more; use --json to list all.",
            left,
        )
        output.text("  " + text.format(count=f"{left:,}"))
    if kind in EXCLUDED and project is not None:
        _show_exclusion(output, kind, len(found), project)
    if project is not None:
        _show_recipe_fixes(output, found, project)
    fixes = {
        fix["label"]: fix
        for each in found
        for fix in each.get("fixes", ())
        if "column" not in fix and "exclude" not in fix
    }
    for label, fix in fixes.items():
        how = _how(fix, project)
        output.text("  → " + _("{fix}: {command}").format(fix=label, command=how))


def _show_recipe_fixes(
    output: Output, found: Sequence[FindingJson], project: Path
) -> None:
    """How to apply the first fix of each finding about a table; the others by name."""
    for each in found[:FIRST]:
        fixes = [
            fix for fix in each.get("fixes", ()) if "column" in fix or "exclude" in fix
        ]
        if not fixes:
            continue
        first, *others = fixes
        how = command_text("scan", project, "--fix", first["id"])
        line = _("{fix}: {command}").format(fix=first["label"], command=how)
        if others:
            words = ", ".join(each["id"].rpartition(":")[2] for each in others)
            line += " " + _("(or {others})").format(others=words)
        output.text("  → " + line)


def _show_exclusion(output: Output, kind: str, count: int, project: Path) -> None:
    text = ngettext("Exclude {count} image", "Exclude {count} images", count)
    label = text.format(count=f"{count:,}")
    how = command_text("scan", project, "--exclude", kind)
    output.text("  → " + _("{fix}: {command}").format(fix=label, command=how))


def _how(fix: FixJson, project: Path | None) -> str:
    """How to apply a fix: options for data alone, a command for a project."""
    params = {name: shown_value(value) for name, value in fix["params"].items()}
    if project is None:
        words = [
            option_name(name) if value == "true" else f"{option_name(name)}={value}"
            for name, value in params.items()
        ]
        return " ".join(map(quoted, words))
    settings = [f"data.source.{name}={value}" for name, value in params.items()]
    if "splits" in fix:
        mode = "folders" if fix["splits"] else "random"
        settings.append(f"data.split.mode={mode}")
    return command_text("set", project, *settings)


def _lines(found: Sequence[FindingJson]) -> list[str]:
    """One line for each finding; copies of one image share a line."""
    groups: dict[str, list[FindingJson]] = {}
    for number, each in enumerate(found):
        groups.setdefault(each.get("original") or f"\0{number}", []).append(each)
    return [
        _line(each[0]) if len(each) == 1 else _copies(original, each)
        for original, each in groups.items()
    ]


def _line(finding: FindingJson) -> str:
    path, message = finding["path"], finding["message"]
    return message if path in ("", ".") else about(path, message)


def _copies(original: str, found: Sequence[FindingJson]) -> str:
    names = ", ".join(each["path"] for each in found[:FIRST])
    more = len(found) - FIRST
    if more > 0:
        text = ngettext("{names} and {count} more", "{names} and {count} more", more)
        names = text.format(names=names, count=f"{more:,}")
    text = ngettext(
        "{original} and {count} other: {names}",
        "{original} and {count} others: {names}",
        len(found),
    )
    return text.format(original=original, count=f"{len(found):,}", names=names)
