"""Tables of text: what is read from them, and what is said of what is odd."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlstudio.data.tables.read import read_table
from dlstudio.data.tables.table import Table, TableOptions
from dlstudio.errors import UserError


def read(folder: Path, data: str | bytes, name: str = "t.csv", **options: Any) -> Table:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_table(path, TableOptions(**options))


def cells(table: Table) -> dict[str, list[Any]]:
    return {name: each.values.to_list() for name, each in table.columns.items()}


def kinds(table: Table) -> list[str]:
    return [each.kind for each in table.notes]


def note(table: Table, kind: str) -> str:
    (found,) = (each.message for each in table.notes if each.kind == kind)
    return found


def test_columns_are_in_the_order_of_the_file_and_hold_strings(tmp_path: Path) -> None:
    table = read(tmp_path, "size,name\n1.5,ant\n2,bee\n")
    assert list(table.columns) == ["size", "name"] and len(table) == 2
    assert cells(table) == {"size": ["1.5", "2"], "name": ["ant", "bee"]}
    assert table.columns["size"].values.dtype == pl.String
    assert table.row_numbers.tolist() == [1, 2] and table.row_numbers.dtype == np.int64
    assert table.notes == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found(
    tmp_path: Path, delimiter: str, end: str
) -> None:
    rows = (("n", "text"), ("1", '"a""b"'), ("2", f'"x{delimiter}y"'), ("3", "z"))
    data = end.join(delimiter.join(row) for row in rows)
    table = read(tmp_path, data, "t.txt")
    assert cells(table) == {
        "n": ["1", "2", "3"],
        "text": ['a"b', f"x{delimiter}y", "z"],
    }
    assert table.notes == ()


def test_commas_within_numbers_are_no_delimiters(tmp_path: Path) -> None:
    table = read(tmp_path, "1,5;2,5;3,5\n4,5;5,5;6,5\n")
    assert cells(table)["column 2"] == ["2,5", "5,5"]


def test_a_first_line_may_say_the_delimiter(tmp_path: Path) -> None:
    table = read(tmp_path, "sep=|\nn|m\n1,2,3|4\n5,6,7|8\n9|9|9\n")
    assert cells(table) == {"n": ["1,2,3", "5,6,7", "9"], "m": ["4", "8", "9"]}
    assert "line 5" in note(table, "ragged-rows")


def test_a_delimiter_can_be_given(tmp_path: Path) -> None:
    table = read(tmp_path, "n:m\n1:2\n3:4\n", delimiter=":")
    assert cells(table) == {"n": ["1", "3"], "m": ["2", "4"]}
    for each in (" ", "\x01", "^", "tab"):
        mark = "\t" if each == "tab" else each
        table = read(tmp_path, f"n{mark}m\n" + f"1{mark}2\n" * 50, delimiter=each)
        assert cells(table) == {"n": ["1"] * 50, "m": ["2"] * 50}
    for each in ("§", "c", "0", "\0", "::"):
        with pytest.raises(UserError, match="not a valid column delimiter"):
            read(tmp_path, "n:m\n1:2\n", delimiter=each)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("größe,name\n1,Süß\n2,Öl\n", "cp1252"),
        ("名前,数\n猫,1\n犬,2\n", "utf-16"),
        ("评论,标签\n很好吃的东西,1\n味道不错的菜,2\n", "gb18030"),
        ("naïve,n\né,1\n", "utf-8-sig"),
        ("naïve,n\né,1\n", "utf-16-be"),
    ],
)
def test_any_encoding_is_read(tmp_path: Path, text: str, encoding: str) -> None:
    table = read(tmp_path, text.encode(encoding))
    expected = [line.split(",") for line in text.splitlines()]
    assert list(table.columns) == expected[0]
    assert cells(table) == {
        name: [row[n] for row in expected[1:]] for n, name in enumerate(expected[0])
    }
    guessed = encoding in ("cp1252", "gb18030")
    assert ("table-encoding" in kinds(table)) == guessed


def test_an_encoding_can_be_given(tmp_path: Path) -> None:
    data = "n,t\n1,Ж\n".encode("cp1251")
    assert cells(read(tmp_path, data, encoding="cp1251"))["t"] == ["Ж"]
    with pytest.raises(UserError, match="not utf-8"):
        read(tmp_path, data, encoding="utf-8")
    for unknown in ("nonsense", "hex"):
        with pytest.raises(UserError, match="no text encoding called"):
            read(tmp_path, data, encoding=unknown)


def test_a_few_damaged_characters_do_not_spoil_the_rest(tmp_path: Path) -> None:
    good = "".join(f"{n},größer\n" for n in range(100)).encode()
    table = read(tmp_path, b"n,t\n" + good + b"100,gr\xf6\xdfer\n")
    assert cells(table)["t"][-2:] == ["größer", "gr��er"]
    assert "line 102" in note(table, "damaged-characters")


def test_a_mark_of_utf_8_is_no_cell(tmp_path: Path) -> None:
    table = read(tmp_path, b'\xef\xbb\xbf"n",t\n1,a\n')
    assert list(table.columns) == ["n", "t"]


def test_nul_characters_are_removed_and_reported(tmp_path: Path) -> None:
    table = read(tmp_path, "n,t\n1,a\0b\n2,\0\n3,c\n")
    assert cells(table)["t"] == ["ab", None, "c"]
    assert note(table, "null-characters").startswith("2 NUL")


def test_line_ends_within_quotation_marks_belong_to_the_cell(tmp_path: Path) -> None:
    table = read(tmp_path, 'n,t\n1,"a\n\nb"\n2,c\n3,"d\r\ne,"\n')
    assert cells(table) == {"n": ["1", "2", "3"], "t": ["a\n\nb", "c", "d\r\ne,"]}
    assert table.notes == ()


def test_rows_of_another_width_are_reported_with_their_lines(tmp_path: Path) -> None:
    table = read(tmp_path, 'n,t\n1,"a\nb"\n2\n3,c,d\n4,e,f,g\n5,h\n6\n7,i\n8,j\n9,k\n')
    assert cells(table)["t"] == ["a\nb", None, "c", "e", "h", None, "i", "j", "k"]
    assert "2 rows have more than 2 cells (lines 5, 6)" in note(table, "ragged-rows")
    assert "2 rows have fewer than 2 cells (lines 4, 8)" in note(table, "short-rows")


def test_one_row_too_wide_and_one_too_narrow_are_not_taken_for_even(
    tmp_path: Path,
) -> None:
    table = read(tmp_path, "n,t\n1,a,x\n2\n3,c\n4,d\n5,e\n")
    assert kinds(table) == ["ragged-rows", "short-rows"]


def test_a_mark_of_byte_order_in_the_first_cell_is_text(tmp_path: Path) -> None:
    table = read(tmp_path, "t,n\n\ufeffa,1\nb,2\n")
    assert cells(table) == {"t": ["\ufeffa", "b"], "n": ["1", "2"]}


def test_rows_may_all_be_narrower_than_the_header(tmp_path: Path) -> None:
    table = read(tmp_path, "n,t,u,v\n1,a\n2,b,c\n3,d\n4,e,f\n")
    assert cells(table)["u"] == [None, "c", None, "f"]
    assert kinds(table) == ["short-rows"]


def test_a_trailing_delimiter_makes_no_column(tmp_path: Path) -> None:
    for data in ("n,t,\n1,a,\n2,b,\n", "n,t\n1,a,\n2,b,\n"):
        table = read(tmp_path, data)
        assert list(table.columns) == ["n", "t"] and table.notes == ()


def test_row_names_as_r_writes_them_are_a_column(tmp_path: Path) -> None:
    table = read(tmp_path, '"n","t"\n"1",5,a\n"2",6,b\n')
    assert cells(table) == {"column 1": ["1", "2"], "n": ["5", "6"], "t": ["a", "b"]}
    assert kinds(table) == ["unnamed-columns"]


def test_headers_get_a_name_of_their_own(tmp_path: Path) -> None:
    table = read(tmp_path, "n,n,,n (2), t\n1,2,3,4,5\n")
    assert list(table.columns) == ["n", "n (3)", "column 3", "n (2)", "t"]
    assert kinds(table) == ["duplicate-columns", "unnamed-columns"]
    assert "“column 3”" in note(table, "unnamed-columns")


def test_a_repeated_header_is_no_row_and_keeps_its_number(tmp_path: Path) -> None:
    table = read(tmp_path, "n,t\n1,a\nn,t\n\n2,b\nn,t\n3,c\n")
    assert cells(table) == {"n": ["1", "2", "3"], "t": ["a", "b", "c"]}
    assert table.row_numbers.tolist() == [1, 3, 5]
    assert "2 rows repeat the header (lines 3, 6)" in note(table, "repeated-header")


def test_blank_rows_are_skipped(tmp_path: Path) -> None:
    table = read(tmp_path, "\n\nn,t\n1,a\n\n,\n2,b\n\n")
    assert cells(table) == {"n": ["1", "2"], "t": ["a", "b"]}
    assert table.row_numbers.tolist() == [1, 2]
    assert "3 blank rows are skipped (lines 5, 6, 8)" in note(table, "blank-rows")


def test_a_single_column_may_have_blank_cells(tmp_path: Path) -> None:
    table = read(tmp_path, 'text\na\n""\nb\n')
    assert cells(table) == {"text": ["a", None, "b"]}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ('5" nail,2', ['5" nail', "2"]),
        ('"Hello" he said,2', ['"Hello" he said', "2"]),
        ('"never closed,2', ['"never closed', "2"]),
        ('"a, b",5" nail', ["a, b", '5" nail']),
        ('a "b" c,"d"', ['a "b" c', "d"]),
    ],
)
def test_quotation_marks_within_cells_are_text(
    tmp_path: Path, row: str, expected: list[str]
) -> None:
    data = f'n,t\n"x, y","1"\n{row}\n"z, z",3\n'
    table = read(tmp_path, data)
    assert [list(each) for each in zip(*cells(table).values(), strict=True)] == [
        ["x, y", "1"],
        expected,
        ["z, z", "3"],
    ]
    assert "(line 3)" in note(table, "stray-quotes")


def test_a_quotation_mark_that_is_never_closed_at_the_end(tmp_path: Path) -> None:
    table = read(tmp_path, 'n,t\n1,"a"\n2,"b, c"\n3,"cut o')
    assert cells(table)["t"] == ["a", "b, c", '"cut o']
    assert "(line 4)" in note(table, "stray-quotes")


def test_quotation_marks_of_prose_are_text_throughout(tmp_path: Path) -> None:
    lines = ['ham\t"Hi', "spam\tWin", 'ham\tbye"', 'ham\tsay "x" now', "spam\tcash"]
    table = read(tmp_path, "\n".join(lines), "t.tsv")
    assert cells(table)["column 2"][:3] == ['"Hi', "Win", 'bye"']
    assert kinds(table) == ["table-header"]


def test_lines_above_the_table_are_skipped(tmp_path: Path) -> None:
    table = read(tmp_path, "Sales 2024\n\n# draft\nday,sum\n1,2\n3,4\n5\n")
    assert cells(table)["sum"] == ["2", "4", None]
    assert note(table, "lines-above-table").startswith("2 lines")
    assert "line 7" in note(table, "short-rows")


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ("n,t\n1,a\n", True),
        ("1,a\n2,b\n", False),
        ("ham,x y\nspam,z\nham,w\n", False),
        ("country,2001,2002,2003\nMali,1,2,3\n", True),
        ("label,text\npos,good one\nneg,bad one\n", True),
        ("2024-01-01,5\n2024-01-02,6\n", False),
        (f"{'word ' * 20},a\nshort,b\nbrief,c\n", True),
        (f"{'word ' * 20},a\n{'term ' * 20},b\n", False),
    ],
)
def test_a_header_is_told_from_data(tmp_path: Path, data: str, named: bool) -> None:
    table = read(tmp_path, data)
    assert ("column 1" not in table.columns) == named
    other = read(tmp_path, data, header="no" if named else "yes")
    assert len(other) == len(table) + (1 if named else -1)
    assert "table-header" not in kinds(other)


def test_a_doubtful_header_can_be_changed(tmp_path: Path) -> None:
    table = read(tmp_path, "animal,sound\ncat,meow\ndog,woof\n")
    (found,) = table.notes
    assert found.kind == "table-header" and "“animal”" in found.message
    assert dict(found.fixes[0].params) == {"header": "no"}


def test_words_for_missing_values(tmp_path: Path) -> None:
    rows = "1,NaN,NA,\n2,x,?,-\n3,n/a,NA,NA\nNA,y,b,2024-01-01\n"
    table = read(tmp_path, "n,t,c,d\n" + rows)
    assert cells(table) == {
        "n": ["1", "2", "3", None],
        "t": [None, "x", None, "y"],
        "c": ["NA", "?", "NA", "b"],
        "d": [None, None, None, "2024-01-01"],
    }
    missing, kept = (
        each.message for each in table.notes if each.kind == "missing-marks"
    )
    assert "“-”, “NA”, “NaN”, …" in missing and "“n”, “t”, “d”" in missing
    assert "“?”, “NA”" in kept and "“c”" in kept and "read as text" in kept


def test_words_alone_may_be_a_category(tmp_path: Path) -> None:
    table = read(tmp_path, "n,t\n1,None\n2,\n")
    assert cells(table)["t"] == ["None", None]
    assert "read as text" in note(table, "missing-marks")


def test_infinity_is_no_missing_value(tmp_path: Path) -> None:
    assert cells(read(tmp_path, "n,m\n1,inf\n2,-\n"))["m"] == ["inf", "-"]


@pytest.mark.parametrize("data", ["", "\n\n", " \n", "\ufeff", "\0\0"])
def test_an_empty_file_is_refused(tmp_path: Path, data: str) -> None:
    with pytest.raises(UserError, match="is empty"):
        read(tmp_path, data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.txt", b"Once upon a time\nthere was, I think,\na king.\n"),
        ("t.csv", b"a,b,c\n1\n2,3,4,5\n4,5,6,7,8\n8,9,0,1,2,4\n"),
        ("t.csv", bytes(range(1, 256)) * 40),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(UserError, match="is not a table"):
        read(tmp_path, data, name)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        read_table(tmp_path / "gone.csv")


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    table = read(tmp_path, "n,text\n")
    assert cells(table) == {"n": [], "text": []} and len(table) == 0


def test_blocks_are_cut_between_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dlstudio.data.tables.delimited.CHUNK", 40)
    monkeypatch.setattr("dlstudio.data.tables.delimited.BYTES_PER_COLUMN", 1)
    rows = [f'{n},"é{n}\n,x"' if n % 3 else f"{n},é" for n in range(50)]
    rows[20] = '20,5" nail'
    rows[30] = '30,"' + "long" * 30 + '"'
    table = read(tmp_path, "n,t\n" + "\n".join(rows) + "\n40\n")
    assert cells(table)["n"] == [*map(str, range(50)), "40"]
    assert cells(table)["t"][20] == '5" nail'
    assert cells(table)["t"][49] == "é49\n,x"
    assert cells(table)["t"][30] == "long" * 30
    line = 2 + sum(2 if n % 3 and n not in (20,) else 1 for n in range(50))
    line -= 0 if 30 % 3 == 0 else 1
    assert f"line {line}" in note(table, "short-rows")
    assert f"line {2 + sum(2 if n % 3 else 1 for n in range(20))}" in note(
        table, "stray-quotes"
    )


@pytest.mark.parametrize("chunk", [3, 50])
def test_any_text_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    chunk: int,
) -> None:
    monkeypatch.setattr("dlstudio.data.tables.delimited.CHUNK", chunk)
    monkeypatch.setattr("dlstudio.data.tables.delimited.BYTES_PER_COLUMN", 1)
    folder = tmp_path_factory.mktemp("any")

    @settings(deadline=None)
    @given(
        st.text(alphabet='ab1é中,;\n\n\r"\0\t', max_size=80),
        st.sampled_from(["utf-8", "gb18030", "utf-16"]),
        st.sampled_from(["auto", "yes", "no"]),
    )
    def check(text: str, encoding: str, header: str) -> None:
        with suppress(UserError):
            table = read(folder, text.encode(encoding), header=header)
            lengths = {len(each) for each in table.columns.values()}
            assert lengths == {len(table)}
            assert (np.diff(table.row_numbers) > 0).all()

    check()


def test_a_return_is_no_line_end_where_others_are(tmp_path: Path) -> None:
    table = read(tmp_path, 'n,t\n1,"a"\r\r\n2,b\rc\r\n"3",d\n')
    assert cells(table) == {"n": ["1", "2", "3"], "t": ['"a"\r', "b\rc", "d"]}
    assert "(line 2)" in note(table, "stray-quotes")


def test_lines_within_cells_may_look_like_rows(tmp_path: Path) -> None:
    table = read(tmp_path, 'n,t\n1,"a\nb,c"\n2,d\n')
    assert cells(table) == {"n": ["1", "2"], "t": ["a\nb,c", "d"]}
    unlucky = read(tmp_path, 'n,t\n;,"x"\n"é,\n",a\n')
    assert cells(unlucky) == {"n": [";", "é,\n"], "t": ["x", "a"]}


def test_many_columns(tmp_path: Path) -> None:
    width = 10_000
    header = ",".join(f"x{n}" for n in range(width))
    table = read(tmp_path, header + "\n" + (",".join(["1.5"] * width) + "\n") * 3)
    assert len(table.columns) == width and len(table) == 3 and table.notes == ()
