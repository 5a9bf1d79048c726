"""Attributes of trials and studies in Optuna."""

# Of trials. A trial's place among the finished ones is its number in the files and in MLflow;
# Optuna's own counts interrupted trials too. RETRY_OF: the number of the trial that died.
WHY_FAILED, PROCESS, PLACE, RETRY_OF = "why failed", "process", "finished trial", "retry of trial"
# What a person let it try.
ENQUEUED = "enqueued"
# Why a trial failed; one that diverged alone counts as finished.
DIVERGED, INTERRUPTED, MACHINE_DIED = "diverged", "interrupted", "its machine gave no sign"
NOT_IN_SPACE = "is not in the search space"
# Of studies.
PLAN = "plan"
