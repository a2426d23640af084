# Sourced by script/demo and script/test: a virtual environment, and the server programs that are missing.
# It installs Debian packages only when it runs as root; else it says which ones, and goes on without them.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
umask 022

say() { printf '\n\033[1m%s\033[0m\n' "$*" >&2; }

find_python() {
	local candidate
	for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
		[ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
		"$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && { echo "$candidate"; return; }
	done
	say "Python 3.10 or newer is needed, and was not found." >&2
	echo "Install it (Debian: apt-get install python3 python3-venv), or name it: PYTHON=/path/to/python $0" >&2
	return 1
}

# Packages bring servers that Debian would start at once; they stay off, since the tests start their own.
install_packages() {
	local policy=/usr/sbin/policy-rc.d made=
	if [ ! -e "$policy" ]; then
		printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=1
	fi
	apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
	local result=$?
	[ -n "$made" ] && rm -f "$policy"
	return $result
}

has_program() {
	command -v "$1" >/dev/null 2>&1 || ls /usr/sbin/"$1" /usr/lib/postgresql/*/bin/"$1" >/dev/null 2>&1
}

# need PROGRAM=PACKAGE …: install what is missing, or say what to install.
need() {
	local pair missing=()
	for pair in "$@"; do
		has_program "${pair%%=*}" || missing+=("${pair#*=}")
	done
	[ ${#missing[@]} -eq 0 ] && return 0
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
		say "Installing ${missing[*]}"
		install_packages "${missing[@]}" && return 0
	fi
	say "Not installed: ${missing[*]}. What needs them is left out."
	echo "To have it all: sudo apt-get install ${missing[*]}" >&2
}

# make_environment: .venv with the app and its development tools; made again when pyproject.toml changes.
make_environment() {
	local python wanted
	python=$(find_python) || exit 69
	wanted=$("$python" -c 'import hashlib, sys; print(sys.version, hashlib.sha256(open("pyproject.toml", "rb").read()).hexdigest())')
	if [ "$(cat .venv/.made-for 2>/dev/null)" != "$wanted" ]; then
		say "Setting up .venv (once)"
		if ! "$python" -m venv --clear .venv >/dev/null 2>&1; then
			[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && install_packages python3-venv
			"$python" -m venv --clear .venv || { echo "Install python3-venv (Debian: apt-get install python3-venv)." >&2; exit 69; }
		fi
		.venv/bin/python -m pip install -qq --disable-pip-version-check -e '.[dev]' || exit 69
		echo "$wanted" >.venv/.made-for
	fi
	export PATH="$PWD/.venv/bin:$PATH" VIRTUAL_ENV="$PWD/.venv"
	unset PYTHONPATH PYTHONHOME
}
