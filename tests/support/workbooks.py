"""Spreadsheets for tests, made without a library that writes them."""

from __future__ import annotations

import base64
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

Rows = Sequence[Sequence[object]]
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = f"""<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels"
 ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/></Types>"""
_ROOT = f"""<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1"
 Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""


def letters(column: int) -> str:
    """The name of a column from 0: A, B, ..., Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _cell(row: int, column: int, value: object) -> str:
    place = f'r="{letters(column)}{row + 1}"'
    if value is None:
        return ""
    if isinstance(value, bool):
        return f'<c {place} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (int, float)):
        return f"<c {place}><v>{value}</v></c>"
    if str(value).startswith("#"):
        return f'<c {place} t="e"><v>{value}</v></c>'
    text = escape(str(value))
    return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def sheet_xml(rows: Rows) -> str:
    """A sheet; None for a blank cell, "#DIV/0!" for an error."""
    body = "".join(
        f'<row r="{number + 1}">'
        + "".join(_cell(number, column, value) for column, value in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows)
    )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'


def write_xlsx(path: Path, sheets: Mapping[str, Rows | str]) -> Path:
    """An Excel workbook of sheets, by name; a sheet may be given as XML."""
    numbers = range(1, len(sheets) + 1)
    names = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="s{number}"/>'
        for number, name in zip(numbers, sheets, strict=True)
    )
    links = "".join(
        f'<Relationship Id="s{number}" Type="{_LINKS}/worksheet"'
        f' Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _ROOT)
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{names}</sheets>'
            "</workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
        )
        for number, rows in zip(numbers, sheets.values(), strict=True):
            xml = rows if isinstance(rows, str) else sheet_xml(rows)
            archive.writestr(f"xl/worksheets/sheet{number}.xml", xml)
    return path


def write_ods(path: Path, body: str, manifest: str = "") -> Path:
    """An OpenDocument spreadsheet of one sheet, given as XML of its rows."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0"'
        f' xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0"'
        ' office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="data">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest or "<manifest/>")
    return path


def ods_row(*cells: object, repeated: int = 1) -> str:
    """A row of an OpenDocument spreadsheet."""
    found = "".join(
        f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
        if isinstance(cell, (int, float))
        else '<table:table-cell office:value-type="string">'
        f"<text:p>{escape(str(cell))}</text:p></table:table-cell>"
        for cell in cells
    )
    return (
        f'<table:table-row table:number-rows-repeated="{repeated}">{found}'
        "</table:table-row>"
    )


def old_workbook() -> bytes:
    """An .xls file: columns n (1, 2.5), name (ant, bee), when (2020-01-02, blank)."""
    return zlib.decompress(base64.b85decode("".join(_OLD.split())))


_OLD = r"""
c-rk)O=uHA6#izjX?{r3q^3eElu$5gZ4ctbOS>x7o>Hn8e-LzI7L@8%LO}GO)taLqcv8F+>OqjI7k|)$
-aH5uJqUu3)MHPALJw`$H*a@i5)m5ELS?=%-^{!>Z{}s*{Os=gg;ZtsNpBS`7(oCvCxVU!nV=N$D@l;v
ab(fY!;~C_4TVUU0@)G7%lNyHjG>Ho6&fDvZ-{|KN+)mu<5RYkSx4+=A50;A7$z3DN0J13*sCt))6AQg
A92f9%zIgKlX;lhR>W~E7~=zbyj6Tu>t|g8vfpQH^O+^P(2cip6<@t2+_pjNE1osaZ7@Zj9>W|cpktP8
6=l5>_Ynn-5r%TPq0!L_(iH4D{BSbBcYjyE&M5i%$^}Ti+$<0MK^~?cw#sj7Ixr3A6mOC;Vu<TfqoZJ!
%oSv5O@I?E5t~%DdEN>Drd=Y=TNa5fp0VtxJly#(NH!e?ao!{`;sQFkoZ_vLByUz8eEX2gPZ%dzGR+r&
drfSWUctdNX+g#b)&%N2z!p21uXC?kxZKN}CVwf<PIP;PgEQRb25Yl4&Ths>V_QRcJC(~zho1M9zZyHJ
JU>>woSy$=%%Y#JtpeH0-wX!DptyTS;)UVo!aGvFF!%g+yo9x+=ey(Gg`HTH8;X!(c58BWM7^d_P4}!t
i}e*P%CZ#CvTQHvbL;9f@@es*#?~75)@-e@^-{pKb|WL_c0}vKQ>mnb@E4*`P*6}%P*6}%P~b;U&3h=<
y%z=fKpOJC>#S0$sm~<;Ee>OfekFRTJOG>WA}+PHel{a0{Jz8*ZT#<r5=UtCA|{b%KPKB=zx3KB8voCl
4U>Ow3$;6btsOuA@%TRh?E2Im
"""
