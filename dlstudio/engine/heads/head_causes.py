"""Likely causes of a poor result that a head sees in its targets and its inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from dlstudio.document.evaluation import HeadReport
from dlstudio.document.values import FrozenMap
from dlstudio.document.verdict import Cause

CAUSES = "causes"
"""Section of a report, for the verdict."""


def with_causes(report: HeadReport, causes: Iterable[Cause]) -> HeadReport:
    """The report with likely causes, the most likely first.

    Args:
        report: Of a head.
        causes: Their codes have a text in `dlstudio.document.verdict_causes`.
    """
    plain = [{"code": each.code, "facts": dict(each.facts)} for each in causes]
    if not plain:
        return report
    return replace(report, sections={**report.sections, CAUSES: plain})


def causes_in(report: Mapping[str, Any]) -> tuple[Cause, ...]:
    """Those of the first output.

    Args:
        report: An evaluation in its JSON form.
    """
    outputs = report.get("outputs")
    reports = outputs.values() if isinstance(outputs, Mapping) else ()
    first: Mapping[str, Any] = next(iter(reports), {})
    found = first.get("sections", {}).get(CAUSES, ())
    return tuple(
        Cause(
            str(each["code"]),
            FrozenMap(
                {
                    name: tuple(value) if isinstance(value, list) else value
                    for name, value in each["facts"].items()
                }
            ),
        )
        for each in found
    )


def cause(code: str, **facts: object) -> Cause:
    """A likely cause with what its sentence names."""
    return Cause(code, FrozenMap(facts))
