#!/bin/sh
# Makes a Python environment with what a list of requirements asks for, and does nothing when it is
# up to date.
#
# usage: venv.sh DIRECTORY REQUIREMENTS
set -eu

directory=$1
requirements=$2

# The stamp is written last, so an interrupted installation is done again.
if cmp -s "$requirements" "$directory/installed.txt" &&
  "$directory/bin/python" -c '' 2>/dev/null; then
  exit 0
fi

rm -rf "$directory"
printf 'Installing the packages of %s into %s\n' "$requirements" "$directory" >&2
if ! python3 -m venv "$directory" ||
  ! "$directory/bin/python" -m pip install --quiet --disable-pip-version-check \
    --requirement "$requirements"; then
  printf 'The packages of %s could not be installed, for the reason above.\n' "$requirements" >&2
  exit 2
fi
cp "$requirements" "$directory/installed.txt"
