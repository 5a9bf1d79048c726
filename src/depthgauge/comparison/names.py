"""What a column or parameter is, told by its name alone."""

import re
from enum import StrEnum

# Folders of parameters and of measured values, as trackers and frameworks prefix their names.
_SETTINGS = {"config", "params", "param", "parameters", "hparams", "hyperparameters", "args", "hp"}
_MEASURED = {"metrics", "metric", "summary", "scores"}
# Of what a tracker says of a run by itself, or a person beside its settings.
_TOLD = {"sys", "tags"}
_PREFIX = re.compile(r"^([A-Za-z]+)\s*[./:]\s*(?=.)")

_SEEDS = {
    "seed",
    "random_state",
    "random_seed",
    "rng",
    "rng_key",
    "prng_key",
    "replicate",
    "repetition",
}
_SEED_ENDS = re.compile(r"_(seed|random_state)$")
# They tell repetitions apart where nothing is called a seed.
_FOLDS = {"fold", "cv_fold", "trial", "rep", "repeat", "replica", "resample"}
_STEPS = {"step", "global_step", "epoch", "iteration", "iter", "trainer/global_step"}
_RUNS = {"run_id", "run", "run_name", "id", "name", "uuid", "sys/id", "run_uuid"}
_SIZES = {
    *("n_params", "num_params", "n_parameters", "num_parameters", "parameter_count"),
    *("trainable_params", "trainable_parameters", "total_params", "model_size"),
}
# What a run is told apart by, when, where and how it ran: no setting that decides its result.
_ABOUT = {
    *("id", "uuid", "run", "runid", "notes", "note", "tags", "tag", "description"),
    *("path", "dir", "directory", "folder", "file", "filename", "checkpoint", "ckpt", "output"),
    *("time", "timestamp", "date", "datetime", "created", "updated", "started", "ended"),
    *("finished", "duration", "runtime", "elapsed", "seconds", "walltime"),
    *("host", "hostname", "user", "username", "owner", "entity", "project", "pid", "job", "jobid"),
    *("state", "status", "commit", "sha", "git", "hash", "url", "uri", "link", "sweep", "group"),
}
_NAMES = {"experiment_name", "job_name", "project_name", "user_name", "experiment_id"}
_LOWER = {
    *("loss", "error", "err", "errors", "mse", "rmse", "mae", "mape", "msle", "rmsle", "nll"),
    *("perplexity", "ppl", "wer", "cer", "fid", "crossentropy", "entropy", "logloss", "bce"),
    *("brier", "regret", "deviance", "kl", "ece", "cost", "losses", "misclassification"),
}
_HIGHER = {
    *("accuracy", "acc", "auc", "auroc", "auprc", "ap", "map", "f1", "fscore", "r2", "precision"),
    *("recall", "score", "bleu", "rouge", "ndcg", "mrr", "iou", "miou", "dice", "reward"),
    *("return", "likelihood", "sensitivity", "specificity", "mcc", "kappa", "psnr", "ssim"),
    *("correlation", "spearman", "pearson", "top1", "top5", "elbo"),
}
_SPLITS = (
    {"test", "testing", "heldout"},
    {"val", "valid", "validation", "eval", "evaluation", "dev"},
)
_TRAIN = {"train", "training"}
# What `metric` is, besides whatever it measures.
SPLIT_WORDS = _SPLITS[0] | _SPLITS[1] | _TRAIN
# Nor does it matter in which form.
_FORMS = {"rate", "mean", "avg", "average", "final", "last", "best", "value", "macro", "micro"}


class Role(StrEnum):
    """What a column is for."""

    SEED = "seed"
    FOLD = "fold"
    STEP = "step"
    RUN = "run"
    SIZE = "size"
    ABOUT = "about"
    METRIC = "metric"
    SETTING = "setting"


def role(name: str) -> Role:
    """What a column of that name is, most likely; `SETTING` where nothing else is known."""
    prefix, bare = split_prefix(name)
    key = re.sub(r"[\s\-]+", "_", bare.lower())
    last = re.split(r"[./]", key)[-1].strip("_")
    if last in _SIZES:
        return Role.SIZE
    # "randomState", and "clf__random_state" of a step of a scikit-learn pipeline.
    spelled = "_".join(words(re.split(r"[./]", bare)[-1]))
    if spelled in _SEEDS or spelled.startswith("seed_") or _SEED_ENDS.search(spelled):
        return Role.SEED
    if last in _FOLDS:
        return Role.FOLD
    if prefix in _SETTINGS:
        return Role.ABOUT if set(words(bare)[-1:]) & _ABOUT else Role.SETTING
    if key.strip("_") in _STEPS or name.lower() in _STEPS:
        return Role.STEP
    if key in _RUNS or name.lower() in _RUNS:
        return Role.RUN
    if prefix in _MEASURED or is_metric(bare):
        return Role.METRIC
    is_about = prefix in _TOLD or name.startswith("_") or key in _NAMES
    return Role.ABOUT if is_about or set(words(bare)[-1:]) & _ABOUT else Role.SETTING


def split_prefix(name: str) -> tuple[str, str]:
    """("config", "lr") of "config.lr"; ("", name) where there is no such folder."""
    found = _PREFIX.match(name)
    if found and found[1].lower() in _SETTINGS | _MEASURED | _TOLD:
        return found[1].lower(), name[found.end() :]
    return "", name


def words(name: str) -> list[str]:
    """The words in a name: "testLoss", "test/loss" and "test_loss" are of the same."""
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return [word for word in re.split(r"[^0-9a-z]+", apart.lower()) if word]


def is_metric(name: str) -> bool:
    """Whether the name ends or begins as that of something measured."""
    # A setting may be named after what it weighs or chooses: loss_weight, criterion.
    parts = [word for word in words(name) if word not in SPLIT_WORDS | _FORMS]
    known = _LOWER | _HIGHER
    if set(words(name)) & SPLIT_WORDS and set(parts) & known:
        return True
    return bool(parts) and (parts[-1] in known or "".join(parts) in known)


def is_higher_better(name: str) -> bool | None:
    """Whether more of a metric is better; None where the name does not say."""
    parts = words(name)
    # scikit-learn's "test_neg_log_loss", "mean_test_neg_mean_squared_error".
    own = [word for word in parts if word not in SPLIT_WORDS | _FORMS]
    if own[:1] in (["neg"], ["negative"]):
        return "likelihood" not in parts
    joined = "".join(word for word in parts if word not in SPLIT_WORDS | _FORMS)
    if set(parts) & _LOWER or joined in _LOWER:
        return False
    if set(parts) & _HIGHER or joined in _HIGHER:
        return True
    return None


def choose_metric(names: list[str]) -> str | None:
    """The metric that is meant where none is named; None where there are several that may be.

    That of test data, else that of validation, else the only one.
    """
    for split in _SPLITS:
        found = [name for name in names if set(words(name)) & split]
        if found:
            return found[0] if len(found) == 1 else None
    return names[0] if len(names) == 1 else None


def train_name(metric: str, names: list[str]) -> str | None:
    """The name of the same metric on training data; None where there is none."""
    own = [word for word in words(metric) if word not in SPLIT_WORDS]
    for name in names:
        parts = words(name)
        if set(parts) & _TRAIN and [word for word in parts if word not in SPLIT_WORDS] == own:
            return name
    return None


def is_loss(metric: str) -> bool:
    """Whether overfitting can be spoken of as it is: less is better, by its name."""
    return is_higher_better(metric) is False
