"""What a killed process leaves beside outputs is nothing to DVC, nor to git."""

import shutil
from pathlib import Path

from depthgauge.files import atomic
from tests.repository import new_repository

ROOT = Path(__file__).parents[2]


def test_what_lies_half_written_is_nothing_to_dvc_and_git(tmp_path):
    repository = new_repository(tmp_path / "work")
    for name in (".dvcignore", ".gitignore"):
        shutil.copy(ROOT / name, repository.folder)
    repository.commit()
    repository.dvc("repro", "prepare")
    repository.commit()
    lock = (repository.folder / "dvc.lock").read_bytes()
    prepared = repository.folder / "data/prepared"
    left = [atomic.partial_path(prepared / "meta.json"), atomic.partial_path(prepared)]
    left[0].write_text("half")
    left[1].mkdir()
    (left[1] / "meta.json").write_text("half")
    assert repository.status() == []
    assert repository.ran("repro", "--no-commit", "prepare") == ["code"]
    repository.dvc("commit", "--force", "prepare")
    assert (repository.folder / "dvc.lock").read_bytes() == lock
