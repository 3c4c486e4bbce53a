#!/bin/sh
# Makes the Python environment of the tests' model server, and does nothing when it is up to date.
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
printf 'Installing the test model server into %s\n' "$directory" >&2
if ! python3 -m venv "$directory" ||
  ! "$directory/bin/python" -m pip install --quiet --disable-pip-version-check \
    --requirement "$requirements"; then
  printf '%s\n' "The test model server could not be installed, for the reason above." >&2
  exit 2
fi
cp "$requirements" "$directory/installed.txt"
