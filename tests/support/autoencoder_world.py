"""A variational autoencoder with one trained run, created once per process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from digits_world import World
from small_autoencoders import folders

from dlstudio.catalog.store import Catalog

_KEY = pytest.StashKey[Path]()


@pytest.fixture(scope="session")
def trained_autoencoder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The project, trained once per process; it must not be modified."""
    from dlstudio.cli import main

    stash = request.config.stash
    if _KEY not in stash:
        root = tmp_path_factory.mktemp("autoencoder")
        images = folders(root)
        folder = root / "vae"
        made = ("--data", str(images), "--template", "image-vae")
        assert main(["new", str(folder), *made]) == 0
        assert main(["set", str(folder), "plan.epochs=1"]) == 0
        assert main(["train", str(folder)]) == 0
        stash[_KEY] = folder
    return stash[_KEY]


@pytest.fixture
def autoencoder(trained_autoencoder: Path, tmp_path: Path) -> World:
    """A copy of the trained project beside its images, which a test may change."""
    shutil.copytree(trained_autoencoder.parent, tmp_path / "world")
    folder = tmp_path / "world" / "vae"
    (run,) = (folder / "runs").iterdir()
    return World(folder, run.name, Catalog.load())


__all__ = ("autoencoder", "trained_autoencoder")
