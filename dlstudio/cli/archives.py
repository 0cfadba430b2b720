"""Zip archives in place of folders: unpacked with the same checks as in the window."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.source_queries import is_archive_name
from dlstudio.cli.output import Output
from dlstudio.i18n import _
from dlstudio.safe_files import refuse_links

if TYPE_CHECKING:
    from dlstudio.catalog.store import Catalog
    from dlstudio.data.archive import ArchiveContents

DATA = "data"
"""Subfolder of a project for unpacked data."""


def is_archive(path: Path) -> bool:
    """Whether a path is a zip archive, by its name."""
    return is_archive_name(path.name) and path.is_file()


def unpack_into(project: Path, archive: Path, catalog: Catalog, output: Output) -> Path:
    """Unpack an archive into a project's folder, reusing an earlier copy.

    Args:
        project: The project's folder.
        archive: A zip archive.
        catalog: Catalog with the data sources.
        output: Output for the progress.

    Returns:
        The new folder, or the only dataset in it.

    Raises:
        UserError: The archive is damaged, unsafe or holds no data; nothing is left
            behind.
    """
    from dlstudio.data.archive import read_contents
    from dlstudio.data.archive_dataset import dataset_in

    contents = read_contents(archive)
    refuse_links(project / DATA, project)
    target, number = project / DATA / archive.stem, 2
    while target.exists():
        if _holds(target, contents):
            return dataset_in(target, archive, catalog)
        target = project / DATA / f"{archive.stem} {number}"
        number += 1
    _unpack(archive, target, output)
    try:
        return dataset_in(target, archive, catalog)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise


@contextmanager
def unpacked_data(
    project: Path, data: str, catalog: Catalog, output: Output
) -> Iterator[str]:
    """The path of `--data`, with an archive unpacked into a new project.

    If the block fails, a folder that was created for it is removed.

    Args:
        project: The project's folder, which need not exist yet.
        data: A path, the name of a dataset, or "".
        catalog: Catalog with the data sources.
        output: Output for the progress.

    Raises:
        UserError: The archive is damaged, unsafe or holds no data.
    """
    path = Path(data).expanduser()
    if not data or not is_archive(path):
        yield data
        return
    existed = project.exists()
    try:
        yield str(unpack_into(project, path, catalog, output))
    except BaseException:
        shutil.rmtree(project / DATA, ignore_errors=True)
        if not existed:
            shutil.rmtree(project, ignore_errors=True)
        raise


@contextmanager
def unpacked(archive: Path, output: Output) -> Iterator[Path]:
    """The archive's contents in a temporary folder.

    Raises:
        UserError: The archive is damaged or unsafe.
    """
    with tempfile.TemporaryDirectory(prefix="dlstudio-") as scratch:
        target = Path(scratch).resolve() / archive.stem
        _unpack(archive, target, output)
        yield target


@contextmanager
def unpacked_inputs(
    paths: Sequence[Path], output: Output
) -> Iterator[tuple[list[Path], Callable[[str], str]]]:
    """The paths with archives unpacked, and a function to name files in them.

    Raises:
        UserError: An archive is damaged or unsafe.
    """
    origins: dict[Path, Path] = {}
    with ExitStack() as stack:
        places = []
        for path in paths:
            if is_archive(path):
                folder = stack.enter_context(unpacked(path, output))
                origins[folder] = path
                path = folder
            places.append(path)

        def named(text: str) -> str:
            for folder, archive in origins.items():
                if Path(text).is_relative_to(folder):
                    return str(archive / Path(text).relative_to(folder))
            return text

        yield places, named


@contextmanager
def dataset_at(path: Path, catalog: Catalog, output: Output) -> Iterator[Path]:
    """The path, or the dataset in an archive, unpacked during the block.

    Args:
        path: A dataset, or an archive of one.
        catalog: Catalog with the data sources.
        output: Output for the progress.

    Raises:
        UserError: The path is an archive that is damaged or holds no data.
    """
    if not is_archive(path):
        yield path
        return
    from dlstudio.data.archive_dataset import dataset_in

    with unpacked(path, output) as folder:
        yield dataset_in(folder, path, catalog)


def _unpack(archive: Path, target: Path, output: Output) -> None:
    from dlstudio.data.archive import unpack

    with output.progress(_("Unpacking {name}").format(name=archive.name)) as report:
        unpack(archive, target, report)


def _holds(folder: Path, contents: ArchiveContents) -> bool:
    """Whether a folder has exactly the archive's files, by name and size."""
    try:
        there = {
            each.relative_to(folder).as_posix(): each.stat().st_size
            for each in folder.rglob("*")
            if each.is_file()
        }
    except OSError:
        return False
    return there == {each.name: each.info.file_size for each in contents.entries}
