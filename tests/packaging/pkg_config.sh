#!/bin/bash
# usage: pkg_config.sh pkg_config|with_apache COMPILER SOURCE FOLDER LIBDIR
# Builds SOURCE by what pkg-config says of the thriftpp in LIBDIR, and runs it.
set -euo pipefail
name=$1 compiler=$2 source=$3 folder=$4 libdir=$5
export PKG_CONFIG_PATH=$libdir/pkgconfig LD_LIBRARY_PATH=$libdir

modules=(thriftpp)
define=()
if [[ $name == with_apache ]]; then
  if ! pkg-config --exists thrift; then
    echo "skipped: packaging.with_apache (no libthrift-dev)"
    exit 0
  fi
  modules+=(thrift)
  define=(-DWITH_APACHE)
fi
# pkg-config quotes for the shell, as in a Makefile
eval "flags=($(pkg-config --cflags --libs "${modules[@]}"))"
set -x
"$compiler" -std=c++20 "${define[@]}" "$source" -o "$folder/$name.out" "${flags[@]}"
"$folder/$name.out"
