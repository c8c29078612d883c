# SPDX-License-Identifier: BSD-3-Clause
# Comparisons with the Python package qonnx in a virtual environment; each skips, with the reason, where that is not there.

check_PROGRAMS += tests/oracle/qx_oracle
tests_oracle_qx_oracle_SOURCES = tests/oracle/qx_oracle.c
tests_oracle_qx_oracle_LDADD = libqonnxc.la

check_PROGRAMS += tests/oracle/qx_cases
tests_oracle_qx_cases_SOURCES = tests/oracle/qx_cases.c
tests_oracle_qx_cases_CFLAGS = $(AM_CFLAGS) $(PROTOBUF_C_CFLAGS)
tests_oracle_qx_cases_LDADD = qonnx/libqonnx-all.la

oracle_tests = \
	tests/oracle/cleanup.sh \
	tests/oracle/cost.sh \
	tests/oracle/onnx_cases.sh \
	tests/oracle/run.sh \
	tests/oracle/passes.sh \
	tests/oracle/quantize.sh \
	$(NULL)
TESTS += $(oracle_tests)
EXTRA_DIST += \
	$(oracle_tests) \
	tests/oracle/compare_costs.py \
	tests/oracle/compare_models.py \
	tests/oracle/compare_runs.py \
	tests/oracle/compare_passes.py \
	tests/oracle/compare_quantized.py \
	tests/oracle/exported_models.py \
	tests/oracle/model_maps.py \
	tests/oracle/random_models.py \
	tests/oracle/venv.sh \
	$(NULL)

distclean-local:
	rm -rf tests/oracle/venv tests/oracle/venv.new tests/oracle/venv.log tests/oracle/venv.lock
