import pytest

from depthgauge.comparison.names import Role, choose_metric, is_higher_better, role, train_name

ROLES = {
    Role.SEED: "seed config.seed params.random_state data_seed seed_everything hparams/rng "
    "randomState clf__random_state model.rng_key globalSeed",
    Role.FOLD: "fold cv_fold trial",
    Role.SETTING: "lr config.lr parameters/weight_decay max_depth epochs loss_weight loss_fn "
    "criterion model_name config.metric start_lr test_size score_fn config.loss",
    Role.METRIC: "test_loss valAcc metrics/val/loss summary.best_acc loss f1 test_r2 error_rate "
    "neg_mean_squared_error eval/loss accuracy_mean summary.grad_norm",
    Role.STEP: "step _step epoch trainer/global_step iteration",
    Role.RUN: "run_id Name ID run sys/id",
    Role.ABOUT: "State Notes Tags Created Runtime output_dir start_time config.log_dir _timestamp "
    "sys/owner experiment_name checkpoint_path Hostname",
    Role.SIZE: "n_params num_parameters config.trainable_params",
}
CASES = [(name, kind) for kind, names in ROLES.items() for name in names.split()]


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_role(name, kind):
    assert role(name) is kind


@pytest.mark.parametrize(
    ("names", "higher"),
    [
        ("loss test_mse error_rate val/cross_entropy perplexity", False),
        (
            "accuracy testAcc f1_macro r2 neg_mean_squared_error best_score roc_auc "
            "test_neg_log_loss mean_test_neg_mean_squared_error",
            True,
        ),
        ("quality grad_norm", None),
    ],
)
def test_which_way_is_better(names, higher):
    assert {is_higher_better(name) for name in names.split()} == {higher}


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["train_loss", "val_loss", "test_loss"], "test_loss"),
        (["train_loss", "val_loss"], "val_loss"),
        (["loss"], "loss"),
        (["test_loss", "test_acc"], None),
        (["loss", "accuracy"], None),
        ([], None),
    ],
)
def test_the_metric_that_is_meant(names, chosen):
    assert choose_metric(names) == chosen


def test_the_same_metric_on_training_data():
    names = ["train/acc", "train/loss", "test/loss"]
    assert train_name("test/loss", names) == "train/loss"
    assert train_name("test/mse", names) is None
