#!/usr/bin/env bash
set -euo pipefail
az container show --name "$NAME" --resource-groop "$RESOURCE_GROUP"
az ml job create --resource-group "$RESOURCE_GROUP" --workspace-name "$WORKSPACE"
