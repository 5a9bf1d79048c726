"""What each command's help says to a person: in a line, in a paragraph, and by example."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Help:
    """line: in the list of commands. more: below it in the command's own help."""

    line: str
    more: str
    examples: str


HELP = {
    "new": Help(
        "look at a table of your own and make experiments/NAME for it",
        "Says what it found in the table and writes its guesses, each with a comment, into\n"
        "experiments/NAME/params.yaml. Nothing is ever overwritten. Without --target it says what\n"
        "the columns hold.",
        "depthgauge new my.csv --target price\n"
        "depthgauge new views.csv --target views --kind series --date day",
    ),
    "check": Help(
        "judge the settings and the raw data; write nothing",
        "Names the file, the row, the column or the key that is wrong, in one line.",
        "depthgauge check\ndepthgauge -C experiments/pageviews check",
    ),
    "code": Help(
        "write down which code decides the numbers of each stage",
        "A text for each stage in the folder code, on which DVC's stages depend: a line for each\n"
        "file of the program, without its comments and messages, and for each library.",
        "depthgauge code\ndepthgauge code --check",
    ),
    "prepare": Help(
        "make the pool, the splits and the scaling from the raw table",
        "Writes data/prepared, which every later stage reads.",
        "depthgauge prepare",
    ),
    "search": Help(
        "write the recipe of one point: searched for, or that of params.yaml",
        "The recipe `fixed` is that of params.yaml, with the point's own value. For `tuned`\n"
        "Optuna searches learning rate, batch size and width on train and validation data alone.\n"
        "A study goes on where it stopped. With --trials, --out or --storage it is run by hand\n"
        "and no output of the pipeline is touched.",
        "depthgauge search --depth 3\n"
        "depthgauge search --depth 3 --trials 200 --out found   # a longer search, by hand",
    ),
    "promote": Help(
        "write what a search found into params.yaml, as the recipe",
        "Every point is then trained with it as the fixed recipe; comments in the file stay.",
        "depthgauge promote --depth 3\ndepthgauge promote --depth 3 --from found",
    ),
    "train": Help(
        "train all replicates of one point",
        "An interrupted training goes on with the groups of replicates that were not finished.\n"
        "Curves, weights and test losses go to results/train/RECIPE-POINT.",
        "depthgauge train --depth 3 --recipe fixed",
    ),
    "evaluate": Help(
        "find the overfitting threshold of every view",
        "Writes results/points.csv, threshold.json and answer.txt. A view is a recipe and\n"
        "a moment of stopping: the last epoch, or that of least validation loss.",
        "depthgauge evaluate && cat results/answer.txt",
    ),
    "report": Help(
        "write the page that answers the question, and print the answer",
        "The page is results/report/index.html: one file that needs no network.",
        "depthgauge report",
    ),
    "track": Help(
        "log to MLflow what it does not hold yet",
        "Ends with the answer and a small table. Running it twice adds nothing; a lost store is\n"
        "made again from the files. The store is .depthgauge/mlflow.db, or what\n"
        "MLFLOW_TRACKING_URI names.",
        "depthgauge track\nMLFLOW_TRACKING_URI=http://127.0.0.1:5000 depthgauge track",
    ),
    "register": Help(
        "make the recommended network a model in MLflow",
        "The view, the point and the replicate are chosen on validation loss. The model takes raw\n"
        "rows and answers in the unit of the raw target. The same network is registered once.",
        "depthgauge register\ndepthgauge -C experiments/pageviews register --name 'page views'",
    ),
}
