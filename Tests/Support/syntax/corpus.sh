#!/bin/sh
# Collects real files of many languages for agreement.py, from Debian and Python packages.
#
# usage: corpus.sh DIRECTORY
#
# Unpacks into DIRECTORY and installs nothing; a directory that is complete is left as it is. The
# packages come from the system's own package sources. One that cannot be had is named and left
# out: the measurement says how many files there were.
set -eu

directory=$1
python=${PYTHON:-python3}

# Chosen for their languages, and small.
sources="ack bash-completion byobu cockpit composer dbus-sharp dokuwiki elixir-lang fmtlib
  gnustep-base golang-github-containers-buildah golang-github-spf13-cobra golang-golang-x-tools
  haskell-aeson haskell-hledger jline3 kotlinx-atomicfu kotlinx-coroutines leveldb
  libcommons-lang3-java libmojolicious-perl lua5.4 luarocks lwt menhir newtonsoft-json node-babel7 node-express
  ocaml-re php-monolog php-twig prometheus protobuf r-cran-dplyr r-cran-ggplot2 rust-clap scala
  zlib"
packages="bash-completion cacti cmake-data devscripts dokuwiki jekyll libjs-bootstrap4
  librust-clap-dev librust-regex-dev librust-serde-dev librust-syn-dev librust-tokio-dev lua-penlight
  node-typescript perl-modules-5.36 postgresql-15-partman postgresql-15-pglogical
  postgresql-15-pgtap roundcube-core ruby-activesupport ruby-rack ruby-sinatra"
# Its standard library is in it as source.
wheels="ziglang"

[ ! -e "$directory/complete" ] || exit 0
mkdir -p "$directory/tree" "$directory/apt/lists/partial" "$directory/apt/cache/archives/partial"
directory=$(cd "$directory" && pwd)

# Three times, because a connection can fail.
repeatedly() {
  "$@" >/dev/null 2>&1 || "$@" >/dev/null 2>&1 || "$@" >/dev/null 2>&1
}

# The system's own sources again, for source packages; its lists are left alone.
for list in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
  [ ! -r "$list" ] || case $list in
    *.sources) sed 's/^Types:.*/Types: deb-src/' "$list" >"$directory/apt/source.sources" ;;
    *) sed -n 's/^deb /deb-src /p' "$list" >"$directory/apt/source.list" ;;
  esac
done
apt_sources() {
  apt-get -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$directory/apt" \
    -o Dir::State::lists="$directory/apt/lists" -o Dir::Cache="$directory/apt/cache" "$@"
}

cd "$directory"
apt_sources update
for name in $sources; do
  mkdir -p "files/$name" "tree/$name"
  # Of a package that is there in part the part will do.
  cd "files/$name"
  repeatedly apt_sources source --download-only "$name" || true
  cd "$directory"
  for archive in "files/$name"/*.tar.*; do
    case $archive in
      *.asc) ;;
      *'*'*) echo "corpus.sh: the source package $name cannot be had" >&2 ;;
      *) tar -xf "$archive" -C "tree/$name" ;;
    esac
  done
done
for name in $packages; do
  mkdir -p "files/deb-$name"
  cd "files/deb-$name"
  repeatedly apt-get -qq download "$name" || true
  cd "$directory"
  if [ -n "$(ls "files/deb-$name")" ]; then
    dpkg -x "files/deb-$name"/*.deb "tree/deb-$name"
  else
    echo "corpus.sh: the package $name cannot be had" >&2
  fi
done
for name in $wheels; do
  if "$python" -m pip download --quiet --disable-pip-version-check --no-deps \
    --dest "files/wheel-$name" "$name"; then
    "$python" -m zipfile -e "files/wheel-$name"/*.whl "tree/wheel-$name"
  else
    echo "corpus.sh: the Python package $name cannot be had" >&2
  fi
done
rm -rf files apt
touch complete
