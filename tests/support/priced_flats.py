"""A project on a table of flats, with one trained run that predicts two columns."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import numpy as np

from dlstudio.cli import main

ROWS = 240


def write_flats(path: Path, rows: int = ROWS, seed: int = 0) -> Path:
    """The price says size and district, the class says the district; noise neither.

    The agent is a column of categories that says nothing, blank in some rows.
    """
    random = np.random.default_rng(seed)
    sizes = random.uniform(20, 100, rows)
    places = random.integers(0, 3, rows)
    lines = ["size,district,noise,agent,kind,price"]
    for row, (size, place) in enumerate(zip(sizes, places, strict=True)):
        price = 3 * size + 80 * place + random.normal(0, 2)
        kind = "flat" if (place > 0) != (row % 16 == 0) else "house"
        agent = f"agent {row % 3}" if row % 40 else ""
        noise = random.normal()
        district = ("West", "North", "East")[place]
        lines.append(f"{size:.1f},{district},{noise:.3f},{agent},{kind},{price:.2f}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def command(*arguments: object) -> tuple[int, str]:
    """Status and standard output of a command, run in this process."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = main([str(each) for each in arguments])
    return status, out.getvalue()


def trained_flats(folder: Path) -> Path:
    """The project in a folder: "price" and "kind" are predicted, "agent" is unused."""
    made, data = folder / "p", write_flats(folder / "flats.csv")
    options = ("--target", "price,kind", "--feature", "agent=ignore")
    assert command("new", made, "--data", data, *options)[0] == 0
    command("set", made, "plan.epochs=25", "plan.batch_size=16")
    assert command("train", made, "--no-evaluate")[0] == 0
    return made
