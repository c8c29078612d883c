# SPDX-License-Identifier: BSD-3-Clause
# Compiler options: warnings, sanitizers, coverage.

AC_DEFUN([BR_ARG_WERROR],
  [AC_ARG_ENABLE([werror],
     [AS_HELP_STRING([--enable-werror], [turn warnings into errors (for maintainers)])],
     [], [enable_werror=no])
   WARN_CFLAGS="-Wall -Wextra -Wshadow -Wvla -Wstrict-prototypes"
   AS_IF([test "x$enable_werror" = xyes], [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
   AC_SUBST([WARN_CFLAGS])])

# clang leaves the sanitizer run time to the program, so that -z defs cannot link a module there
AC_DEFUN([BR_ARG_SANITIZERS],
  [AC_ARG_ENABLE([sanitizers],
     [AS_HELP_STRING([--enable-sanitizers], [build with AddressSanitizer and UndefinedBehaviorSanitizer])],
     [], [enable_sanitizers=no])
   MODULE_DEFS="-Wl,-z,defs"
   AS_IF([test "x$enable_sanitizers" = xyes],
     [SAN_CFLAGS="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer"
      AC_DEFINE([BR_SANITIZERS], [1], [Define when built with sanitizers: modules stay loaded, so that leak reports name them.])
      AC_MSG_CHECKING([whether the compiler is clang])
      AC_COMPILE_IFELSE([AC_LANG_SOURCE([[#ifndef __clang__
#error not clang
#endif]])], [MODULE_DEFS=; AC_MSG_RESULT([yes])], [AC_MSG_RESULT([no])])])
   AM_CONDITIONAL([SANITIZERS], [test "x$enable_sanitizers" = xyes])
   AC_SUBST([SAN_CFLAGS])
   AC_SUBST([MODULE_DEFS])])

AC_DEFUN([BR_ARG_COVERAGE],
  [AC_ARG_ENABLE([coverage],
     [AS_HELP_STRING([--enable-coverage], [build for line coverage with gcov])],
     [], [enable_coverage=no])
   AS_IF([test "x$enable_coverage" = xyes], [COV_CFLAGS="--coverage -O0"; COV_LDFLAGS="--coverage"])
   AM_CONDITIONAL([COVERAGE], [test "x$enable_coverage" = xyes])
   AC_SUBST([COV_CFLAGS])
   AC_SUBST([COV_LDFLAGS])])
