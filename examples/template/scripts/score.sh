#!/usr/bin/env bash
# Sends the test request; an answer that is no quality from 0 to 10 fails the run.
set -euo pipefail

answer=$(curl --fail --silent --show-error --retry 10 --retry-all-errors --retry-delay 6 --max-time 30 \
  --header "Content-Type: application/json" --header @- --data @.azureml/test.json "$URL/score" \
  <<<"Authorization: Bearer $SERVICE_KEY")
echo "answer: $answer"
jq --exit-status '.quality | type == "array" and length == 2 and all(. >= 0 and . <= 10)' <<<"$answer" >/dev/null \
  || { echo "##vso[task.logissue type=error]abnormal answer"; exit 1; }
