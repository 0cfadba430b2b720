"""Translations: gettext over `resources/locale`, with English as fallback."""

from __future__ import annotations

import gettext
import locale
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import local

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
"""Every language with its native name; the single list of supported languages."""
DOMAIN = "dlstudio"


@dataclass(frozen=True, slots=True)
class _Texts:
    """The texts of one language."""

    language: str = "en"
    translations: gettext.NullTranslations = field(
        default_factory=gettext.NullTranslations
    )


class Translator:
    """Translates texts to one language, which can be changed at runtime."""

    def __init__(self) -> None:
        self._texts = _Texts()
        self._thread = local()

    @property
    def language(self) -> str:
        """A key of `LANGUAGES`."""
        return self._current().language

    def use(self, language: str) -> None:
        """Switch to `language`, a key of `LANGUAGES`; unknown ones mean English."""
        self._texts = _texts(language)

    @contextmanager
    def speaking(self, language: str) -> Iterator[None]:
        """Use another language meanwhile, in this thread alone.

        Args:
            language: A key of `LANGUAGES`; unknown ones mean English.
        """
        before = getattr(self._thread, "texts", None)
        self._thread.texts = _texts(language)
        try:
            yield
        finally:
            self._thread.texts = before

    def text(self, message: str) -> str:
        """The translation of `message`, or `message` itself."""
        return self._current().translations.gettext(message) if message else message

    def plural(self, one: str, many: str, count: int) -> str:
        """The translated plural form for `count`.

        Args:
            one: The English singular, as in the message catalog.
            many: The English plural.
            count: Selects the form; it is not inserted.
        """
        return self._current().translations.ngettext(one, many, count)

    def _current(self) -> _Texts:
        return getattr(self._thread, "texts", None) or self._texts


def _texts(language: str) -> _Texts:
    known = language if language in LANGUAGES else "en"
    return _Texts(
        known,
        gettext.translation(DOMAIN, locale_folder(), languages=[known], fallback=True),
    )


def all_translators() -> list[Translator]:
    """One translator for each language, so that searches match in any language."""
    made = []
    for language in LANGUAGES:
        made.append(Translator())
        made[-1].use(language)
    return made


translator = Translator()
_ = translator.text
ngettext = translator.plural


def marked(message: str) -> str:
    """Mark a text of a description for translation; `_` translates it when shown."""
    return message


def named_language(name: str) -> str:
    """The key of `LANGUAGES` that fits a name, else English.

    Args:
        name: Language or locale name: "zh-Hans", "en_US.UTF-8", and on Windows
            "German_Austria".
    """
    wanted = name.lower().replace("-", "_").replace(" ", "_").partition(".")[0]
    first = wanted.partition("_")[0]
    # Python knows the systems' names of languages, except for this one.
    code = "zh" if first == "chinese" else locale.normalize(first).partition("_")[0]
    by_name = {key.lower(): key for key in LANGUAGES}
    by_code = {key.partition("_")[0]: key for key in reversed(LANGUAGES)}
    return by_name.get(wanted) or by_code.get(code, "en")


def requested_language() -> str:
    """The language that DLSTUDIO_LANG requests, or ""."""
    wanted = os.environ.get("DLSTUDIO_LANG", "")
    return named_language(wanted) if wanted else ""


def preferred_language() -> str:
    """The language that DLSTUDIO_LANG requests, else the system's."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LANG")]
    system = next((name for name in names if name), "") or locale.getlocale()[0]
    return requested_language() or named_language(system or "en")


def locale_folder() -> Path:
    """The folder of the translations, in a checkout or a wheel."""
    package = Path(__file__).resolve().parent
    inside = package / "resources" / "locale"
    return inside if inside.is_dir() else package.parent / "resources" / "locale"
