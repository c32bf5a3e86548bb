#!/bin/sh
# A first corpus for the fuzz target `extract`: the test pages, each behind the byte that chooses its content type.
set -eu
cd "$(dirname "$0")"
mkdir -p corpus/extract
for page in ../pages/*/source.html; do
    name=$(basename "$(dirname "$page")")
    { printf '\0'; cat "$page"; } > "corpus/extract/$name"
done
ls corpus/extract | wc -l
