#!/usr/bin/env bash
# The next training compares itself with the version that carries this tag.
set -euo pipefail

version=$(cat model_version/version.txt)
az extension add --name ml --yes --only-show-errors
az ml model update --resource-group "$RESOURCE_GROUP" --workspace-name "$WORKSPACE" --name "$MODEL" \
  --version "$version" --set tags.stage=production --output none
echo "version $version of $MODEL is in production"
