"""CoNLL-like files: columns, schemes, faults, splits, encodings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells
from dlstudio.data.guess_source import guess_source
from dlstudio.data.open_source import open_source
from dlstudio.data.samples import Samples
from dlstudio.document.values import Spec
from dlstudio.errors import UserError

CATALOG = Catalog.load()
KIND = "dlstudio.sources.conll"
PLAIN = "Bob\tB-PER\nflew\tO\nto\tO\nNew\tB-LOC\nYork\tI-LOC\n\t\nHi\tO\n.\tO\n"


def written(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
    return folder


def opened(path: Path, **params: object) -> Samples:
    spec = guess_source(path, CATALOG)
    assert spec.kind == KIND
    for name, value in params.items():
        spec = spec.with_param(name, value)  # type: ignore[arg-type]
    return open_source(spec, CATALOG, path.parent)


def rows(samples: Samples) -> list[tuple[str, str]]:
    tokens, tags = samples.columns["tokens"], samples.columns["tags"]
    assert isinstance(tokens, Cells) and isinstance(tags, Cells)
    return list(zip(tokens.values.to_list(), tags.values.to_list(), strict=True))


def found(samples: Samples) -> dict[str, str]:
    return {each.kind: each.message for each in samples.notes}


def one(folder: Path, content: str | bytes, name: str = "a.txt", **params: object):  # type: ignore[no-untyped-def]
    written(folder, {name: content})
    return opened(folder / name, **params)


def test_sentences_are_rows(tmp_path: Path) -> None:
    samples = one(tmp_path, PLAIN)
    assert rows(samples) == [
        ("Bob flew to New York", "B-PER O O B-LOC I-LOC"),
        ("Hi .", "O O"),
    ]
    assert found(samples) == {} and list(samples.ids) == ["1", "2"]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.replace("\t", " ").replace("\n \n", "\n\n"),
        PLAIN.replace("\n", "\r\n"),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.encode("utf-16"),
        "-DOCSTART-\tO\n\n# text = Bob\n" + PLAIN + "\n# the end\n",
        # The tag first; a number first; part of speech and chunk between.
        "".join(
            "\t".join(line.split("\t")[::-1]) + "\n" if line.strip() else "\n"
            for line in PLAIN.splitlines()
        ),
        "1 Bob B-PER\n2 flew O\n3 to O\n4 New B-LOC\n5 York I-LOC\n\n1 Hi O\n2 . O",
        "Bob NN B-NP B-PER\nflew VB B-VP O\nto TO B-PP O\nNew NN B-NP B-LOC\n"
        "York NN I-NP I-LOC\n\nHi UH O O\n. . O O\n",
    ],
)
def test_forms_of_a_file_are_the_same(tmp_path: Path, content: str | bytes) -> None:
    samples = one(tmp_path, content)
    assert rows(samples)[0] == ("Bob flew to New York", "B-PER O O B-LOC I-LOC")
    assert len(samples) == 2 and found(samples) == {}


@pytest.mark.parametrize(
    ("scheme", "tags", "iob2"),
    [
        ("IOB1", "I-A I-A O I-A B-A I-B", "B-A I-A O B-A B-A B-B"),
        ("BIOES", "B-A E-A O S-A S-A S-B", "B-A I-A O B-A B-A B-B"),
        ("BIOES", "B-A L-A O U-A U-A U-B", "B-A I-A O B-A B-A B-B"),
    ],
)
def test_other_schemes_become_iob2_and_are_reported(
    tmp_path: Path, scheme: str, tags: str, iob2: str
) -> None:
    lines = "\n".join(f"w{n} {tag}" for n, tag in enumerate(tags.split()))
    samples = one(tmp_path, lines)
    assert rows(samples) == [("w0 w1 w2 w3 w4 w5", iob2)]
    assert scheme in found(samples)["tag-scheme"]


def test_faults_are_reported_with_their_lines(tmp_path: Path) -> None:
    content = (
        PLAIN * 20 + "\nBob\tB-PER\nalone\n\nBob\tI-PER\nX\tPER\nNew York\tB-LOC\n"
    )
    lines = content.split("\n")
    samples = one(tmp_path, content)
    notes = found(samples)
    assert str(lines.index("alone") + 1) in notes["token-lines"]
    assert str(lines.index("Bob\tI-PER") + 1) in notes["tag-begins"]
    assert str(lines.index("X\tPER") + 1) in notes["unknown-tags"]
    assert "“PER”" in notes["unknown-tags"]
    assert str(lines.index("New York\tB-LOC") + 1) in notes["token-spaces"]
    assert rows(samples)[-1] == ("Bob X New\u00a0York", "B-PER O B-LOC")
    assert len(samples) == 22


def test_columns_can_be_said(tmp_path: Path) -> None:
    content = "a x B-A O\nb y O B-B\n" * 3
    assert rows(one(tmp_path, content))[0] == ("a b a b a b", "O B-B O B-B O B-B")
    spec = Spec(KIND).with_param("path", "a.txt").with_param("tag_column", 3)
    samples = open_source(spec.with_param("token_column", 2), CATALOG, tmp_path)
    assert rows(samples)[0] == ("x y x y x y", "B-A O B-A O B-A O")
    with pytest.raises(UserError, match="no column of tags"):
        open_source(spec.with_param("token_column", 9), CATALOG, tmp_path)


def test_hash_signs_and_odd_spaces_are_tokens(tmp_path: Path) -> None:
    samples = one(tmp_path, "#\tO\n#tag\tB-A\na\u2028b\tO\n\u3000\tO\n")
    assert rows(samples) == [("# #tag a\u2028b \u3000", "O B-A O O")]


def test_files_of_a_folder_are_splits(tmp_path: Path) -> None:
    files = ("x17train.conll", "x.dev.conll", "x.test.annotated", "more.conll")
    written(tmp_path, {**dict.fromkeys(files, PLAIN), "README.md": "# About\n"})
    samples = opened(tmp_path)
    assert (
        sorted(samples.splits.tolist())
        == [*["test"] * 2, *["train"] * 2] + ["validation"] * 2
    )
    assert "more.conll" in found(samples)["left-out-folder"]


def test_other_files_are_not_recognized(tmp_path: Path) -> None:
    files = {"a.csv": "text,label\nI am O,B\n" * 9, "b.tsv": "x\tO\ny\tO\n" * 9}
    written(tmp_path, files)
    for name in files:
        assert guess_source(tmp_path / name, CATALOG).kind != KIND
