# SPDX-License-Identifier: BSD-3-Clause
# Fuzzers, of clang's libFuzzer (packages clang, libclang-rt-14-dev). "make fuzz" builds them; "make fuzz-run" runs each for FUZZ_SECONDS,
# one after the other: it goes on after what it finds, which is then in fuzz/found, and fails at the end. "make fuzz-run
# FUZZ_TARGETS=fuzz/qx_load" runs one. What is in fuzz/TARGET.corpus is where the next run begins.

FUZZ_CC = clang
FUZZ_CFLAGS = -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined
FUZZ_SECONDS = 1800
FUZZ_OPTIONS = -timeout=10 -rss_limit_mb=2048 -max_len=20000
FUZZ_TARGETS = fuzz/config fuzz/diagnose fuzz/qx_cleanup fuzz/qx_load fuzz/qx_run fuzz/qx_steps

EXTRA_DIST += \
	tests/fuzz/config.c \
	tests/fuzz/diagnose.c \
	tests/fuzz/qx_cleanup.c \
	tests/fuzz/qx_load.c \
	tests/fuzz/qx_run.c \
	tests/fuzz/qx_steps.c \
	tests/fuzz/run.sh \
	tests/fuzz/seeds.sh \
	$(NULL)

fuzz_compile = $(FUZZ_CC) $(FUZZ_CFLAGS) $(DEFS) $(DEFAULT_INCLUDES) $(AM_CPPFLAGS) $(CPPFLAGS) $(JSON_CFLAGS) $(NETTLE_CFLAGS) \
	$(PROTOBUF_C_CFLAGS) $(PCRE2_CFLAGS) $(ZLIB_CFLAGS)

.PHONY: fuzz fuzz-run clean-fuzz
fuzz: $(BUILT_SOURCES)
	@$(MAKE) $(AM_MAKEFLAGS) -s $(FUZZ_TARGETS)

# what is fuzzed is watched too, so that inputs that reach new lines are kept; it depends on our own libraries for their lists of sources
fuzz/library.a: common/libcommon.la qonnx/libqonnx-all.la core/libcore.la
	$(AM_V_GEN)rm -rf fuzz/objects $@ && $(MKDIR_P) fuzz/objects
	$(AM_V_at)for source in $(srcdir)/common/*.c $(srcdir)/core/data/*.c $(srcdir)/core/diagnose/*.c \
			core/diagnose/rules_text.c $(srcdir)/qonnx/*.c qonnx/onnx.pb-c.c; do \
		echo "$$source fuzz/objects/$$(basename "$$(dirname "$$source")").$$(basename "$$source" .c).o"; done \
		| sort -u -k 2 | xargs -n 2 -P 2 $(SHELL) -c '$(fuzz_compile) -fsanitize=fuzzer-no-link -c -o "$$1" "$$0"'
	$(AM_V_at)$(AR) cr $@ fuzz/objects/*.o

fuzz/config fuzz/diagnose fuzz/qx_cleanup fuzz/qx_load fuzz/qx_run fuzz/qx_steps: fuzz/library.a \
		$(srcdir)/tests/fuzz/config.c $(srcdir)/tests/fuzz/diagnose.c $(srcdir)/tests/fuzz/qx_cleanup.c $(srcdir)/tests/fuzz/qx_load.c $(srcdir)/tests/fuzz/qx_run.c \
		$(srcdir)/tests/fuzz/qx_steps.c
	$(AM_V_GEN)$(fuzz_compile) -fsanitize=fuzzer -o $@ $(srcdir)/tests/$@.c fuzz/library.a \
		$(PROTOBUF_C_LIBS) $(JSON_LIBS) $(NETTLE_LIBS) $(PCRE2_LIBS) $(ZLIB_LIBS) -lm

fuzz-run: fuzz
	@$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/fuzz/run.sh $(FUZZ_SECONDS) '$(FUZZ_OPTIONS)' $(FUZZ_TARGETS)

clean-local: clean-fuzz
clean-fuzz:
	rm -rf fuzz
