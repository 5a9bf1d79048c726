"""benchmarks/families.py in its quick size."""

import families


def test_a_row_for_each_family_and_depth(capsys):
    families.main(["--quick"])
    rows = [
        line.strip("| ").split(" | ")
        for line in capsys.readouterr().out.splitlines()
        if line.startswith("| ") and "parameters" not in line
    ]
    names = {words for words, *_ in families.families(1)}
    for depth in families.DEPTHS:
        assert {row[0] for row in rows if row[1] == str(depth)} == names
    assert all(float(value) > 0 for row in rows for value in row[3:])
