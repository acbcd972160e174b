# What stands in for Azure while a chain of pipelines runs: container groups, computes, endpoints, runs and models of
# Azure ML, images. Read by the stand-ins for `az`, `docker`, `curl`, `helm` and `kubectl`; state lies in $FAKE/cloud.
# What the scripts do not do today is answered with an error.
cloud=$FAKE/cloud
mkdir -p "$cloud"
# shellcheck disable=SC2154  # the stand-in sets it
call="$program $*"

# value FLAG: the argument behind it.
value() {
  local wanted=$1 seen="" word
  for word in "${arguments[@]}"; do
    if [ "$seen" = yes ]; then
      printf '%s\n' "$word"
      return
    fi
    if [ "$word" = "$wanted" ]; then seen=yes; fi
  done
  refuse 2 "the following argument is required: $wanted"
}
refuse() { # refuse CODE MESSAGE
  echo "ERROR: $2" >&2
  exit "$1"
}
there() { [ -e "$cloud/$1" ] || refuse 3 "(ResourceNotFound) $1 was not found."; }
agreed() { [[ " $call " == *" --yes "* ]] || refuse 1 "Unable to prompt for confirmation as no tty available. Use --yes."; }
name_in() { jq --raw-output --exit-status .name "$1" || refuse 1 "no name in $1"; }
make() { # make KIND NAME TEXT
  mkdir -p "$cloud/$1"
  printf '%s\n' "$3" >"$cloud/$1/$2"
}
arguments=("$@")

case "$call" in
  "az extension add "* | "az configure "* | "az acr login "* | "az aks get-credentials "*) ;;

  "az ml compute show "*) there "compute/$(value --name)" && cat "$cloud/compute/$(value --name)" ;;
  "az ml compute create "*)
    file=$(value --file)
    [ -f "$file" ] || refuse 1 "No such file or directory: $file"
    make compute "$(name_in "$file")" "Succeeded $(jq --raw-output .size "$file")"
    ;;
  "az ml compute update "*) there "compute/$(value --name)" ;;
  "az ml compute delete "*) agreed && there "compute/$(value --name)" && rm "$cloud/compute/$(value --name)" ;;

  "az ml batch-endpoint show "*) there "endpoint/$(value --name)" ;;
  "az ml batch-endpoint create "*) make endpoint "$(name_in "$(value --file)")" endpoint ;;
  "az ml batch-endpoint update "*) there "endpoint/$(value --name)" ;;
  "az ml batch-endpoint invoke "*)
    there "endpoint/$(value --name)"
    cp "$(value --file)" "$cloud/inputs.json"
    make run run-batch Completed
    echo run-batch
    ;;
  "az ml batch-deployment show "*--query\ component*) echo "azureml:component:1" ;;
  "az ml batch-deployment show "*) there "deployment/$(value --name)" && echo Succeeded ;;
  "az ml batch-deployment create "*) make deployment "$(name_in "$(value --file)")" deployment ;;
  "az ml batch-deployment update "*) there "deployment/$(name_in "$(value --file)")" ;;

  "az ml job create "*)
    [ -f "$(value --file)" ] || refuse 1 "No such file or directory: $(value --file)"
    make run run-1 Running
    echo run-1
    ;;
  "az ml job update "*) there "run/$(value --name)" ;;
  "az ml job show "*--query\ id*) echo "azureml:/subscriptions/s/resourceGroups/rg/runs/$(value --name)" ;;
  "az ml job show "*--query\ status*) there "run/$(value --name)" && cat "$cloud/run/$(value --name)" ;;
  "az ml job download "*)
    there "run/$(value --name)"
    folder=$(value --download-path)/named-outputs
    mkdir -p "$folder"
    cp "$FAKE/verdict" "$folder/decision"
    ;;
  "az ml model list "*) ls "$cloud/model" 2>/dev/null | tail -n 1 ;;
  "az ml model create "*)
    make model 7 "$(value --path)"
    echo 7
    ;;
  "az ml model download "*)
    there "model/$(value --version)"
    mkdir -p "$(value --download-path)/$(value --name)"
    echo weights >"$(value --download-path)/$(value --name)/MLmodel"
    ;;

  "az container show "*--query\ *currentState*) there "group/$(value --name)" && echo Running ;;
  "az container show "*--query\ ipAddress.ip*) there "group/$(value --name)" && echo 10.0.0.9 ;;
  "az container show "*) there "group/$(value --name)" && cat "$cloud/group/$(value --name)" ;;
  "az container create "*)
    file=$(value --file)
    [ ! -e "$cloud/group/$(name_in "$file")" ] || refuse 1 "(InvalidRequest) the group is there and cannot be changed so"
    image=$(jq --raw-output '.properties.containers[0].properties.image' "$file")
    [ -e "$cloud/image/${image//\//_}" ] || refuse 1 "(InaccessibleImage) $image"
    make group "$(name_in "$file")" "$(jq '. + {ipAddress: {ip: "10.0.0.9"}}' "$file")"
    ;;
  "az container delete "*) agreed && there "group/$(value --name)" && rm "$cloud/group/$(value --name)" ;;
  "az network private-dns record-set a show "*) there record && cat "$cloud/record" ;;
  "az network private-dns record-set a add-record "*) value --ipv4-address >"$cloud/record" ;;
  "az network private-dns record-set a remove-record "*) rm "$cloud/record" ;;

  "docker build "*)
    file=$(value --file)
    [ -f "$file" ] || refuse 1 "failed to read dockerfile: $file"
    [ -f Build_model/model/MLmodel ] || refuse 1 "COPY failed: Build_model/model is not there"
    value --tag >"$cloud/built"
    ;;
  "docker push "*)
    [ "$(<"$cloud/built")" = "$2" ] || refuse 1 "An image does not exist locally with the tag: $2"
    make image "${2//\//_}" image
    ;;
  "docker inspect "*) echo "${*: -1}@sha256:0" | sed 's/:[^:@]*@/@/' ;;

  "curl "*) cat >/dev/null ;;
  "helm upgrade "*)
    [ -f "$4/Chart.yaml" ] || refuse 1 "path \"$4\" not found"
    [ -f "$(value --values)" ] || refuse 1 "open $(value --values): no such file or directory"
    make release "$3" "$(value --set-string)"
    ;;
  "kubelogin "*) ;;
  "kubectl get service "*) echo 10.0.0.10 ;;
  "sleep "*) ;;
  *) refuse 97 "unexpected call: $call" ;;
esac
