#!/usr/bin/env bash
# Creates the cluster if it is missing; one that exists is left as it is.
set -euo pipefail

code=0
az aks show --resource-group "$RESOURCE_GROUP" --name "$CLUSTER" --output none || code=$?
if [ "$code" -eq 3 ]; then
  az aks create --resource-group "$RESOURCE_GROUP" --name "$CLUSTER" --node-count 3 --enable-managed-identity \
    --attach-acr acrwine --generate-ssh-keys --output none
elif [ "$code" -ne 0 ]; then
  exit "$code"
fi
