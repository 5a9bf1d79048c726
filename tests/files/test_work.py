import pytest

from depthgauge.files.work import repository_root, work_folder


@pytest.mark.parametrize("mark", [".git", ".dvc"])
def test_one_folder_for_all_experiments_of_a_repository(tmp_path, mark):
    root = tmp_path / "repository"
    experiment = root / "experiments" / "other"
    experiment.mkdir(parents=True)
    (root / mark).mkdir()
    assert repository_root(experiment) == repository_root(root) == root
    assert work_folder(experiment) == root / ".depthgauge"


def test_a_worktree_is_a_repository(tmp_path):
    (tmp_path / ".git").write_text("gitdir: elsewhere")
    (tmp_path / "inner").mkdir()
    assert repository_root(tmp_path / "inner") == tmp_path


def test_without_a_repository(tmp_path, monkeypatch):
    (tmp_path / "alone").mkdir()
    assert work_folder(tmp_path / "alone") == tmp_path / "alone/.depthgauge"
    monkeypatch.chdir(tmp_path / "alone")
    assert work_folder(tmp_path.__class__()) == tmp_path / "alone/.depthgauge"
