#!/usr/bin/env bash
set -euo pipefail
state() { az ml compute show --name "$1" --query "[[provisioning_state, size]]" --output tsv; }
az configure --defaults group="$RESOURCE_GROUP" workspace="$WORKSPACE"
options=(--name "$NAME" --resource-group "$RESOURCE_GROUP")
az deployment group create "${options[@]}" --template-file main.bicep --mode Complete --query properties.outputs
az container show --name "$NAME" --query "containers[0].instanceView.currentState.state" --output tsv
az aks create --resource-group "$RESOURCE_GROUP" --name "$NAME" --node-count "$NODES" --no-ssh-key
if [ "$(state cpu)" != ready ]; then
  az ml job create --file job.json --set "tags.run=$(Build.BuildId)"
fi
