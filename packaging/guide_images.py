"""Draw the images of the guide's glossary into `resources/guide/images`.

    python packaging/guide_images.py
    python packaging/guide_images.py --check   only report what is not up to date

One SVG for each term, without words that would need a translation.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "packaging"))

FOLDER = ROOT / "resources" / "guide" / "images"


def images() -> dict[str, str]:
    """The expected files: their names and contents."""
    from drawings import data, evaluation, layers, text, training
    from drawings.pen import Pen

    found = {}
    for module in (data, layers, text, training, evaluation):
        for name, draw in module.DRAWINGS.items():
            pen = Pen()
            draw(pen)
            found[f"{name}.svg"] = pen.svg()
    return found


def outdated(wanted: dict[str, str]) -> list[str]:
    """Names of files that are missing, different, or obsolete."""
    there = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.svg")}
    return sorted(
        name for name in {*wanted, *there} if wanted.get(name) != there.get(name)
    )


def main() -> int:
    """Draw, or only check; the status is 1 if something is not up to date."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args()
    wanted = images()
    changed = outdated(wanted)
    if options.check:
        print("\n".join(changed) or "All images are up to date.")
        return int(bool(changed))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], "utf-8", newline="\n")
        else:
            (FOLDER / name).unlink()
    print(f"{len(wanted)} images, {len(changed)} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
