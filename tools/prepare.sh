#!/bin/sh
# What has to be there before Python packages can do the rest.
#
#   tools/prepare.sh venv    make .venv from a Python ≥ 3.11
#   tools/prepare.sh tests   Chromium, a Chinese typeface, poppler, nginx and PgBouncer, which the tests look with
#
# Installs what is missing where it may (root on Debian or Ubuntu), else names the command in one sentence.
set -eu

install() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing $*"
        export DEBIAN_FRONTEND=noninteractive
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
            { apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
    else
        echo "Please install what is missing and run this again: sudo apt-get install $*" >&2
        exit 1
    fi
}

# Python 3.11 or newer. Of several, one that was built with its profile (distributions build theirs so; what was merely
# compiled from its sources is not) and can make environments: it answers a tenth to a half more requests.
python() {
    if [ -n "${PYTHON:-}" ]; then
        is_python "$PYTHON" any || true
        return
    fi
    for wanted in quick any; do
        for name in python3.13 python3.12 python3.11 python3.14 python3; do
            is_python "$name" $wanted && return
            is_python "/usr/bin/$name" $wanted && return
        done
    done
    return 0
}

is_python() {
    "$1" - "$2" 2>/dev/null <<'END' && echo "$1"
import sys, sysconfig
if sys.argv[1] == "quick":
    import ensurepip, venv
    if sys.base_prefix != "/usr" and "--enable-optimizations" not in (sysconfig.get_config_var("CONFIG_ARGS") or ""):
        sys.exit(1)
sys.exit(sys.version_info < (3, 11))
END
}

venv() {
    [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null && return
    rm -rf .venv
    found=$(python)
    if [ -z "$found" ]; then
        install python3 python3-venv
        found=$(python)
    fi
    if [ -z "$found" ]; then
        echo "Tongban needs Python 3.11 or newer; say where it is with PYTHON=/path/to/python3." >&2
        exit 1
    fi
    "$found" -c 'import ensurepip, venv' 2>/dev/null || install python3-venv
    "$found" -m venv .venv
}

tests() {
    missing=""
    [ -x /usr/bin/chromium ] || missing="$missing chromium"
    command -v pdffonts >/dev/null || missing="$missing poppler-utils"
    PATH="$PATH:/usr/sbin" command -v nginx >/dev/null || missing="$missing nginx-light"
    PATH="$PATH:/usr/sbin" command -v pgbouncer >/dev/null || missing="$missing pgbouncer"
    command -v openssl >/dev/null || missing="$missing openssl"
    fc-list 2>/dev/null | grep -q "Noto Sans CJK" || missing="$missing fontconfig fonts-noto-cjk"
    # shellcheck disable=SC2086  # several names
    [ -z "$missing" ] || install $missing
}

"$1"
