import gzip
from pathlib import Path

import pytest

from depthgauge.errors import InputError
from depthgauge.tables.sniff import sniff
from depthgauge.tables.table import parse_table, read_numbers

PATH = Path("table.csv")
TEXT = "Größe;Preis in €;Straße\n" + "".join(
    f"{k},5;{k * 1.5 + 0.25:.2f};Gäßchen {k}\n".replace(".", ",") for k in range(30)
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_what_a_spreadsheet_writes(encoding, separator):
    data = TEXT.replace(";", separator).encode(encoding)
    written = sniff(PATH, data)
    assert (written.separator, written.decimal) == (separator, ",")
    table = parse_table(PATH, data, written)
    assert table.columns == ("Größe", "Preis in €", "Straße")
    assert read_numbers(table, "Preis in €", False)[1] == 1.75


@pytest.mark.parametrize(
    ("header", "row", "encoding"),
    [
        ("цена;город", "5;Москва и Петербург", "cp1251"),
        ("価格;都市", "5;東京都の中心にある町", "cp932"),
    ],
)
def test_other_alphabets(header, row, encoding):
    data = "\n".join([header, *[row] * 90]).encode(encoding)
    assert parse_table(PATH, data, sniff(PATH, data)).columns == tuple(header.split(";"))


def test_quotes_may_hold_other_separators():
    data = b"a,b\n" + b'"1;2;3|4\n5;6",7\n' * 20
    assert sniff(PATH, data) == (",", "utf-8", ".")
    assert sniff(PATH, b"a;b\n" + b'1.5;"x, y, z"\n' * 20) == (";", "utf-8", ".")


def test_one_column_and_nothing():
    assert sniff(PATH, b"a\n1\n") == (",", "utf-8", ".")
    assert sniff(PATH, b"") == (",", "utf-8", ".")


def test_refused():
    with pytest.raises(InputError, match="is a note to Excel"):
        sniff(PATH, b"sep=;\na;b\n1;2\n")
    with pytest.raises(InputError, match="no text in any known encoding"):
        sniff(PATH, bytes(range(256)) * 30)
    with pytest.raises(InputError, match="is compressed; unpack it"):
        sniff(PATH, gzip.compress(b"a,b\n1,2\n", mtime=0))


def test_one_euro_sign_in_a_code_page():
    data = "Datum;Umsatz €\n".encode("cp1252") + b"1;2,5\n" * 50
    assert parse_table(PATH, data, sniff(PATH, data)).columns == ("Datum", "Umsatz €")


def test_a_few_words_in_a_code_page():
    data = "a,größe,ort,preis\n" + "0.5,1.5,Köln,10 €\n0.7,2.5,Düsseldorf,20 €\n" * 100
    assert sniff(PATH, data.encode("cp1252")).encoding == "cp1252"


def test_lines_above_the_names_do_not_hide_the_separator():
    data = b"Umsatz je Tag\n\nTag;Umsatz\n" + b"1;2,5\n" * 50
    assert sniff(PATH, data) == (";", "utf-8", ",")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("название;цена\nSMSка и звонки;5\nпростой телефон с кнопками;7\n", "cp1251"),
        ("nazwa;miasto\nżółty źrebak;Łódź\nświeży chleb i masło;Kraków\n", "cp1250"),
        ("nom;ville\ngénéral à côté;Nîmes\nforêt où l'été;Besançon\n", "cp1252"),
    ],
)
def test_code_pages_of_other_languages(text, encoding):
    header, rows = text.split("\n", 1)
    data = (header + "\n" + rows * 40).encode(encoding)
    assert parse_table(PATH, data, sniff(PATH, data)).columns == tuple(header.split(";"))
    assert data.decode(sniff(PATH, data).encoding) == data.decode(encoding)
