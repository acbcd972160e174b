# A stand-in for the endpoints of Azure ML: keeps them in $FAKE, and refuses what Azure ML refuses.
kind=online
case "$*" in "ml batch-"*) kind=batch ;; esac
e="$FAKE/$kind.endpoint.json"
d="$FAKE/$kind.deployments.json"
keep() { cat >"$2.new" && mv "$2.new" "$2"; } # keep IN FILE
refuse() { echo "refused: $1" >&2; exit 1; }
name=$(after --name "$@")
file=$(after --file "$@")
shares() { tr ' ' '\n' <<<"$1" | jq --raw-input --null-input '[inputs | split("=") | {(.[0]): (.[1] | tonumber)}] | add'; }
known() { jq --exit-status --slurpfile all "$d" 'with_entries(select(.value > 0)) | keys - ($all[0] | map(.name)) == []' <<<"$1" >/dev/null || refuse "no such deployment"; }
case "$*" in
  "ml $kind-endpoint show"*)
    [ -e "$e" ] || { echo "(ResourceNotFound)" >&2; exit 3; }
    cat "$e"
    ;;
  "ml $kind-endpoint create"*)
    [ ! -e "$e" ] || refuse "it exists"
    jq '. + {traffic: {}, mirror_traffic: {}, scoring_uri: "https://prices.example.com/score"}' "$file" >"$e"
    echo '[]' >"$d"
    ;;
  "ml $kind-endpoint update"*--file*) jq --slurpfile doc "$file" '. + {traffic: {}, mirror_traffic: {}, defaults: {}} + $doc[0]' "$e" | keep - "$e" ;;
  "ml online-endpoint update"*--mirror-traffic*)
    asked=$(shares "$(after --mirror-traffic "$@")")
    known "$asked"
    jq --argjson asked "$asked" '.mirror_traffic = ($asked | with_entries(select(.value > 0)))' "$e" | keep - "$e"
    ;;
  "ml online-endpoint update"*--traffic*)
    asked=$(shares "$(after --traffic "$@")")
    known "$asked"
    [ "$(jq 'add' <<<"$asked")" = 100 ] || [ "$(jq 'add' <<<"$asked")" = 0 ] || refuse "does not add up"
    jq --argjson asked "$asked" '.traffic = $asked' "$e" | keep - "$e"
    ;;
  "ml batch-endpoint update"*--set*)
    wanted=$(after --set "$@")
    jq --arg wanted "${wanted#*=}" '.defaults.deployment_name = $wanted' "$e" | keep - "$e"
    ;;
  "ml $kind-endpoint delete"*) rm "$e" ;;
  "ml online-endpoint get-credentials"*) echo s3cret ;;
  "ml $kind-deployment list"*) cat "$d" ;;
  "ml $kind-deployment create"*)
    jq --exit-status --slurpfile doc "$file" 'all(.name != $doc[0].name)' "$d" >/dev/null || refuse "it exists"
    jq --arg state "${STATE:-Succeeded}" --slurpfile doc "$file" '. + [$doc[0] + {provisioning_state: $state}]' "$d" | keep - "$d"
    [ "${STATE:-Succeeded}" = Succeeded ] || exit 1
    ;;
  "ml $kind-deployment update"*)
    jq --exit-status --slurpfile doc "$file" 'any(.name == $doc[0].name)' "$d" >/dev/null || refuse "it is not there"
    jq --slurpfile doc "$file" 'map(if .name == $doc[0].name then . + $doc[0] + {provisioning_state: "Succeeded"} else . end)' "$d" | keep - "$d"
    ;;
  "ml $kind-deployment delete"*)
    jq --exit-status --arg name "$name" '(.traffic[$name] // 0) == 0' "$e" >/dev/null || refuse "it has traffic"
    jq --arg name "$name" 'map(select(.name != $name))' "$d" | keep - "$d"
    ;;
  "ml model show"*) echo 4 ;;
  "ml model list"*) echo '[{"version": "2", "tags": {"stage": "production"}}, {"version": "10", "tags": {"stage": "production"}}, {"version": "11", "tags": {}}]' ;;
esac
case "${0##*/} $*" in
  curl*)
    cat >"$FAKE/curl.in"
    right='{"prices": [1, 2.5], "model": {"name": "price", "version": 4}, "note": "it'"'"'s"}'
    printf '%s' "${ANSWER-$right}" >"$(after --output "$@")"
    printf '%s' "${STATUS:-200}"
    ;;
  "kubectl get service"*) echo "${SERVICE_FACT:-}" ;;
  "kubectl port-forward"*) echo "Forwarding from 127.0.0.1:40123 -> 8080" ;;
  "az container show"*) echo 10.0.0.9 ;;
esac
