#!/usr/bin/env bash
# The release reads which version of the model the image holds.
set -euo pipefail

mkdir -p model_version
printf '%s\n' "$MODEL_VERSION" >model_version/version.txt
