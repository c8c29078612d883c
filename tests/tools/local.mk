# SPDX-License-Identifier: BSD-3-Clause
# Checks of the tree itself, and the targets of maintainers: check-valgrind, coverage, format-check, format.

tools_scripts = \
	tests/tools/backend_example.sh \
	tests/tools/include-rules.sh \
	tests/tools/manual.sh \
	$(NULL)
TESTS += $(tools_scripts)
EXTRA_DIST += \
	$(tools_scripts) \
	tests/tools/include-rules.awk \
	tests/tools/installed.sh \
	$(NULL)

format_files = cd $(top_srcdir) && find bench common core examples include plugins qonnx tests \
	\( -name '*.[ch]' -o -name '*.cc' \) ! -name '*.pb-c.[ch]'

.PHONY: format format-check check-valgrind coverage

format-check:
	@test -n '$(CLANG_FORMAT)' || { echo 'format-check: needs clang-format (package clang-format)'; exit 1; }
	@$(format_files) -print | sort | xargs $(CLANG_FORMAT) --dry-run --Werror

format:
	@test -n '$(CLANG_FORMAT)' || { echo 'format: needs clang-format (package clang-format)'; exit 1; }
	@$(format_files) -print | sort | xargs $(CLANG_FORMAT) -i

# The same suite: unit tests run under valgrind whole, scripts run the program under it (BR_VALGRIND, tests/cli/lib.sh).
# Modules stay loaded, so that reports name their functions.
VALGRIND_COMMAND = $(VALGRIND) -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect

check-valgrind:
	@test -n '$(VALGRIND)' || { echo 'check-valgrind: needs valgrind (package valgrind)'; exit 1; }
	$(MAKE) check LOG_COMPILER='$(abs_top_builddir)/libtool --silent --mode=execute $(VALGRIND_COMMAND)' \
		EXTRA_TESTS_ENVIRONMENT='CK_FORK=no; export CK_FORK; BUILDRUNNER_KEEP_MODULES=1; export BUILDRUNNER_KEEP_MODULES; \
		BR_VALGRIND="$(VALGRIND_COMMAND)"; export BR_VALGRIND;'

# At least 85 lines in 100 of the host, and of the model library, each by itself.
COVERAGE_MINIMUM = 85
coverage_run = $(GCOVR) --root "$$(cd '$(abs_top_srcdir)' && pwd -P)" --object-directory $(abs_top_builddir) --exclude '.*\.pb-c\.[ch]' \
	--fail-under-line $(COVERAGE_MINIMUM)

coverage:
if COVERAGE
	@test -n '$(GCOVR)' || { echo 'coverage: needs gcovr (package gcovr)'; exit 1; }
	find . -name '*.gcda' -exec rm -f {} +
	$(MAKE) check
	$(coverage_run) --filter "$$(cd '$(abs_top_srcdir)' && pwd -P)/core/"
	$(coverage_run) --filter "$$(cd '$(abs_top_srcdir)' && pwd -P)/qonnx/"
else
	@echo 'coverage: this tree was configured without --enable-coverage'; exit 1
endif

# The program that was installed, with its own worker and modules; their paths are built in, so that DESTDIR is no place to try.
installcheck-local:
	test -n '$(DESTDIR)' || \
		{ $(AM_TESTS_ENVIRONMENT) BR_PROGRAM='$(bindir)/buildrunner' $(SHELL) $(srcdir)/tests/tools/installed.sh; }
