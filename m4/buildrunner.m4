# SPDX-License-Identifier: BSD-3-Clause
# BR_PLUGIN: for packages that build a buildrunner plugin. Sets BUILDRUNNER_CFLAGS and plugindir, the plugin
# directory re-rooted to the package's own libdir, so that `make install` needs no right to write elsewhere.
AC_DEFUN([BR_PLUGIN],
  [PKG_CHECK_MODULES([BUILDRUNNER], [buildrunner])
   plugindir='${libdir}/buildrunner/plugins'
   AC_SUBST([plugindir])])
