"""MLflow as a view of the result files: it can be lost and made again.

`update.bring_up_to_date` is the one writer of results; `live` shows a long training as it goes.
MLflow is imported inside functions only, so that stages that do not log never pay for it.
"""
