# Sourced by bin/*: makes .venv from the locks, once, with progress; needs Python >= 3.11 with venv, nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONUTF8=1

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
fail() { printf '\n%s\n' "$*" >&2; exit 1; }

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$candidate"; return; fi
  done
  fail "Tỉnh Số needs Python 3.11 or newer with venv. On Debian 12: apt-get install python3 python3-venv"
}

# environment LOCK...: install exactly what the locks say; does nothing when it already stands.
environment() {
  local python want
  [ -d .venv ] || { python=$(find_python); say "Making .venv with $("$python" --version)"; "$python" -m venv .venv; }
  want=$(cat "$@" pyproject.toml | sha256sum | cut -c1-64)
  [ "$(cat .venv/.locked 2>/dev/null || true)" = "$want" ] && return
  say "Installing the libraries named in $* (about a minute the first time)"
  local arguments=() lock
  for lock in "$@"; do arguments+=(-r "$lock"); done
  .venv/bin/python -m pip install --quiet --progress-bar on --require-hashes "${arguments[@]}"
  .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
  printf '%s' "$want" > .venv/.locked
}

# frontend [--dev]: front-end libraries, fonts and translations to build/; does nothing when they already stand.
frontend() { .venv/bin/python -m tinhso.config.frontend "$@"; }
