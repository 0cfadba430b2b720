"""Render every room and dialog of the window as PNGs, for review.

    python packaging/screenshots.py FOLDER
    python packaging/screenshots.py FOLDER --only model --theme dark --language en
    python packaging/screenshots.py FOLDER --images CLASSES

Both themes, both languages, 1280×720, 1440×900, and once at 200 %. The models shown are
trained, evaluated and exported first, on the images of a given folder (`--images`) or
on drawn fruit. No display is needed.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dlstudio.i18n import LANGUAGES  # noqa: E402

SIZES = ("1280x720", "1440x900")
THEMES = ("light", "dark")


def main() -> int:
    """Take the screenshots; one process for each scale."""
    options = parse()
    if options.child:
        return take_screenshots(options)
    options.folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    for scale in options.scale:
        sizes = options.size if scale == "1" else ["1280x720"]
        command = [sys.executable, __file__, str(options.folder), "--child"]
        command += ["--size", *sizes, "--scale", scale]
        command += ["--theme", *options.theme, "--language", *options.language]
        command += ["--only", *options.only] if options.only else []
        command += ["--images", str(options.images)] if options.images else []
        status = subprocess.call(command, env={**environment, "QT_SCALE_FACTOR": scale})
        if status != 0:
            return status
    return 0


def parse() -> argparse.Namespace:
    """The command line's options."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", nargs="+", default=list(SIZES), metavar="WxH")
    parser.add_argument("--theme", nargs="+", default=list(THEMES), choices=THEMES)
    parser.add_argument(
        "--language", nargs="+", default=list(LANGUAGES), choices=LANGUAGES
    )
    parser.add_argument("--scale", nargs="+", default=["1", "2"])
    parser.add_argument("--only", nargs="+", default=[], help="names of scenes")
    parser.add_argument("--images", type=Path, help="one folder for each class")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def take_screenshots(options: argparse.Namespace) -> int:
    """Take all screenshots at this process's scale."""
    from shots.sample import draw_folder
    from shots.scenes import ACTS
    from shots.stage import Act, Stage

    def wanted(act: Act) -> bool:
        names = {scene.name for scene in act.scenes}
        return not options.only or bool(names & set(options.only))

    suffix = "" if options.scale == ["1"] else f"@{options.scale[0]}x"
    with tempfile.TemporaryDirectory(prefix="dlstudio-screenshots-") as folder:
        home = Path(folder)
        images = options.images or draw_folder(home / "Fruit")
        stage = Stage(home, images.absolute())
        last = max(number for number, act in enumerate(ACTS) if wanted(act))
        for act in ACTS[: last + 1]:
            # Live acts build on the training of earlier ones.
            if wanted(act) or act is ACTS[-2]:
                act.begin(stage)
            for theme, language, size in itertools.product(
                options.theme, options.language, options.size
            ):
                scenes = [s for s in act.scenes if s.name in (options.only or [s.name])]
                if scenes:
                    stage.set_appearance(theme, language, size)
                for scene in scenes:
                    name = f"{scene.name}-{theme}-{language}-{size}{suffix}.png"
                    stage.take(scene, options.folder / name)
        stage.window.close_unsaved()
    return 0


if __name__ == "__main__":
    sys.exit(main())
