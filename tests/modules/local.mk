# SPDX-License-Identifier: BSD-3-Clause
# Modules of the tests: one for each way of being bad, named after it, and a few that are right. Each is one
# file, dummy.h aside.

DUMMY_LDFLAGS = $(module_ldflags) -shared -rpath /nowhere

check_LTLIBRARIES += \
	tests/modules/abi_too_new.la \
	tests/modules/aborts_on_load.la \
	tests/modules/bad_default.la \
	tests/modules/bad_name.la \
	tests/modules/bad_type_map.la \
	tests/modules/closes_on_load.la \
	tests/modules/crashes_in_constructor.la \
	tests/modules/crashes_on_load.la \
	tests/modules/default_not_json.la \
	tests/modules/duplicate_a.la \
	tests/modules/duplicate_b.la \
	tests/modules/empty.la \
	tests/modules/exits_on_load.la \
	tests/modules/forks_on_load.la \
	tests/modules/future_minor.la \
	tests/modules/good.la \
	tests/modules/half_bad.la \
	tests/modules/hangs_on_load.la \
	tests/modules/kills_on_load.la \
	tests/modules/load_fails.la \
	tests/modules/misbehave.la \
	tests/modules/missing_member.la \
	tests/modules/newer_only.la \
	tests/modules/no_name.la \
	tests/modules/no_summary.la \
	tests/modules/no_symbol.la \
	tests/modules/not_offered.la \
	tests/modules/old_minor.la \
	tests/modules/prints_on_load.la \
	tests/modules/same_names.la \
	tests/modules/same_params.la \
	tests/modules/struct_too_small.la \
	tests/modules/thread_on_load.la \
	tests/modules/two_kinds.la \
	tests/modules/undefined_symbol.la \
	tests/modules/unknown_param_type.la \
	tests/modules/unknown_stage.la \
	tests/modules/wild_pointer.la \
	tests/modules/writes_on_load.la \
	$(NULL)

tests_modules_abi_too_new_la_SOURCES = tests/modules/abi_too_new.c tests/modules/dummy.h
tests_modules_abi_too_new_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_aborts_on_load_la_SOURCES = tests/modules/aborts_on_load.c tests/modules/dummy.h
tests_modules_aborts_on_load_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_bad_default_la_SOURCES = tests/modules/bad_default.c tests/modules/dummy.h
tests_modules_bad_default_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_bad_name_la_SOURCES = tests/modules/bad_name.c tests/modules/dummy.h
tests_modules_bad_name_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_bad_type_map_la_SOURCES = tests/modules/bad_type_map.c tests/modules/dummy.h
tests_modules_bad_type_map_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_closes_on_load_la_SOURCES = tests/modules/closes_on_load.c tests/modules/dummy.h
tests_modules_closes_on_load_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_crashes_in_constructor_la_SOURCES = tests/modules/crashes_in_constructor.c tests/modules/dummy.h
tests_modules_crashes_in_constructor_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_crashes_on_load_la_SOURCES = tests/modules/crashes_on_load.c tests/modules/dummy.h
tests_modules_crashes_on_load_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_default_not_json_la_SOURCES = tests/modules/default_not_json.c tests/modules/dummy.h
tests_modules_default_not_json_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_duplicate_a_la_SOURCES = tests/modules/duplicate_a.c tests/modules/dummy.h
tests_modules_duplicate_a_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_duplicate_b_la_SOURCES = tests/modules/duplicate_b.c tests/modules/dummy.h
tests_modules_duplicate_b_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_empty_la_SOURCES = tests/modules/empty.c tests/modules/dummy.h
tests_modules_empty_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_exits_on_load_la_SOURCES = tests/modules/exits_on_load.c tests/modules/dummy.h
tests_modules_exits_on_load_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_forks_on_load_la_SOURCES = tests/modules/forks_on_load.c tests/modules/dummy.h
tests_modules_forks_on_load_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_future_minor_la_SOURCES = tests/modules/future_minor.c tests/modules/dummy.h
tests_modules_future_minor_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_good_la_SOURCES = tests/modules/good.c tests/modules/dummy.h
tests_modules_good_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_half_bad_la_SOURCES = tests/modules/half_bad.c tests/modules/dummy.h
tests_modules_half_bad_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_hangs_on_load_la_SOURCES = tests/modules/hangs_on_load.c tests/modules/dummy.h
tests_modules_hangs_on_load_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_kills_on_load_la_SOURCES = tests/modules/kills_on_load.c tests/modules/dummy.h
tests_modules_kills_on_load_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_load_fails_la_SOURCES = tests/modules/load_fails.c tests/modules/dummy.h
tests_modules_load_fails_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_misbehave_la_SOURCES = tests/modules/misbehave.c tests/modules/dummy.h
tests_modules_misbehave_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_missing_member_la_SOURCES = tests/modules/missing_member.c tests/modules/dummy.h
tests_modules_missing_member_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_newer_only_la_SOURCES = tests/modules/newer_only.c tests/modules/dummy.h
tests_modules_newer_only_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere $(AM_LDFLAGS)
tests_modules_no_name_la_SOURCES = tests/modules/no_name.c tests/modules/dummy.h
tests_modules_no_name_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_no_summary_la_SOURCES = tests/modules/no_summary.c tests/modules/dummy.h
tests_modules_no_summary_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_no_symbol_la_SOURCES = tests/modules/no_symbol.c tests/modules/dummy.h
tests_modules_no_symbol_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere $(AM_LDFLAGS)
tests_modules_old_minor_la_SOURCES = tests/modules/old_minor.c tests/modules/dummy.h
tests_modules_old_minor_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_prints_on_load_la_SOURCES = tests/modules/prints_on_load.c tests/modules/dummy.h
tests_modules_prints_on_load_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_same_names_la_SOURCES = tests/modules/same_names.c tests/modules/dummy.h
tests_modules_same_names_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_same_params_la_SOURCES = tests/modules/same_params.c tests/modules/dummy.h
tests_modules_same_params_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_struct_too_small_la_SOURCES = tests/modules/struct_too_small.c tests/modules/dummy.h
tests_modules_struct_too_small_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_thread_on_load_la_SOURCES = tests/modules/thread_on_load.c tests/modules/dummy.h
tests_modules_thread_on_load_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_not_offered_la_SOURCES = tests/modules/not_offered.c tests/modules/dummy.h
tests_modules_not_offered_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_two_kinds_la_SOURCES = tests/modules/two_kinds.c tests/modules/dummy.h
tests_modules_two_kinds_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_undefined_symbol_la_SOURCES = tests/modules/undefined_symbol.c tests/modules/dummy.h
# neither -z defs, which finds it when it is linked, nor -z now: dlopen has to be asked for that
tests_modules_undefined_symbol_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere $(AM_LDFLAGS)
tests_modules_unknown_param_type_la_SOURCES = tests/modules/unknown_param_type.c tests/modules/dummy.h
tests_modules_unknown_param_type_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_unknown_stage_la_SOURCES = tests/modules/unknown_stage.c tests/modules/dummy.h
tests_modules_unknown_stage_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_wild_pointer_la_SOURCES = tests/modules/wild_pointer.c tests/modules/dummy.h
tests_modules_wild_pointer_la_LDFLAGS = $(DUMMY_LDFLAGS)
tests_modules_writes_on_load_la_SOURCES = tests/modules/writes_on_load.c tests/modules/dummy.h
tests_modules_writes_on_load_la_LDFLAGS = $(DUMMY_LDFLAGS)

# scripts about modules
module_scripts = \
	tests/cli/plugins_bad.sh \
	tests/cli/plugins_embed.sh \
	tests/cli/plugins_headers.sh \
	tests/cli/plugins_out_of_tree.sh \
	tests/cli/plugins_symbols.sh \
	$(NULL)
TESTS += $(module_scripts)
EXTRA_DIST += $(module_scripts)
