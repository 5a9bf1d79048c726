import pytest

from depthgauge.errors import InputError
from depthgauge.files.outputs import read_json_output, read_output


def test_what_a_stage_wrote(tmp_path):
    path = tmp_path / "file"
    path.write_text('{"a": [1]}')
    assert read_output(path) == b'{"a": [1]}'
    assert read_json_output(path) == {"a": [1]}


@pytest.mark.parametrize("read", [read_output, read_json_output])
def test_a_missing_file_says_how_to_get_it(tmp_path, read):
    with pytest.raises(InputError) as caught:
        read(tmp_path / "none")
    assert str(caught.value) == f"{tmp_path / 'none'}: no such file; run `dvc repro`"


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"3", b"null", b"\xff{}", b"[" * 100_000])
def test_damaged_json(tmp_path, data):
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_json_output(path)
    assert str(caught.value) == f"{path}: is damaged; run `dvc repro`"
