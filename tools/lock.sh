#!/bin/sh
# Writes requirements.lock: the exact version of everything that the project, its tests and its
# build need, as pip resolves pyproject.toml today on the given Python.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet "setuptools>=77" "$(pwd)[dev]"
{
    echo "# Made by \`make lock\` with $("$folder/venv/bin/python" --version). Do not edit."
    # Without the local part of a version (2.13.0+cpu): each registry has its own builds.
    "$folder/venv/bin/python" -m pip freeze --all --exclude depthgauge --exclude pip \
        | sed 's/+cpu$//'
} > requirements.lock
