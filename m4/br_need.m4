# SPDX-License-Identifier: BSD-3-Clause
# Required packages: every one that is missing is collected, and configure fails once, naming
# the Debian packages to install.

AC_DEFUN([BR_NEED_INIT], [br_missing=])

# BR_NEED_PKG(VARIABLE-PREFIX, MODULE, DEBIAN-PACKAGE)
AC_DEFUN([BR_NEED_PKG],
  [PKG_CHECK_MODULES([$1], [$2], [], [br_missing="$br_missing $3"])])

# BR_NEED_HEADER_LIB(HEADER, LIBRARY, FUNCTION, VARIABLE, DEBIAN-PACKAGE)
AC_DEFUN([BR_NEED_HEADER_LIB],
  [br_found=yes
   AC_CHECK_HEADER([$1], [], [br_found=no])
   AC_CHECK_LIB([$2], [$3], [$4=-l$2], [br_found=no])
   AC_SUBST([$4])
   AS_IF([test $br_found = no], [br_missing="$br_missing $5"])])

# BR_NEED_PROG(VARIABLE, PROGRAM, DEBIAN-PACKAGE)
AC_DEFUN([BR_NEED_PROG],
  [AC_PATH_PROG([$1], [$2], [])
   AS_IF([test -z "$$1"], [br_missing="$br_missing $3"])])

AC_DEFUN([BR_NEED_FINISH],
  [AS_IF([test -n "$br_missing"],
     [AC_MSG_ERROR([missing packages; on Debian: apt-get install$br_missing])])])
