"""The recipes of CONTRIBUTING.md work when followed literally in a copy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from recipes import ROOT, Checkout, recipe
from small_images import encoded, photo, write

CONTRIBUTING = ROOT / ".github" / "CONTRIBUTING.md"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "checkout")


def test_a_data_source_is_added(checkout: Checkout) -> None:
    for number in range(1, 5):
        write(checkout.folder / "pets" / f"{number}.png", encoded(photo(number)))
    checkout.follow(recipe(CONTRIBUTING, "## Add a data source in twenty minutes"))
    project = checkout.folder / "pets-project" / "project.json"
    source = json.loads(project.read_text("utf-8"))["data"]["source"]
    assert source["kind"] == "dlstudio.sources.image_list"


def test_a_language_is_added(checkout: Checkout) -> None:
    checkout.follow(recipe(CONTRIBUTING, "## Add a language"))
    program = (
        "from dlstudio.i18n import ngettext, translator\n"
        "from dlstudio.settings import Settings\n"
        "translator.use(Settings(language='de').language)\n"
        "text = [ngettext('{count} class', '{count} classes', n) for n in (1, 2)]\n"
        "print(*text, sep='|')\n"
    )
    done = checkout.run("-c", program)
    assert done.stdout.strip() == "{count} Klasse|{count} Klassen", done.stderr
