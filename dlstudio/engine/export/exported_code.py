"""Exports of Keras that need code: what is added to the Python that loads them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from dlstudio.document.export import Snippet
from dlstudio.engine.custom_code.code_files import CodeFile
from dlstudio.engine.custom_code.code_scope import current_code
from dlstudio.engine.custom_code.lambda_code import lambdas_in
from dlstudio.engine.custom_code.prepared_archive import archived_config
from dlstudio.engine.export.exported_model import ExportedModel

LOAD = "keras.saving.load_model(@model)"


def with_code(exported: ExportedModel) -> ExportedModel:
    """The export, whose Python finds the custom classes and runs trusted Lambdas.

    The process that verifies it runs the very source that was trusted here.

    Args:
        exported: Written; unchanged if Keras alone can load it, or if it is none of
            Keras' files.
    """
    if LOAD not in exported.load.text:
        return exported
    config, code = archived_config(exported.path), current_code()
    files = tuple(each for each in code.files if each.digest in code.trusted)
    files = files if code.is_named_in(config) else ()
    options = _options(files, has_lambda=any(lambdas_in(config)))
    if not options:
        return exported
    call = f"{LOAD[:-7]}\n    @model, {options}\n)"
    shown = [
        row
        for each in files
        for row in (
            f"# code/{each.name} of the project defines custom layers: copy it here.",
            f"import {PurePath(each.name).stem} as {_module(each)}",
        )
    ]
    if "safe_mode" in options:
        shown.append("# The model has a Lambda layer: load only files that you trust.")
    run = [row for each in files for row in _rows(each)]
    return replace(
        exported,
        load=_changed(exported.load, run, call),
        snippets=tuple(_changed(each, shown, call) for each in exported.snippets),
    )


def _options(files: tuple[CodeFile, ...], *, has_lambda: bool) -> str:
    names = [_module(each) for each in files]
    whole = f"vars({names[0]})" if len(names) == 1 else ""
    if len(names) > 1:
        whole = "{" + ", ".join(f"**vars({each})" for each in names) + "}"
    found = [f"custom_objects={whole}"] if whole else []
    return ", ".join([*found, *(["safe_mode=False"] if has_lambda else [])])


def _changed(snippet: Snippet, rows: list[str], call: str) -> Snippet:
    """The snippet with other rows before the one that loads the model."""
    lines: list[str] = []
    for line in snippet.text.split("\n"):
        if LOAD in line:
            lines += rows
        lines.append(line.replace(LOAD, call))
    return replace(snippet, text="\n".join(lines))


def _module(file: CodeFile) -> str:
    return f"custom_{PurePath(file.name).stem}"


def _rows(file: CodeFile) -> list[str]:
    """Python that makes the module of a file from its source."""
    name = _module(file)
    return [
        "import sys",
        "import types",
        f'{name} = sys.modules["{name}"] = types.ModuleType("{name}")',
        f'exec(compile({file.data!r}, "{file.name}", "exec"), vars({name}))',
    ]
