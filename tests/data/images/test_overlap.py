"""Images that are in two datasets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from small_images import CATALOG, class_folders, encoded, photo, write

from dlstudio.data.guess_source import guess_source
from dlstudio.data.images.overlap import find_overlap
from dlstudio.data.open_source import open_source


def test_copies_and_near_duplicates_are_distinguished(tmp_path: Path) -> None:
    known = class_folders(tmp_path / "known", count=5)
    big = photo(77, 200, 150)
    write(known / "cat" / "big.png", encoded(big))
    write(known / "cat" / "empty.png", b"")
    other = class_folders(tmp_path / "other", ["bird"], count=0)
    write(other / "bird" / "copy.png", (known / "dog" / "3.png").read_bytes())
    write(other / "bird" / "small.jpg", encoded(big.resize((80, 60)), "JPEG"))
    write(other / "bird" / "small too.webp", encoded(big.resize((90, 70)), "WEBP"))
    write(other / "bird" / "new.png", encoded(photo(500, 200, 150)))
    samples, there = (
        open_source(guess_source(each, CATALOG), CATALOG, tmp_path)
        for each in (other, known)
    )
    calls: list[tuple[int, int]] = []
    found = find_overlap(samples, there, lambda done, of: calls.append((done, of)))
    assert found.same == (("bird/copy.png", "dog/3.png"),)
    assert found.near == (
        ("bird/small too.webp", "cat/big.png"),
        ("bird/small.jpg", "cat/big.png"),
    )
    assert len(found) == 3 and found.compared == 4 and found.unreadable == 1
    assert calls[-1] == (16, 16)
    fresh = there.take(np.array([0], np.int64))
    assert not len(find_overlap(samples, fresh))
