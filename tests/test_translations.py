"""Every sentence has its Chinese, with the same fields, and what is shipped has it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def translations() -> ModuleType:
    path = ROOT / "packaging" / "translations.py"
    spec = importlib.util.spec_from_file_location("translations", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_sentence_is_translated_with_its_fields(
    translations: ModuleType,
) -> None:
    catalog = translations.merged("zh_CN", translations.extracted())
    assert len(catalog) > 500
    assert translations.troubles(catalog) == []


def test_what_is_shipped_is_what_was_translated(translations: ModuleType) -> None:
    path = translations.po_file("zh_CN")
    shipped = path.with_suffix(".mo").read_bytes()
    assert shipped == translations.compiled(translations.read("zh_CN"))


def test_troubles_are_found(translations: ModuleType) -> None:
    catalog = translations.Catalog(locale="zh_CN")
    catalog.add("{count} pictures", "{number} 张图片")
    catalog.add("A sentence", "")
    catalog.add("Fine {a} {b}", "{b} 很好 {a}")
    found = translations.troubles(catalog)
    assert len(found) == 2
