"""Update the translations to the program's messages.

    python packaging/translations.py          extract, merge into each .po, compile
    python packaging/translations.py --check  only report what is not up to date

Messages are extracted from `_("...")`, `ngettext` and `marked` in the code, and from
the catalog's data, whose texts are shown in the palette and in forms.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from dlstudio.i18n import DOMAIN
from dlstudio.i18n import LANGUAGES as ALL_LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "resources" / "locale"
LANGUAGES = tuple(each for each in ALL_LANGUAGES if each != "en")
KEYWORDS = {"_": None, "ngettext": (1, 2), "marked": None, "mark": None}
OVERLAY = ROOT / "resources" / "catalog"
TEXTS = ("summary", "title", "label")
# Texts for readers of Keras' English documentation, and texts that are never shown.
LEFT_ENGLISH = ("keras_ops.json", "keras_image_ops.json", "exclusions.json")
FIELD = re.compile(r"\{[^{}]*\}")


def extracted(leave_out: tuple[str, ...] = ()) -> Catalog:
    """Every translatable message of the program.

    Args:
        leave_out: Path prefixes of modules to exclude.
    """
    found = Catalog(domain=DOMAIN, charset="utf-8", header_comment="# dlstudio")
    for path, line, text, comments, context in extract_from_dir(
        ROOT / "dlstudio",
        method_map=[("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=(),
    ):
        module = f"dlstudio/{path}".replace("\\", "/")
        if not text or module.startswith(leave_out):
            continue
        place = [(module, line)]
        found.add(text, None, place, auto_comments=comments, context=context)
    for text, file in sorted(overlay_texts()):
        found.add(text, None, [(file, 1)])
    return found


def overlay_texts() -> Iterator[tuple[str, str]]:
    """Displayed texts of the catalog's data, and the file of each."""
    for path in sorted(OVERLAY.glob("*.json")):
        if path.name not in LEFT_ENGLISH:
            for text in _texts(json.loads(path.read_text("utf-8"))):
                yield text, path.name


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key in TEXTS and isinstance(item, str) and item:
                yield item
            else:
                yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def po_file(language: str) -> Path:
    """The file in which a language's translations are edited."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """Read a language's current translations."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN, charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale=language, domain=DOMAIN)


def merged(language: str, template: Catalog) -> Catalog:
    """A language's translations with the current messages, without fuzzy matches."""
    catalog = read(language)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment = f"# dlstudio, {language}"
    return catalog


def compiled(catalog: Catalog) -> bytes:
    """The `.mo` file of a catalog."""
    stream = io.BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def problems(catalog: Catalog) -> list[str]:
    """Problems that make a language's translations incomplete, one message each."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        strings = (
            message.string if isinstance(message.string, tuple) else (message.string,)
        )
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        if not all(strings):
            found.append(f"not translated: {ids[0]!r}")
        elif any(_fields(text) != _fields(ids[-1]) for text in strings):
            found.append(f"other fields than in English: {ids[0]!r}")
    return found


def _fields(text: str) -> set[str]:
    return set(FIELD.findall(text))


def missing(language: str) -> list[Message]:
    """Messages without a translation."""
    catalog = merged(language, extracted())
    return [m for m in catalog if m.id and not (m.string and all(m.string))]


def update(language: str, template: Catalog) -> None:
    """Write a language's `.po` and `.mo`."""
    catalog = merged(language, template)
    path = po_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(stream, catalog, width=88, no_location=True, omit_header=False)
    path.with_suffix(".mo").write_bytes(compiled(read(language)))


def main() -> int:
    """Update, or only check; the status is 1 if something is missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args()
    template = extracted()
    status = 0
    for language in LANGUAGES:
        if not options.check:
            update(language, template)
        found = problems(merged(language, template))
        status = max(status, int(bool(found)))
        print(f"{language}: {len(template)} messages, {len(found)} problems")
        for problem in found:
            print("  " + problem)
    return status


if __name__ == "__main__":
    sys.exit(main())
