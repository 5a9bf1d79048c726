"""Tests that take seconds each and whose like is tried by default: `make test-slow` runs them.

Without them the default tests take minutes less on two cores.
"""

from fnmatch import fnmatchcase

# Beginnings or patterns of tests' names; a bracket of a parameter is written [[].
ALIKE = (
    "benchmarks/test_families.py::test_a_row_for_each_family_and_depth",
    "benchmarks/test_search_benchmarks.py::test_speed_prints_a_row_for_each_search",
    "benchmarks/test_speed.py::test_prints_a_row_for_each_peer_and_depth",
    "benchmarks/test_speed.py::test_threads_are_put_back",
    "benchmarks/test_table.py::test_simulation_has_a_row_for_each_source_of_luck_and_truth",
    "benchmarks/test_truth.py::test_every_stopping_has_its_tables",
    "benchmarks/test_truth.py::test_a_data_set_is_drawn_anew_for_each_seed",
    "notebook/test_sweep.py::test_a_script_is_not_run_by_the_processes_that_it_starts",
    "notebook/test_sweep.py::test_functions_go_through_the_networks_predictions",
    "notebook/test_sweep.py::test_what_is_in_memory_is_as_in_a_file[[]images",
    "report/test_page.py::test_every_axis_can_be_shown[[]epochs",
    "report/test_page.py::test_every_axis_can_be_shown[[]training_size",
    "report/test_page.py::test_every_axis_can_be_shown[[]width",
    "stages/test_axes.py::test_all_stages[[]training_size",
    "stages/test_axes.py::test_all_stages[[]window",
    "stages/test_baselines.py::test_the_difference_is_paired_replicate_by_replicate[[]images",
    "stages/test_baselines.py::test_the_difference_is_paired_replicate_by_replicate[[]series",
    "stages/test_check.py::test_what_check_passes_runs_through[[]images",
    "stages/test_check.py::test_what_check_passes_runs_through[[]series",
    "stages/test_look.py::test_everything_is_logged_and_the_network_is_registered",
    "stages/test_look.py::test_it_ends_where_all_is_decided_or_cannot_be[[]0.9",
    "stages/test_own.py::test_a_network_of_ones_own",
    "stages/test_own.py::test_an_interrupted_training_leaves_no_process_and_goes_on",
    "stages/test_register.py::test_any_kind_is_registered[[]a series",
    "stages/test_register.py::test_any_kind_is_registered[[]over",
    "stages/test_search.py::test_a_second_search_at_the_same_time",
    "stages/test_search.py::test_both_recipes_are_trained_and_judged[[]images",
    "stages/test_search.py::test_both_recipes_are_trained_and_judged[[]table",
    "stages/test_search_by_hand.py::test_a_second_search_by_hand_joins_behind",
    "statistics/test_false_alarms.py::test_for_new_data*equal",
    "statistics/test_false_alarms.py::test_the_luck_of_searches[[]6",
    "test_cli.py::test_stages_import_only_what_they_use[[]prepare",
    "test_cli.py::test_stages_import_only_what_they_use[[]search",
    "test_cli.py::test_stages_import_only_what_they_use[[]report",
    "test_interruption.py::test_whatever_becomes_of_it_is_one_line*-2[]]",
    "tracking/test_contract.py::test_killed_half_way_it_comes_to_the_same[[]*0[]]",
    "training/test_groups.py::test_a_file_that_changes_meanwhile_is_told[[]2",
    "training/test_groups.py::test_an_error_in_a_process_ends_all_in_one_line[[]Dies",
    "training/test_state.py::test_goes_on_to_the_same_bits*one replicate",
)


def is_alike(nodeid: str) -> bool:
    """Whether a test is one of them."""
    return any(fnmatchcase(nodeid, f"tests/{pattern}*") for pattern in ALIKE)
