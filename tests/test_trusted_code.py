"""The list of trusted code: by digest, for this user, and empty if in doubt."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.trusted_code import FILE, TrustStore

ONE, TWO = "1" * 64, "2" * 64


def test_trust_is_kept_and_revoked(tmp_path: Path) -> None:
    store = TrustStore(tmp_path / "config")
    assert store.digests() == frozenset()
    store.trust({ONE: "layers.py"})
    TrustStore(tmp_path / "config").trust({TWO: "shift"})
    assert store.digests() == {ONE, TWO}
    store.revoke([ONE])
    assert store.digests() == {TWO}


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"version": 2}', '{"trusted": {"short": "x"}}', "[" * 9000],
)
def test_of_a_damaged_list_nothing_is_trusted(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text)
    assert TrustStore(tmp_path).digests() == frozenset()
    TrustStore(tmp_path).trust({ONE: "layers.py"})
    assert TrustStore(tmp_path).digests() == {ONE}
