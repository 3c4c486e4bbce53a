#!/bin/sh
# Runs the tests of the tools; they need nothing but Python.
set -eu
cd "$(dirname "$0")"
exec python3 -m unittest --quiet
