#!/usr/bin/env bash
# Writes down what was built, for whoever looks at the artifact later.
set -euo pipefail

mkdir -p model_metadata
jq --null-input '{build: env.BUILD_ID, author: env.AUTHOR, model: "wine-quality", version: env.MODEL_VERSION}' \
  >model_metadata/model.json
cat model_metadata/model.json
