"""Jobs about the code of models: what it is, and that the user trusts it."""

from __future__ import annotations

from pathlib import Path

from dlstudio.document.custom_code import CodeItem
from dlstudio.document.project import Project
from dlstudio.trusted_code import TrustStore
from dlstudio.workers.jobs import JobContext


def code_of_model(
    context: JobContext, path: Path, code: tuple[Path, ...]
) -> tuple[CodeItem, ...]:
    """The code that a model in a file needs; none of it is run.

    Args:
        context: Not asked.
        path: Of the model.
        code: Python files that were chosen for it.

    Raises:
        UserError: A file cannot be read.
    """
    from dlstudio.engine.file_import.model_code import code_of_model as found

    return found(path, code)


def code_of_project(
    context: JobContext, project: Project, folder: Path
) -> tuple[CodeItem, ...]:
    """The code of a project; none of it is run.

    Args:
        context: Not asked.
        project: Names its code files.
        folder: Of the project.

    Raises:
        UserError: A code file is missing, cannot be read, or is elsewhere.
    """
    from dlstudio.engine.file_import.model_code import code_of_project as found

    return found(project, folder)


def copy_code(
    context: JobContext, chosen: tuple[Path, ...], folder: Path
) -> tuple[str, ...]:
    """Copy code files into a project; the paths that it names them by.

    Args:
        context: Not asked.
        chosen: Python files.
        folder: Of the project.

    Raises:
        UserError: One cannot be read or written, or another one has its name.
    """
    from dlstudio.engine.custom_code.code_files import chosen_code, write_code

    return write_code(chosen_code(chosen), folder)


def trust_code(context: JobContext, items: tuple[CodeItem, ...]) -> None:
    """Trust code, as it was shown, from now on.

    Args:
        context: Not asked.
        items: What was shown.

    Raises:
        UserError: The user's list cannot be written.
    """
    TrustStore().trust({each.digest: each.name for each in items})


def revoke_code(context: JobContext, items: tuple[CodeItem, ...]) -> None:
    """Trust code no longer.

    Args:
        context: Not asked.
        items: What was shown.

    Raises:
        UserError: The user's list cannot be written.
    """
    TrustStore().revoke(each.digest for each in items)
