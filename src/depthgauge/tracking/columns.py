"""The table of runs with the columns that matter, as a view of MLflow's UI that a link opens.

MLflow keeps a shared view in a tag of the experiment; the link names it by its key.
"""

import json

VIEW = "depthgauge"
VIEW_TAG = f"mlflow.sharedViewState.{VIEW}"


def columns_view() -> str:
    """The content of the tag: runs of the present files, in the order of their points."""
    columns = [
        "attributes.`Created`",
        "tags.`depthgauge.recipe`",
        "tags.`depthgauge.point`",
        "tags.`depthgauge.replicate`",
        "tags.`last/verdict`",
        "tags.`validation/verdict`",
        "metrics.`last/train_loss_mean`",
        "metrics.`last/test_loss_mean`",
        "metrics.`validation/test_loss_mean`",
        "metrics.`train_loss`",
        "metrics.`test_loss`",
    ]
    content = {
        "searchFilter": "tags.`depthgauge.current` = 'true'",
        "orderByKey": "attributes.start_time",
        "orderByAsc": True,
        "startTime": "ALL",
        "lifecycleFilter": "Active",
        "datasetsFilter": [],
        "modelVersionFilter": "All Runs",
        "selectedColumns": columns,
    }
    return json.dumps(content)


def columns_link(experiment_id: str) -> str:
    """The link within MLflow's UI."""
    return f"#/experiments/{experiment_id}/runs?viewStateShareKey={VIEW}"
