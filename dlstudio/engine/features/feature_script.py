"""How a script makes a column of a table into what a model takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dlstudio.data.columns import Cells
from dlstudio.data.features.base import Fitted
from dlstudio.document.feature import Feature
from dlstudio.errors import UserError
from dlstudio.i18n import _

MOST_REWRITTEN = 200
"""Cells that a script writes in another form, because pandas reads them otherwise."""


@dataclass(frozen=True, eq=False, slots=True)
class ScriptColumn:
    """A column of a table that a script is to read.

    Attributes:
        name: The feature's; the script calls the column the same.
        feature: With the user's settings.
        cells: Of all rows, with the user's corrections.
        fitted: What the feature has learned.
        is_text: Whether pandas reads texts, as of CSV; otherwise the file has types.
        among_numbers: Whether words such as “?” among numbers mean “no value” there.
    """

    name: str
    feature: Feature
    cells: Cells
    fitted: Fitted
    is_text: bool = True
    among_numbers: bool = False


@dataclass(frozen=True, slots=True)
class FeatureScript:
    """The lines of a feature in a script.

    “{name}” in them stands for the column's name. Columns of the same type and settings
    have the same lines, so that the script writes them once, in a loop.

    Attributes:
        read: Make the texts in `table[{name}]` values of the type, NaN where there is
            none.
        usable: Take rows out of `table` whose values turn out to be of no use.
        prepare: Set `inputs[{name}]`, (n,) or (n, ...), of the rows in `table`; `train`
            has the places of the training rows. What missing values are filled with is
            kept in `fill[{name}]`.
        target: The same for a column that is predicted: set `targets[{name}]`, as the
            rows of the feature's type.
        strata: An expression, (n,): rows are split in equal proportions for each value.
        serve: Expressions, one after the other, of what enters the model; “{value}” is
            the raw argument of an export, then what the expression before it gave.
        helpers: Functions that these lines call, each as its lines.
        names: Names that `NAMES[{name}]` has to list.
        needs_value: Whether rows without a value are left out, whatever the settings.
        blank_is_value: Whether nothing is missing where a cell is blank.
        rewritten: Cells that `read` would read otherwise, as texts it reads, by place.
    """

    read: tuple[str, ...] = ()
    usable: tuple[str, ...] = ()
    prepare: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    strata: str = ""
    serve: tuple[str, ...] = ()
    helpers: tuple[tuple[str, ...], ...] = ()
    names: tuple[str, ...] = ()
    needs_value: bool = False
    blank_is_value: bool = False
    rewritten: Mapping[int, str] = field(default_factory=dict)


def check_rewritten(name: str, cells: Mapping[int, str]) -> Mapping[int, str]:
    """Cells to be written in another form, if there are not too many.

    Args:
        name: The feature's.
        cells: By place.

    Raises:
        UserError: A script would hardly have anything else.
    """
    if len(cells) <= MOST_REWRITTEN:
        return cells
    raise not_written(name)


def not_written(name: str) -> UserError:
    """The error for a column that no script reads."""
    return UserError(
        _("The values of “{name}” have a form that a script does not read.").format(
            name=name
        ),
        _("Save the table as CSV with plain numbers and dates."),
    )
