#!/bin/sh
# Makes sure that what a make target needs is there, and installs with apt-get what is missing.
#
# usage: prerequisites.sh lint|build|demo|test|syntax
#
# Looks for the thing itself (a header, a command), not for a package, so nothing is installed over
# what another package gives already. Says nothing when nothing is missing. When something cannot
# be had it says so in one sentence and ends with exit code 2.
set -eu

wanted_swift=6.2

refuse() {
  printf '%s\n' "$1" >&2
  exit 2
}

has_command() {
  command -v "$1" >/dev/null 2>&1
}

# True if a C or C++ header is in one of the places where the compiler looks; `*` may stand for a
# directory.
has_header() {
  for place in /usr/include /usr/include/*-linux-gnu* /usr/local/include; do
    # Unquoted on purpose: the header's name may be a pattern.
    for header in $place/$1; do
      [ ! -e "$header" ] || return 0
    done
  done
  return 1
}

has_terminal_description() {
  for place in /etc/terminfo /lib/terminfo /usr/share/terminfo; do
    [ ! -e "$place/$(printf '%.1s' "$1")/$1" ] || return 0
  done
  return 1
}

# Succeeds when what the Debian package of that name brings is there.
is_there() {
  case $1 in
    g++) has_header 'c++/*/vector' ;;
    libncurses-dev) has_header ncurses.h ;;
    libgit2-dev) has_header git2.h ;;
    libcurl4-openssl-dev) has_header curl/curl.h ;;
    libssl-dev) has_header openssl/evp.h ;;
    libvterm-dev) has_header vterm.h ;;
    ncurses-term) has_terminal_description xterm-direct2 ;;
    ca-certificates) [ -e /etc/ssl/certs/ca-certificates.crt ] ;;
    python3-venv) has_command python3 && python3 -c 'import ensurepip, venv' 2>/dev/null ;;
    bubblewrap) has_command bwrap ;;
    openssh-client) has_command ssh-keygen ;;
    gnupg) has_command gpg && has_command gpgconf ;;
    procps) has_command ps ;;
    universal-ctags) has_command ctags ;;
    git | python3 | tmux | strace) has_command "$1" ;;
    *) refuse "prerequisites.sh does not know how to look for $1" ;;
  esac
}

# Prints those of the named packages whose content is not there.
missing_of() {
  for package in "$@"; do
    is_there "$package" || printf '%s ' "$package"
  done
}

require_swift() {
  has_command swift ||
    refuse "Countersign needs Swift $wanted_swift or later, and there is no swift on the PATH."
  found=$(swift --version 2>/dev/null |
    sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
  [ -n "$found" ] ||
    refuse "Countersign needs Swift $wanted_swift or later, and the one on the PATH does not run."
  lower=$(printf '%s\n%s\n' "$wanted_swift" "$found" | sort -V | head -n 1)
  [ "$lower" = "$wanted_swift" ] ||
    refuse "Countersign needs Swift $wanted_swift or later, and the one on the PATH is $found."
}

require_terminal() {
  if ! [ -t 1 ] || ! (: </dev/tty) 2>/dev/null; then
    refuse "The demo is a full-screen program and needs a terminal: run make demo in one."
  fi
}

# Runs apt-get as root without asking anything. sudo may ask for a password, but only of a person.
apt() {
  set -- env DEBIAN_FRONTEND=noninteractive \
    apt-get --quiet=2 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
  if [ "$(id -u)" = 0 ]; then
    "$@" </dev/null
  elif [ -t 0 ]; then
    sudo "$@"
  else
    sudo -n "$@" </dev/null
  fi
}

require_packages() {
  missing=$(missing_of "$@")
  missing=${missing% }
  [ -n "$missing" ] || return 0
  has_command apt-get ||
    refuse "Countersign needs what Debian calls $missing, and there is no apt-get to install it."
  [ "$(id -u)" = 0 ] || has_command sudo ||
    refuse "Countersign needs root or sudo once, to run: apt-get install $missing."
  [ "$(id -u)" = 0 ] || [ -t 0 ] || sudo -n true 2>/dev/null ||
    refuse "Countersign needs a password for sudo once, to run: apt-get install $missing."

  printf 'Installing %s\n' "$missing" >&2
  # The package lists may be absent or old: only then are they fetched, once.
  # shellcheck disable=SC2086 # a list of package names, one word each
  if ! apt install --yes --no-install-recommends $missing >/dev/null 2>&1; then
    if ! apt update >&2 || ! apt install --yes --no-install-recommends $missing >&2; then
      refuse "apt-get could not install $missing, for the reason above."
    fi
  fi
  # shellcheck disable=SC2086
  missing=$(missing_of $missing)
  [ -z "$missing" ] ||
    refuse "apt-get installed ${missing% }, but what it should bring is still not there."
}

# g++ for the C++ headers of the TOML parser, ca-certificates for fetching the Swift packages.
build_packages="git ca-certificates g++ libncurses-dev libgit2-dev libcurl4-openssl-dev libssl-dev"
test_packages="libvterm-dev tmux strace bubblewrap openssh-client gnupg procps python3 python3-venv ncurses-term universal-ctags"

require_swift
# The lists below are unquoted on purpose: package names, one word each.
# shellcheck disable=SC2086
case ${1-} in
  lint) require_packages git python3 ;;
  build) require_packages $build_packages ;;
  demo) require_terminal && require_packages $build_packages ;;
  test) require_packages $build_packages $test_packages ;;
  syntax) require_packages ca-certificates git python3 python3-venv ;;
  *) refuse "usage: prerequisites.sh lint|build|demo|test|syntax" ;;
esac
