# SPDX-License-Identifier: BSD-3-Clause

if HAVE_CHECK

metrics_tests = \
	tests/unit/test_metrics_collect \
	tests/unit/test_metrics_damage \
	tests/unit/test_metrics_device \
	$(NULL)
check_PROGRAMS += $(metrics_tests)
TESTS += $(metrics_tests)

metrics_rig_sources = \
	tests/unit/metrics_rig.c \
	tests/unit/metrics_rig.h \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	$(NULL)

tests_unit_test_metrics_collect_SOURCES = tests/unit/test_metrics_collect.c $(metrics_rig_sources)
tests_unit_test_metrics_collect_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_metrics_collect_LDADD = core/libcore.la $(CHECK_LIBS) $(JSON_LIBS)

tests_unit_test_metrics_damage_SOURCES = tests/unit/test_metrics_damage.c $(metrics_rig_sources)
tests_unit_test_metrics_damage_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_metrics_damage_LDADD = core/libcore.la $(CHECK_LIBS) $(JSON_LIBS)

tests_unit_test_metrics_device_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_metrics_device_LDADD = core/libcore.la $(CHECK_LIBS)

endif

# reports in the form of FINN's and Vivado's, composed for the tests
EXTRA_DIST += \
	tests/reports/alveo/vivado_reports/hw_region_utilization_routed.rpt \
	tests/reports/alveo/vivado_reports/hw_utilization_synth.rpt \
	tests/reports/alveo/vivado_reports/impl_1/hw_bb_locked_timing_summary_routed.rpt \
	tests/reports/alveo/vivado_reports/impl_1/hw_bb_locked_utilization_routed.rpt \
	tests/reports/alveo/vivado_reports/impl_1/hw_drc_routed.rpt \
	tests/reports/alveo/vivado_reports/impl_1/hw_power_routed.rpt \
	tests/reports/older/report/estimate_layer_resources_hls.json \
	tests/reports/older/report/rtlsim_performance.json \
	tests/reports/older/time_per_step.json \
	tests/reports/plus/report/estimate_layer_resources_hls.json \
	tests/reports/plus/report/fifo_sizing.json \
	tests/reports/plus/report/ooc_synth_and_timing_pnr.json \
	tests/reports/plus/report/power_estimate_summary.json \
	tests/reports/plus/report/rtlsim_performance.json \
	tests/reports/plus/report/time_per_step.json \
	tests/reports/stitched/stitched_ip/finn_design_partition_util.rpt \
	tests/reports/zynq/report/estimate_layer_config_alternatives.json \
	tests/reports/zynq/report/estimate_layer_cycles.json \
	tests/reports/zynq/report/estimate_layer_resources.json \
	tests/reports/zynq/report/estimate_layer_resources_hls.json \
	tests/reports/zynq/report/estimate_network_performance.json \
	tests/reports/zynq/report/ooc_synth_and_timing.json \
	tests/reports/zynq/report/op_and_param_counts.json \
	tests/reports/zynq/report/post_route_timing.rpt \
	tests/reports/zynq/report/post_synth_resources.json \
	tests/reports/zynq/report/post_synth_resources.xml \
	tests/reports/zynq/report/rtlsim_performance.json \
	tests/reports/zynq/time_per_step.json \
	$(NULL)
