"""Languages are found by common and system names."""

from __future__ import annotations

import threading

import pytest
from pydantic import ValidationError

from dlstudio import i18n
from dlstudio.settings import Settings


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("en", "en"),
        ("en_US.UTF-8", "en"),
        ("English_United States", "en"),
        ("zh_CN", "zh_CN"),
        ("zh-Hans", "zh_CN"),
        ("ZH_cn.utf8", "zh_CN"),
        ("zh_TW", "zh_CN"),
        ("Chinese (Simplified)_China", "zh_CN"),
        ("de_AT@euro", "de"),
        ("German_Germany", "de"),
        ("pt_BR", "pt_BR"),
        ("pt_PT.UTF-8", "pt_BR"),
        ("C", "en"),
        ("klingon", "en"),
        ("", "en"),
    ],
)
def test_a_language_is_known_by_many_names(
    name: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(i18n.LANGUAGES, "de", "Deutsch")
    monkeypatch.setitem(i18n.LANGUAGES, "pt_BR", "Português (Brasil)")
    assert i18n.named_language(name) == language


def test_one_thread_can_speak_another_language_meanwhile() -> None:
    translator = i18n.Translator()
    heard: list[str] = []
    with translator.speaking("zh_CN"):
        assert (translator.language, translator.text("Stop")) == ("zh_CN", "停止")
        other = threading.Thread(target=lambda: heard.append(translator.text("Stop")))
        other.start()
        other.join()
    assert heard == ["Stop"] == [translator.text("Stop")]


@pytest.mark.parametrize("language", ["", *i18n.LANGUAGES])
def test_the_settings_take_every_language(language: str) -> None:
    assert Settings(language=language).language == language


def test_the_settings_refuse_a_language_that_is_not_there() -> None:
    with pytest.raises(ValidationError, match="zh_CN"):
        Settings(language="tlh")
