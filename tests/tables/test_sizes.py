"""What is too large is refused before it is read: no such test needs the memory itself."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from depthgauge import memory
from depthgauge.errors import InputError
from depthgauge.tables import sizes
from depthgauge.tables.table import read_table

FREE = 50_000_000


@pytest.fixture(autouse=True)
def little_memory(monkeypatch):
    monkeypatch.setattr(memory, "free_memory", lambda: FREE)


@pytest.fixture
def unread(monkeypatch):
    """Nothing of a Parquet file but its metadata can be read."""

    def refuse(*arguments, **options):
        raise AssertionError("is read")

    monkeypatch.setattr(pq.ParquetFile, "read", refuse)


def test_equal_rows_of_a_small_parquet_file(tmp_path, unread):
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"a": np.ones(1_000_000)}), path)
    assert path.stat().st_size < FREE / 1000
    with pytest.raises(InputError, match=r"1,000,000 rows of 1 columns would need 0.1 GiB"):
        read_table(path)


def test_equal_long_texts_of_a_small_parquet_file(tmp_path):
    path = tmp_path / "texts.parquet"
    pq.write_table(pa.table({"a": ["x" * 5000] * 10_000}), path)
    assert path.stat().st_size < FREE / 1000
    with pytest.raises(InputError, match="its 50,000,000 bytes of text would need"):
        read_table(path)


def test_texts_that_fit(tmp_path):
    texts = ["a", None, "b" * 5000] * 20
    frame = pa.table({"a": texts, "b": pa.array(texts).dictionary_encode(), "c.d": texts})
    path = tmp_path / "texts.parquet"
    pq.write_table(frame, path)
    table = read_table(path)
    for name in table.columns:
        assert list(table.cells[name]) == [text or "" for text in texts]


def test_a_large_file(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        # Takes no room on the disk.
        file.truncate(FREE)
    with pytest.raises(InputError, match=r"large.csv: its 50,000,000 bytes would need"):
        read_table(path)


@pytest.mark.parametrize("row", ["1\n", "1\r", "1,2\n", "1\r\n"])
def test_many_rows(tmp_path, row):
    path = tmp_path / "rows.csv"
    path.write_text(row * 300_000)
    with pytest.raises(InputError, match=r"about 300,000 rows would need 0.1 GiB"):
        read_table(path)


def test_many_values(tmp_path):
    path = tmp_path / "values.ts"
    path.write_text("@classLabel false\n@data\n" + "1," * 600_000 + "1\n")
    with pytest.raises(InputError, match=r"about 600,000 values would need 0.1 GiB"):
        read_table(path)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_many_columns(tmp_path, monkeypatch, kind, unread):
    monkeypatch.setattr(sizes, "MOST_COLUMNS", 4)
    path = tmp_path / "wide"
    if kind == "csv":
        path.write_text("a,b,c,d,e\n1,2,3,4,5\n")
    else:
        pq.write_table(pa.table({name: [1] for name in "abcde"}), path)
    with pytest.raises(InputError, match=r"has 5 columns; 4 are the most that a table may have"):
        read_table(path)


@pytest.mark.parametrize(("most", "free"), [("100\n", 40), ("max\n", 1000), ("2000\n", 1000)])
def test_a_container_has_less_than_its_machine(tmp_path, monkeypatch, most, free):
    monkeypatch.undo()
    (tmp_path / "memory.max").write_text(most)
    (tmp_path / "memory.current").write_text("60\n")
    monkeypatch.setattr(memory, "_GROUP", tmp_path)
    machine = type("Memory", (), {"available": 1000})
    monkeypatch.setattr(memory.psutil, "virtual_memory", machine)
    assert memory.free_memory() == free
