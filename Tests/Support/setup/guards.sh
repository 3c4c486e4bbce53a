#!/bin/bash
# Looks for what must not be in the repository: rules that neither compiler nor formatter knows.
#
# usage: guards.sh (from the root of the repository)
#
# Prints every violation with its file and line; exit code 1 if there is one.
set -euo pipefail
shopt -s inherit_errexit

# Every file that is tracked or would be; a source archive without .git counts as a whole.
files() {
  if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files -z --cached --others --exclude-standard
  else
    find . -type f -not -path './.build/*' -not -path './.venv*' -print0
  fi
}

# lines_with PATTERN [grep option...]: lines of text files that match, as file:line:text.
lines_with() {
  local pattern=$1 status=0
  shift
  files | xargs -0 -r grep -sHInE "$@" -e "$pattern" -- || status=$?
  # xargs says 123 when grep found nothing in one of its runs.
  [ "$status" = 0 ] || [ "$status" = 123 ] || return "$status"
}

# In the patterns a class of one character keeps a pattern from matching its own line.

foundation_imports() {
  lines_with 'impor[t] +([a-z]+ +)?Foundation(Networking|XML|[. ]|$)' |
    sed -nE '/^(\.\/)?Sources\/[^:]*\.swift:[0-9]+: *((@[^ ]+|[a-z]+) +)*import /p'
}

registry_hosts() {
  lines_with 'py[p]i\.org|python[h]osted|npm[j]s\.|yarn[p]kg\.|crate[s]\.io|ruby[g]ems\.org|'`
    `'proxy\.gola[n]g|debia[n]\.org|ghc[r]\.io|qua[y]\.io|docke[r]\.(io|com)|'`
    `'maven\.apach[e]|hugging[f]ace\.co|nuge[t]\.org' -i
}

machine_paths() {
  lines_with '(^|[^a-zA-Z0-9_.~/-])/wor[k]/[a-z]'
}

# Asked of SwiftPM, not of the manifest's text; a target without Swift has no Swift settings.
lenient_targets() {
  local manifest
  manifest=$(swift package dump-package)
  python3 -c '
import json, pathlib, sys

for target in json.load(sys.stdin)["targets"]:
    home = "Tests" if target["type"] == "test" else "Sources"
    directory = pathlib.Path(target.get("path") or home + "/" + target["name"])
    strict = any("treatAllWarnings" in setting["kind"] for setting in target["settings"])
    if not strict and any(directory.rglob("*.swift")):
        print("Package.swift: target", target["name"])
' <<<"$manifest"
}

violations=0

# check FUNCTION RULE: prints the rule and what the function found against it.
check() {
  local found
  found=$("$1")
  [ -n "$found" ] || return 0
  printf '%s:\n%s\n' "$2" "$found" | sed '2,$s/^/  /' >&2
  violations=$((violations + 1))
}

check foundation_imports \
  "Foundation quadruples the binary; import FoundationEssentials, and only at an edge"
check registry_hosts "No file names a package registry; the registry's own client knows it"
check machine_paths "No file names a directory of the machine it was written on"
check lenient_targets "Warnings are errors in every target: .treatAllWarnings(as: .error)"
[ "$violations" = 0 ]
