"""Options for the parameters of data sources, derived from their descriptions."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dlstudio.catalog.schema import Param
from dlstudio.catalog.source_queries import dataset_names, drop_hints
from dlstudio.catalog.sources import SOURCES
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.values import Spec

GIVEN_BY_DATA = ("path", "name")
"""Parameters that are given by the path or dataset name instead."""
FEW = 6  # most choices that the help lists
PREFIX = "data.source."
Command = Callable[..., None]


def source_params() -> dict[str, Param]:
    """Every parameter of any source by name, except those given by the path."""
    found: dict[str, Param] = {}
    for source in SOURCES:
        for param in source.params:
            if param.name not in GIVEN_BY_DATA:
                found.setdefault(param.name, param)
    return found


def option_name(name: str) -> str:
    """The option name of a parameter: "--file-column"."""
    return "--" + name.replace("_", "-")


PASSED = ("source_options", "project_settings")
"""Arguments of commands that are made of several options."""
_OF_SOURCE = mark("Parameter of the data source; can be repeated.")
_OF_PROJECT = mark(
    "A setting of the new project, such as plan.epochs=10, backbone.alpha=0.25 or "
    "data.source.separator=,; can be repeated."
)


def with_source_options(command: Command) -> Command:
    """Add an option for each parameter of a source, and `--set`, to a command.

    The command receives them all as `source_options`, by name, as text.
    """
    signature = inspect.signature(command, eval_str=True)
    own = [p for n, p in signature.parameters.items() if n not in PASSED]
    made = [_option(param) for param in source_params().values()]
    whole = "project_settings" in signature.parameters
    setting = inspect.Parameter(
        "settings",
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[
            list[str] | None,
            typer.Option(
                "--set",
                metavar="key=value" if whole else f"{PREFIX}key=value",
                help=_OF_PROJECT if whole else _OF_SOURCE,
            ),
        ],
    )

    @functools.wraps(command)
    def wrapped(**values: Any) -> None:
        settings = values.pop("settings")
        given = {
            name: str(value)
            for name in source_params()
            if (value := values.pop(f"source_{name}"))
        }
        others = [s for s in settings or () if whole and not s.startswith(PREFIX)]
        if whole:
            values["project_settings"] = others
        mine = [each for each in settings or () if each not in others]
        command(**values, source_options=given | _settings(mine))

    parameters = [
        each.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for each in (*own, *made, setting)
    ]
    wrapped.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {each.name: each.annotation for each in parameters}
    return wrapped


def _option(param: Param) -> inspect.Parameter:
    kind: Any = bool if param.type == "bool" else str
    shown = "" if kind is bool else _metavar(param)
    option = typer.Option(
        option_name(param.name), metavar=shown or None, help=param.summary
    )
    return inspect.Parameter(
        f"source_{param.name}",
        inspect.Parameter.KEYWORD_ONLY,
        default=kind(),
        annotation=Annotated[kind, option],
    )


def _metavar(param: Param) -> str:
    if param.type == "enum":
        return "|".join(param.choices) if len(param.choices) <= FEW else "NAME"
    return {"list": "A,B,…"}.get(param.type, param.type.upper())


def _settings(texts: Sequence[str] | None) -> dict[str, str]:
    from dlstudio.cli.typed_values import split_setting

    found = {}
    for text in texts or ():
        key, value = split_setting(text, f"{PREFIX}separator=,")
        name = key.removeprefix(PREFIX)
        if name == key:
            raise UserError(
                _("“{key}” is not a parameter of the data source.").format(key=key),
                _("Use one of: {names}.").format(
                    names=", ".join(PREFIX + name for name in source_params())
                ),
            )
        found[name] = value
    return found


def fill_sources(text: str) -> str:
    """Fill the placeholders {sources} and {datasets} of a help text."""
    if "{sources}" not in text:
        return text
    names = ", ".join(name for each in SOURCES for name in dataset_names(each))
    return text.format(sources=drop_hints(SOURCES), datasets=names)


def apply_options(spec: Spec, options: Mapping[str, str], catalog: Catalog) -> Spec:
    """A copy of a source with the options applied.

    Args:
        spec: The source.
        options: Values as typed, by parameter name.
        catalog: Catalog with the source's description.

    Raises:
        UserError: A parameter does not exist, or a value does not fit.
    """
    from dlstudio.cli.typed_values import set_param
    from dlstudio.document.values import Spec

    description = catalog[spec.kind]
    params = spec.params
    for name, text in options.items():
        param = description.param(name)
        if param is not None and param.type == "path" and text:
            text = Path(text).expanduser().absolute().as_posix()
        params = set_param(description, params, name, text, catalog)
    return Spec(spec.kind, params)
