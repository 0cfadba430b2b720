"""File name patterns that the shell has not expanded."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.cli.patterns import matching_paths
from dlstudio.errors import UserError

FILES = (
    *("d.jpg", "photos [2021]/a.jpg", "photos [2021]/x[1].jpg"),
    *("photos [2021]/in/b.jpg", "x/photos [2022]/c.jpg"),
)


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with some files as the working directory."""
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("photos [2021]/*.jpg", ["photos [2021]/a.jpg", "photos [2021]/x[1].jpg"]),
        ("photos [2021]/x[1].jpg", ["photos [2021]/x[1].jpg"]),
        ("*/photos [2022]/?.jpg", ["x/photos [2022]/c.jpg"]),
        ("photos*/**/b.jpg", ["photos [2021]/in/b.jpg"]),
        ("[a-d].jpg", ["d.jpg"]),
        ("**/*.jpg", sorted(FILES)),
        ("**", sorted(FILES)),
    ],
)
@pytest.mark.parametrize("absolute", [False, True])
def test_what_is_called_so_is_no_pattern(
    there: Path, pattern: str, names: list[str], absolute: bool
) -> None:
    start = there if absolute else Path()
    found = matching_paths(str(start / pattern))
    assert found == [start / name for name in names]


def test_what_nothing_matches_is_refused(there: Path) -> None:
    with pytest.raises(UserError, match="No files match"):
        matching_paths("photos [2021]/*.png")
    assert matching_paths("gone.jpg") == [Path("gone.jpg")]
