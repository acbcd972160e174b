#!/usr/bin/env bash
# Brings an Azure DevOps project to the state that the files beside this script describe: variable groups,
# environments, checks, pipelines, permissions of pipelines, build validation. What is missing is created, what
# differs is changed, everything else is left. `setup.sh --help` tells the options.
#
# Phases: everything is looked up and all problems are told at once (1), the plan is printed (2), and only then is
# anything written, in order, up to the first refusal (3). Running it again goes on where it stopped.
set -euo pipefail

us=$'\x1f' # separates the fields of a line; JSON never holds it bare

dry_run=false prune=false renew_secrets=false exit_code=false
key_vault='' organization='' project=''
credential='' # lines of curl's configuration; the only place of the token
here=''       # the folder of this script
work=''       # a folder of its own, removed at the end
declare -A made=()        # index of a thing -> id that it got in this run
declare -a secret_values=() # what no output may show

# Sets `here` to the folder of this script, also if it was called through links to it.
find_here() {
  local script=${BASH_SOURCE[0]}
  here=$(CDPATH='' cd -- "$(dirname -- "$script")" && pwd -P)
  while [[ -L $script ]]; do
    script=$(readlink -- "$script")
    [[ $script == /* ]] || script=$here/$script
    here=$(CDPATH='' cd -- "$(dirname -- "$script")" && pwd -P)
  done
}

# What --help tells.
usage() {
  cat <<'TEXT'
usage: setup.sh [OPTION]...

Creates and updates what the pipelines need outside their YAML. Needs bash 4.4, curl and jq 1.6.

  --dry-run            print the plan and write nothing
  --prune              also remove what this project made and describes no more
  --renew-secrets      write the secrets again that are there already
  --key-vault NAME     take values that no environment variable gives from this Azure Key Vault
  --organization URL   https://dev.azure.com/NAME, or the collection of an Azure DevOps Server
  --project NAME       the project in the organization
  --exit-code          end with 3 if something was, or would be, changed
  -h, --help           this text

The token: AZURE_DEVOPS_EXT_PAT, or SYSTEM_ACCESSTOKEN, or who is signed in with `az login`.
Ends with 0 when all is as described, 1 when it stopped, 2 when it was called wrongly.
TEXT
}

# Tells a problem and ends. Arguments: lines of the message.
fail() {
  printf 'setup.sh: %s\n' "$1" >&2
  (($# < 2)) || printf '  %s\n' "${@:2}" >&2
  exit 1
}

# Ends because of a wrong call.
misused() {
  printf 'setup.sh: %s\n' "$1" >&2
  usage >&2
  exit 2
}

# Reads the options.
read_options() {
  while (($# > 0)); do
    # --project=NAME is --project NAME.
    case $1 in
      --key-vault=* | --organization=* | --project=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;
    esac
    case $1 in
      --dry-run) dry_run=true ;;
      --prune) prune=true ;;
      --renew-secrets) renew_secrets=true ;;
      --exit-code) exit_code=true ;;
      -h | --help)
        usage
        exit 0
        ;;
      --key-vault | --organization | --project)
        [[ $# -ge 2 && -n $2 ]] || misused "$1 needs a value"
        case $1 in
          --key-vault) key_vault=$2 ;;
          --organization) organization=$2 ;;
          --project) project=$2 ;;
        esac
        shift
        ;;
      *) misused "what is $1?" ;;
    esac
    shift
  done
}

# Stops if a tool is missing or too old; all of them are told at once.
require_tools() {
  local tool missing=()
  for tool in curl jq; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  ((${#missing[@]} == 0)) || fail "not installed: ${missing[*]}" 'install what is named and run setup.sh again'
  if ((BASH_VERSINFO[0] < 4 || (BASH_VERSINFO[0] == 4 && BASH_VERSINFO[1] < 4))); then
    fail "bash 4.4 or newer is needed, this is $BASH_VERSION"
  fi
}

# Makes the folder for answers, readable by nobody else, and has it removed whatever happens.
make_work() {
  work=$(mktemp -d "${TMPDIR:-/tmp}/setup.XXXXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  mkdir "$work/answers"
}

# Sets `text` to $1 as it stands between double quotes in curl's configuration.
quote() {
  text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//[$'\r\n']/}
}

# Finds the token. It reaches curl through a pipe, and no command line.
find_credential() {
  local token=${AZURE_DEVOPS_EXT_PAT:-} text
  if [[ -n $token ]]; then
    quote "$token"
    printf -v credential 'user = ":%s"\n' "$text"
    secret_values+=("$token")
    return
  fi
  token=${SYSTEM_ACCESSTOKEN:-}
  if [[ -z $token ]] && command -v az >/dev/null; then
    token=$(az account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 \
      --query accessToken --output tsv 2>/dev/null) || token=''
  fi
  [[ -n $token ]] || fail 'there is no token' \
    'set AZURE_DEVOPS_EXT_PAT to a personal access token, or SYSTEM_ACCESSTOKEN to the token of a pipeline,' \
    'or sign in with: az login'
  quote "$token"
  printf -v credential 'header = "Authorization: Bearer %s"\n' "$text"
  secret_values+=("$token")
}

# ---------------------------------------------------------------------------------------------------------------
# What is described

# jq: what the programs below share. Ids of things that will be made are not known before: \u0001N7 stands for the number
# that is the id of thing 7, \u0001S7 for the text of it, {7} for it in a URL; \u0001VNAME stands for the value of the
# environment variable NAME; \u0001U for a look-up without an answer.
IFS= read -r -d '' COMMON <<'JQ' || :
def plain: tostring | gsub("[[:cntrl:]]"; " ");
def lower: tostring | ascii_downcase;
def alike($other): lower == ($other | lower);
def unescaped: if type == "string" and test("^\\$\\$+\\{") then .[1:] else . end;
def marker: type == "string" and startswith("\u0001");
def unknown: marker or (type == "string" and startswith("${"));
def row: map(tostring) | join("\u001f");

# The look-up that a text stands for.
def lookup:
  if type == "string" and startswith("${") and endswith("}")
  then .[2:-1] | split(":") | {kind: .[0], name: (.[1:] | join(":"))}
  else empty end;

# The environment variable that gives a value: MLOPSC_, the group's and the variable's name.
def variable_name: "MLOPSC_" + (gsub("[^A-Za-z0-9]"; "_") | ascii_upcase);

# Folder and name of a pipeline in one text.
def pipeline_name: (.path // "\\" | ltrimstr("\\") | gsub("\\\\"; "/")) as $folder
  | if $folder == "" then .name else "\($folder)/\(.name)" end;

# Whether two plain values of the member $key mean the same.
def equal($want; $have; $key):
  $want == $have
  or (($want | type) != ($have | type) and ($want | tostring) == ($have | tostring))
  or ([$want, $have] | all(type == "string") and (
      ($key | IN("matchKind", "executionOrder", "queueStatus", "triggerType", "type")) and ($want | alike($have))
      or ($want | test("^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$"; "i")) and ($want | alike($have))
      or $key == "yamlFilename" and ($want | ltrimstr("/")) == ($have | ltrimstr("/"))
      or $key == "defaultBranch" and ($want | ltrimstr("refs/heads/")) == ($have | ltrimstr("refs/heads/"))));

# The places where something described is not there: objects by what is described of them, lists as sets.
def differences($want; $have; $path):
  if $have == null and ($want | . == null or . == false or . == "" or . == 0 or . == [] or . == {}) then empty
  elif ($want | type) == "object" and ($have | type) == "object" then
    $want | to_entries[] | . as $entry | differences($entry.value; $have[$entry.key]; $path + [$entry.key])
  elif ($want | type) == "array" and ($have | type) == "array" then
    if ($want | length) == ($have | length)
      and ($want | all(. as $one | $have | any(. as $other | [differences($one; $other; [])] == [])))
    then empty else $path end
  elif equal($want; $have; $path[-1]) then empty
  else $path end;

def changed($want; $have): [differences($want; $have; [])] | map(join("."));

def versioned($url): $url + (if $url | contains("?") then "&" else "?" end) + "api-version=7.1";
def preview($url): versioned($url) + "-preview.1";
def project_url: "\(.base)/\(.project | @uri)";
# A repository may lie in another project: PROJECT/NAME.
def repository_key: if contains("/") then "repositories.\(split("/")[0] | @base64 | gsub("[/=]"; "_"))" else "repositories" end;
def lookups: [.things[] | .source as $source | .body | .. | lookup | . + {source: $source}];
def approvers: [lookups[] | select(.kind == "identity") | .name] | unique;
def search($host; $text): versioned("\($host)/_apis/identities?searchFilter=General&filterValue=\($text | @uri)&queryMembership=None");
# What the server said, by question; pages in one.
def answers: reduce inputs as $it ({}; (input_filename | split("/")[-1] | split("~")[0]) as $key
  | if .[$key].value and $it.value then .[$key].value += $it.value else .[$key] = $it end);
JQ

# jq: gathers things.json and the bodies into one document, and tells where the project is and what is to be read first.
IFS= read -r -d '' DESCRIBED <<'JQ' || :
def trimmed: sub("/+$"; "");
# The host that knows people and groups.
def identities:
  if test("^https://dev\\.azure\\.com(/|$)"; "i") then sub("^https://dev\\.azure\\.com"; "https://vssps.dev.azure.com"; "i")
  elif test("^https://[^/.]+\\.visualstudio\\.com(/|$)"; "i") then sub("\\.visualstudio\\.com"; ".vssps.visualstudio.com"; "i")
  else . end;
def said: map(select((. // "") != "")) | first // "";
def first_reads: . as $all | project_url as $here | lookups as $lookups
  | def uses($kind): any($all.things[]; .kind == $kind) or any($lookups[]; .kind == $kind);
  ["project", versioned("\(.base)/_apis/projects/\(.project | @uri)")],
  ["environments", versioned("\($here)/_apis/pipelines/environments")],
  ["pipelines", versioned("\($here)/_apis/build/definitions")],
  (select(uses("variable-group")) | ["variable-groups", versioned("\($here)/_apis/distributedtask/variablegroups")]),
  (select(uses("connection")) | ["connections", versioned("\($here)/_apis/serviceendpoint/endpoints")]),
  (select(uses("queue")) | ["queues", versioned("\($here)/_apis/distributedtask/queues")]),
  (select(uses("pipeline")) | ["policies", versioned("\($here)/_apis/policy/configurations?policyType=0609b952-1397-4640-95ec-e00a01b2c241")]),
  ([$lookups[] | select(.kind == "repository") | .name
    | [repository_key, versioned("\($all.base)/\((if contains("/") then split("/")[0] else $all.project end) | @uri)/_apis/git/repositories")]]
    | unique[]),
  (approvers | to_entries[] | ["identity.\(.key)", search($all.identities; .value)]);

(reduce inputs as $it ({}; .[input_filename] = $it)) as $files
| $files["things.json"] as $described
| ([$organization, $described.organization, env.SYSTEM_COLLECTIONURI] | said | trimmed) as $base
| {
    base: $base, identities: ($base | identities), project: ([$project, $described.project, env.SYSTEM_TEAMPROJECT] | said),
    name: $described.name, mark: $described.mark, out: ($described.out // ""),
    things: [$described.things | to_entries[] | .value + {index: .key, body: $files[.value.file]}],
  }
| .base, .project, ([$described.things[].file | select($files[.] == null)] | join(", ")), tojson, (first_reads | row)
JQ

# Stops because one of these files cannot be read, and says which. A parser that reads one after the other may see that a
# file has no end only in the next.
damaged() {
  local file broken=()
  for file in "$@"; do
    jq -en '[inputs] | length == 1 and (.[0] | type == "object")' "$file" >/dev/null 2>&1 || broken+=("$file is not a JSON object")
  done
  ((${#broken[@]} > 0)) || broken=("$(<"$work/jq")")
  fail 'a file beside this script cannot be read' "${broken[@]}" 'run mlopsc compile again'
}

# Writes $work/described.json and $work/needs, and sets organization and project.
read_described() {
  local files=() absent line
  shopt -s nullglob
  files=(*/*.json)
  shopt -u nullglob
  [[ -f things.json ]] || fail 'things.json does not lie beside this script' 'run mlopsc compile again'
  jq -rn --arg organization "$organization" --arg project "$project" "$COMMON$DESCRIBED" things.json "${files[@]}" \
    >"$work/lines" 2>"$work/jq" ||
    damaged things.json "${files[@]}"
  {
    IFS= read -r organization
    IFS= read -r project
    IFS= read -r absent
    IFS= read -r line
    printf '%s\n' "$line" >"$work/described.json"
    while IFS= read -r line; do
      printf '%s\n' "$line"
    done >"$work/needs"
  } <"$work/lines"
  [[ -z $absent ]] || fail "files are missing beside this script: $absent" 'run mlopsc compile again'
  [[ -n $organization ]] || fail 'the organization is not known' 'say --organization https://dev.azure.com/NAME'
  [[ $organization =~ ^https?://[^/]+ ]] ||
    fail "the organization must be a URL, not $organization" 'say --organization https://dev.azure.com/NAME'
  [[ -n $project ]] || fail 'the project of Azure DevOps is not known' 'say --project NAME'
  if [[ $organization =~ ^http:// && ! $organization =~ ^http://(localhost|127\.0\.0\.1|\[::1\])(:|/|$) ]]; then
    printf 'setup.sh: careful: %s is not encrypted, the token can be read on the way\n' "$organization" >&2
  fi
}

# ---------------------------------------------------------------------------------------------------------------
# HTTP

# Writes one request of curl's configuration. Arguments: METHOD URL KEY FILE [BODY]; the answer goes to FILE, its head
# to $work/KEY.head, and a line with the KEY, the status, the size and curl's code of the transfer (nothing before curl
# 7.75) to curl's output.
configuration() {
  local text
  quote "$2"
  printf 'request = "%s"\nurl = "%s"\noutput = "%s"\ndump-header = "%s"\n' "$1" "$text" "$4" "$work/$3.head"
  printf 'write-out = "%s\037%%{http_code}\037%%{size_download}\037%%{exitcode}\\n"\n' "$3"
  printf 'header = "Accept: application/json"\nheader = "X-TFS-FedAuthRedirect: Suppress"\nheader = "Expect:"\n'
  printf 'connect-timeout = 10\nmax-time = 120\nsilent\nshow-error\ngloboff\n%s' "$credential"
  if (($# > 4)); then
    quote "$5"
    printf 'header = "Content-Type: application/json"\ndata-raw = "%s"\n' "$text"
  fi
}

# Sets `length`, `type`, `after` and `token` from the head of the answer KEY.
read_head() {
  local line value
  length='' type='' after='' token=''
  while IFS= read -r line; do
    value=${line#*:}
    value=${value%$'\r'}
    value=${value# }
    case ${line,,} in
      content-length:*) length=$value ;;
      content-type:*) type=$value ;;
      retry-after:*) after=$value ;;
      x-ms-continuationtoken:*) token=$value ;;
    esac
  done <"$work/$1.head"
}

# Notes that the server wants to be left alone for so many seconds; nobody gets more than two minutes.
wait_for() {
  local seconds=5
  [[ ! $1 =~ ^[0-9]{1,9}$ ]] || seconds=$((10#$1))
  ((seconds <= 120)) || seconds=120
  ((seconds <= longest)) || longest=$seconds
}

# Waits for so many seconds.
pause() {
  (($1 == 0)) || sleep "$1"
}

# Stops if an answer says that nobody is signed in. Arguments: STATUS TYPE URL.
require_signed_in() {
  case $1 in
    401 | 302 | 203) ;;
    2??) [[ $2 == text/html* ]] || return 0 ;;
    *) return 0 ;;
  esac
  local what="answered $1"
  [[ $2 != text/html* ]] || what+=' with a page to sign in'
  fail "the token was not accepted: $3 $what" \
    'it has expired, was revoked, or is of another organization; make a new one in' \
    "$organization/_usersSettings/tokens and set AZURE_DEVOPS_EXT_PAT"
}

# The sentence in the answer in the file $1 that says what is wrong.
said() {
  local text=''
  if [[ -s $1 ]]; then
    text=$(jq -r 'if type == "object" then .message // .Message // tojson else tojson end | gsub("[[:cntrl:]]"; " ")' \
      "$1" 2>/dev/null) || text="not JSON: $(head -c 200 "$1" | tr -c '[:print:]' ' ')"
  fi
  printf '%s' "${text:-nothing}"
}

# jq: what is wrong with each good answer, by its question; nothing if it is as the interface promises.
IFS= read -r -d '' ODD <<'JQ' || :
def identified: type == "object" and (.id | type | IN("number", "string"));
def odd($question):
  if type != "object" then "it is not a JSON object"
  elif . == {} then "it is empty"
  elif $question | IN("project", "pipeline") then if identified then "" else "it has no id" end
  elif $question == "permission" then
    if (.pipelines | type | IN("array", "null")) and all(.pipelines[]?; type == "object") then "" else "its \"pipelines\" are no list" end
  elif .value | type != "array" then "it has no list \"value\""
  elif all(.value[]; identified and (.name | type | IN("string", "null"))) | not then "its list \"value\" holds something without an id"
  elif $question == "repositories" and (all(.value[]; (.project | type) == "object" and (.project.id | type) == "string") | not) then
    "its list \"value\" holds a repository without a project"
  else "" end;
$ARGS.named | to_entries[] | .key as $key
  | [$key, (.value | if test("\\S") then [try fromjson catch null][0] | odd($key | split(".")[0]) else "it is empty" end)]
  | join("\u001f")
JQ

# Sets `odd` to what is wrong with the answers to the questions with these KEYs.
judge() {
  local key text arguments=()
  odd=()
  for key in "$@"; do
    odd[$key]='it cannot be read'
    arguments+=(--rawfile "$key" "$work/answers/$key~${pages[$key]:-0}.json")
  done
  while IFS=$us read -r key text; do
    odd[$key]=$text
  done < <(jq -rn "${arguments[@]}" "$ODD" 2>"$work/jq")
}

# Takes one answer of `fetch`, whose lists it uses and changes. Arguments: KEY STATUS SIZE CODE.
take_answer() {
  local key=$1 status=$2 length type after token wrong='' most=6 target=$work/answers/$1~${pages[$1]:-0}.json
  read_head "$key"
  require_signed_in "$status" "$type" "${urls[$key]}"
  if [[ $status == 2?? ]]; then
    wrong=${odd[$key]}
    if [[ ${4:-0} != 0 || (-n $length && $length != "${3%%.*}") ]]; then wrong='it breaks off'; fi
  fi
  [[ $status != 000 && -z $wrong ]] || most=4
  if [[ -n $wrong || $status =~ ^(000|429|5..)$ ]]; then
    tries[$key]=$((${tries[$key]:-0} + 1))
    if ((tries[$key] < most)); then
      wait_for "${after:-$((1 << (tries[$key] - 1)))}"
      again+=("$key")
      return
    fi
    [[ $status != 000 ]] || unreachable "${urls[$key]}"
    [[ -z $wrong ]] || unexpected "${urls[$key]}" "$wrong" "$target"
  fi
  if [[ $status != 2?? ]]; then
    jq -n --arg status "$status" --arg message "$(said "$target")" --arg url "${urls[$key]}" \
      '{refused: ($status | tonumber), $message, $url}' >"$work/refused.json"
    mv "$work/refused.json" "$target"
    return
  fi
  wait_for "${after:-0}"
  [[ -z $token ]] || turn_page "$key" "$token"
}

# Has the next page of a list read. Arguments: KEY TOKEN; uses and changes the lists of `fetch`.
turn_page() {
  local key=$1
  [[ -z ${turned["$key $2"]:-} ]] ||
    fail "the list at ${firsts[$key]} has no end: the server names the same next page twice" 'nothing was written'
  turned["$key $2"]=true
  pages[$key]=$((${pages[$key]:-0} + 1))
  ((pages[$key] < 1000)) || fail "the list at ${firsts[$key]} has more than 1000 pages" 'nothing was written'
  tries[$key]=0
  urls[$key]="${firsts[$key]}&continuationToken=$(jq -rn --arg token "$2" '$token | @uri')"
  again+=("$key")
}

# The last that curl said about a transfer that failed.
curl_said() {
  { grep -v 'write-out' "$work/curl" || :; } | tail -n 1
}

# Stops because no server answers.
unreachable() {
  fail "no answer from $1" "$(curl_said)" 'nothing was written'
}

# Stops because an answer is not what the interface promises. Arguments: URL WRONG FILE.
unexpected() {
  local lines=()
  [[ ! -s $3 ]] || lines=("it begins with: $(head -c 200 "$3" | tr -c '[:print:]' ' ')")
  fail "unexpected answer from $1: $2" "${lines[@]}" \
    "is $organization an organization of Azure DevOps? A proxy between may answer too" 'nothing was written'
}

# Reads everything that the file $1 names (lines KEY URL), with as few processes as can be: all in one curl, again for
# pages that follow and for what was throttled or broke off. Where one connection fails, curl asks for nothing after it:
# a server that is not there is not waited for as often as there are questions. Answers lie in $work/answers/KEY~PAGE.json.
fetch() {
  local -A urls=() firsts=() pages=() tries=() turned=() odd=() got=()
  local key url pending=() again=() longest=0 status size code
  while IFS=$us read -r key url; do
    pending+=("$key") urls[$key]=$url firsts[$key]=$url
  done <"$1"
  while ((${#pending[@]} > 0)); do
    got=()
    for key in "${pending[@]}"; do
      : >"$work/$key.head"
      : >"$work/answers/$key~${pages[$key]:-0}.json"
      [[ $key == "${pending[0]}" ]] || printf 'next\n'
      configuration GET "${urls[$key]}" "$key" "$work/answers/$key~${pages[$key]:-0}.json"
    done | curl --disable --fail-early --config - >"$work/statuses" 2>"$work/curl" || :
    judge "${pending[@]}"
    again=() longest=0
    while IFS=$us read -r key status size code; do
      got[$key]=true
      take_answer "$key" "$status" "$size" "$code"
    done <"$work/statuses"
    for key in "${pending[@]}"; do
      [[ -z ${got[$key]:-} ]] || continue
      if ((${#got[@]} > 0)); then again+=("$key"); else take_answer "$key" 000 0 ''; fi
    done
    pending=("${again[@]}")
    pause "$longest"
  done
}

# ---------------------------------------------------------------------------------------------------------------
# The plan

# jq: after the first answers, everything that look-ups stand for. Says which answers are still needed, and leaves what it
# found for the plan: the things with their bodies, and what is wrong.
IFS= read -r -d '' LOOK <<'JQ' || :
$described[0] as $all | ($all | project_url) as $here | answers as $answers
|
  def answered($key): $answers[$key] != null and ($answers[$key].refused | not);
  def list($key): if answered($key) then $answers[$key].value // [] else [] end;

  # --- what is there ---

  def environment_named($name): first(list("environments")[] | select(.name | alike($name)));
  def group_named($name): first(list("variable-groups")[] | select(.name | alike($name)));
  def pipeline_named($name): first(list("pipelines")[] | select(pipeline_name | alike($name)));
  def connection_named($name): first(list("connections")[] | select(.name | alike($name)));
  def queue_named($name): first(list("queues")[] | select(.name | alike($name)));
  def repository_named($name): first(list($name | repository_key)[] | select(.name | alike($name | split("/")[-1])));

  def property($name): .properties[$name] | if type == "object" then .["$value"] else . end | . // "";
  def display: (.customDisplayName // .providerDisplayName // .id)
    + (property("Mail") as $mail | if $mail == "" or .isContainer then "" else " <\($mail)>" end);
  def names: [.providerDisplayName, .customDisplayName, property("Mail"), property("Account")] | map(select((. // "") != "") | lower);
  # A group is also found without its scope.
  def is_called($name): (names | index([$name | lower]) != null)
    or (.isContainer == true and (.providerDisplayName // "" | lower | endswith("]\\" + ($name | lower))));
  def people($number): list("identity.\($number)") + list("identity-again.\($number)");
  def found($number; $name): people($number) | unique_by(.id) | map(select(is_called($name)))
    | if any(.isActive != false) then map(select(.isActive != false)) else . end;
  # What is searched for when nothing was found: without the scope, or how the name begins.
  def again($name): if $name | contains("\\") then $name | split("\\")[-1]
    elif $name | contains("@") then $name | split("@")[0]
    else $name[:3] end;

  # --- what is described ---

  ($all | lookups) as $lookups
  | ($all | approvers) as $approvers
  |
  # The thing as it is there, or null; a check and a permission come later.
  def present:
    if .kind == "environment" then environment_named(.body.name | unescaped)
    elif .kind == "variable-group" then group_named(.body.name | unescaped)
    elif .kind == "pipeline" then pipeline_named(.body | .name |= unescaped | pipeline_name)
    else null end;
  ([$all.things[] | (present // null) as $have | . + {have: $have, id: $have.id}]) as $things
  | def described($kind; $name): first($things[]
      | select(.kind == $kind and ((.body.name | unescaped | alike($name)) or (.name | alike($name)) or (.kind == "pipeline" and (.body | pipeline_name | alike($name))))));
    def id_of($kind; $name): described($kind; $name) | .id // "\u0001N\(.index)";

  # The id that a look-up stands for: null if there is none.
  def meaning:
    if .kind == "project" then $answers.project.id
    elif .kind == "identity" then (.name as $name | found($approvers | index([$name]); $name) | if length == 1 then .[0].id else null end)
    elif .kind == "repository" then repository_named(.name).id
    elif .kind == "connection" then connection_named(.name).id
    elif .kind == "queue" then queue_named(.name).id
    elif .kind == "environment" then first(id_of("environment"; .name), environment_named(.name).id)
    elif .kind == "variable-group" then first(id_of("variable-group"; .name), group_named(.name).id)
    elif .kind == "pipeline" then first(id_of("pipeline"; .name), pipeline_named(.name).id)
    elif .kind == "secret" or .kind == "value" then "\u0001V" + (.name | variable_name)
    else null end;
  (reduce $lookups[] as $one ({}; .["\($one.kind):\($one.name)"] = ($one | first(meaning, null)))) as $ids
  | def resolved: walk(
      if type != "string" then .
      elif startswith("$$") then unescaped
      else . as $text | first((lookup | "\(.kind):\(.name)" as $key | $ids[$key] // "\u0001U\($text)"), $text) end);
    # The ids of resources are texts to the platform.
    def as_text: if marker then (if startswith("\u0001N") then "\u0001S" + .[2:] else . end) elif type == "number" then tostring else . end;
    # A repository as a resource carries before its id that of the project it lies in.
    def home($id): first(($answers | to_entries[] | select(.key | startswith("repositories")) | .key | list(.)[]
      | select(.id | alike($id)) | .project.id), $answers.project.id);
    def full_id: if .resource.type == "repository" and (.resource.id | (unknown or contains(".")) | not)
      then .resource.id |= "\(home(.)).\(.)" else . end;
    # Who is named twice, in different spellings, is asked once.
    def distinct: reduce .[] as $one ([]; if any(.[]; .id | alike($one.id)) then . else . + [$one] end);
    def prepared: .body |= resolved
      | if .kind == "check" then .body.resource.id |= as_text | if .body.settings.approvers then .body.settings.approvers |= distinct else . end
        elif .kind == "permission" then .body.resource.id |= as_text | .body |= full_id
        else . end;
  ([$things[] | prepared]) as $wanted
  | ([$wanted[] | select(.kind == "check") | .body.resource] | unique_by([.type, .id])) as $guarded
  | ([$wanted[] | select(.kind == "permission") | .body.resource] | unique_by([.type, .id])) as $shared
  | ([$wanted[] | select(.kind == "pipeline") | .body.repository | {id, type}] | unique | map(select(.id | unknown | not))) as $repositories

  # --- what is wrong ---

  | def nearest($names): if $names == [] then "" else "; there are: " + ($names | map(plain) | unique | .[:8] | join(", ")) end;
    def approver_problem: .name as $name | ($approvers | index([$name])) as $number
      | if answered("identity.\($number)") | not then empty
        else found($number; $name) | if length > 1 then
            "\($name | plain) is ambiguous: it may be " + (map(display | plain) | sort | join(", or ")) + "; write the scope before it, [SCOPE]\\GROUP"
          elif length == 1 and .[0].isActive == false then "\($name | plain) has no access to this organization any more"
          elif length == 0 then "nobody is called \($name | plain)"
            + (people($number) | unique_by(.id) | map(display | plain) | .[:5] | if . == [] then "" else "; near it: " + join(", ") end)
          else empty end
        end;
    def lookup_problem:
      if .kind == "identity" then approver_problem
      elif "\(.kind):\(.name)" as $key | $ids[$key] != null then empty
      elif .kind == "connection" and answered("connections") then
        "there is no service connection \(.name | plain)" + nearest(list("connections") | map(.name))
      elif .kind == "queue" and answered("queues") then
        "there is no agent pool \(.name | plain) in the project" + nearest(list("queues") | map(.name))
      elif .kind == "repository" and (.name as $name | answered($name | repository_key)) then
        (.name as $name | "there is no repository \($name | plain)" + nearest(list($name | repository_key) | map(.name)))
      elif .kind == "environment" and answered("environments") then "there is no environment \(.name | plain)"
      elif .kind == "variable-group" and answered("variable-groups") then "there is no variable group \(.name | plain)"
      elif .kind == "pipeline" and answered("pipelines") then "there is no pipeline \(.name | plain)"
      elif .kind | IN("project", "identity", "repository", "connection", "queue", "environment", "variable-group", "pipeline") then empty
      else "this script does not know the look-up of a \(.kind | plain)" end;
    def clashes: [$lookups[] | select(.kind == "secret" or .kind == "value") | {name, variable: (.name | variable_name)}] | unique
      | group_by(.variable)[] | select(length > 1) | "\(.[0].variable) would be the value of each of " + (map(.name | plain) | join(", "));
    # Fewer people than must agree, because two names are one.
    def quorum: .source as $source | .name as $name | .body.settings | select(.approvers and (all(.approvers[]; .id | unknown | not))
        and ((.minRequiredApprovers // 0) > (.approvers | length)))
      | {text: "\($name | plain) asks for \(.minRequiredApprovers) approvals, but its names stand for only \(.approvers | length) approvers", sources: [$source]};
    def problems: (clashes | {text: ., sources: []}), ($wanted[] | select(.kind == "check") | quorum), ($lookups[] | [.source] as $sources | lookup_problem | {text: ., sources: $sources});

  # --- what must still be read ---

    # Who was not found is searched for once more, with less of the name.
    def searches: $approvers | to_entries[] | select(answered("identity.\(.key)") and found(.key; .value) == [])
      | "identity-again.\(.key)" as $key | select($answers[$key] == null) | [$key, search($all.identities; again(.value))];
    def second_reads:
      ($guarded[] | select(.id | unknown | not) | ["checks.\(.type).\(.id)",
        preview("\($here)/_apis/pipelines/checks/configurations?resourceType=\(.type)&resourceId=\(.id | @uri)&$expand=settings")]),
      ($shared[] | select(.id | unknown | not) | ["permission.\(.type).\(.id)",
        preview("\($here)/_apis/pipelines/pipelinePermissions/\(.type)/\(.id | @uri)")]),
      ($wanted[] | select(.kind == "pipeline" and .id != null) | ["pipeline.\(.id)", versioned("\($here)/_apis/build/definitions/\(.id)")]),
      ($repositories | to_entries[] | ["own.\(.key)",
        versioned("\($here)/_apis/build/definitions?repositoryId=\(.value.id | @uri)&repositoryType=\(.value.type | @uri)&includeAllProperties=true")]);

  [searches] as $searches
  | if $answers.project.refused == 404 then
      ["stop", if $answers.project.message | startswith("not JSON") then "there is no organization at \($all.base)"
        else "there is no project \($all.project | plain) in \($all.base), or the token may not see it" end] | row
    elif $searches != [] then ["again", ""], ($searches[] | ["need"] + .) | row
    else
      ([second_reads] | unique[] | ["need"] + . | row),
      "found\u001f" + ({wanted: $wanted, guarded: $guarded, shared: $shared, repositories: $repositories, problems: [problems]} | tojson)
    end
JQ

# jq: after all answers, the plan in lines for bash, each a word and its fields: `problem`, or `line`, `value` and `write`.
IFS= read -r -d '' STEPS <<'JQ' || :
$described[0] as $all | ($all | project_url) as $here | answers as $answers
| $found[0] as {wanted: $wanted, guarded: $guarded, shared: $shared, repositories: $repositories, problems: $problems}
|
  def answered($key): $answers[$key] != null and ($answers[$key].refused | not);
  def list($key): if answered($key) then $answers[$key].value // [] else [] end;
  def in_url: if marker then "{\(.[2:])}" else tostring end;

# What tells checks on one resource apart.
def check_kind: [
    (.type.id // "" | lower),
    (.settings.definitionRef.id // "" | lower),
    # Of those that call a service there may be several.
    (if .settings.definitionRef.id // "" | IN("9c3e8943-130d-4c78-ac63-8af81df62dfb", "537fdb7a-a601-4537-aa70-92645a2b5ce4")
      then .settings.displayName else null end)
  ];

# How people call a check that this project can write; nothing for others.
def check_title:
  if .type.id // "" | alike("8c6f20a7-a545-4486-9777-f762fafe0d4d") then "approval"
  elif .type.id // "" | alike("4020e66e-b0f3-47e1-bc88-48f3cc59b5f3") then "required template"
  elif .type.id // "" | alike("2ef31ad6-baa0-403a-8b45-2cbc9b4e5563") then "exclusive lock"
  elif .type.id // "" | alike("fe1de3ee-a436-41b4-bb20-f6eb4cb879a7") then
    {
      "86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b": "branch control",
      "445fde2f-6c39-441c-807f-8a59ff2e075f": "business hours",
      "9c3e8943-130d-4c78-ac63-8af81df62dfb": "call of a REST interface",
      "537fdb7a-a601-4537-aa70-92645a2b5ce4": "call of an Azure Function"
    }[.settings.definitionRef.id // "" | lower] // empty
  else empty end;


  # --- what is wrong ---

    def taken_problem: $answers["pipeline.\(.id)"] as $full
      | (.body.type // "Vsts") as $type
      | if .kind == "variable-group" and .have != null and (.have.type // "Vsts" | alike($type) | not) then
          "the name of the variable group \(.body.name | plain) is taken by one of another kind, \(.have.type | plain)"
        elif .kind != "pipeline" or $full == null or $full.refused then empty
        elif $full.process.type != 2 then
          "the name of the pipeline \(.body | pipeline_name | plain) is taken by a thing of another kind: a classic pipeline (id \(.id))"
        elif equal(.body.repository.id; $full.repository.id; "id") | not then
          "the name of the pipeline \(.body | pipeline_name | plain) is taken by one of another repository, \($full.repository.name // $full.repository.id | plain)"
        else empty end;
    def key_owner: {project: "the project", environments: "environments", pipelines: "pipelines", "variable-groups": "variable groups",
        connections: "service connections", queues: "agent pools", policies: "branch policies", repositories: "repositories",
        identity: "people and groups", "identity-again": "people and groups", checks: "checks", permission: "pipeline permissions", pipeline: "a pipeline", own: "pipelines"}
      [split(".")[0]] // .;
    def scope_needed: {project: "Project and team (read)", environments: "Environment (read & manage)", pipelines: "Build (read & execute)",
        "variable-groups": "Variable groups (read, create & manage)", connections: "Service connections (read)", queues: "Agent pools (read)",
        policies: "Code (read)", repositories: "Code (read)", identity: "Identity (read)", "identity-again": "Identity (read)",
        checks: "Environment (read & manage) and Service connections (read, query & manage)",
        permission: "Pipeline resources (use & manage)", pipeline: "Build (read & execute)", own: "Build (read & execute)"}
      [split(".")[0]] // "read";
    # What is refused in the same words is told once.
    def refusals: [$answers | to_entries[] | select(.value.refused) | .value + {what: (.key | key_owner), scope: (.key | scope_needed)}]
      | group_by([.refused, .message])[] | (map(.what) | unique | join(", ")) as $what | (map(.scope) | unique) as $scopes
      | "\(.[0].url | plain)\(if length > 1 then " and \(length - 1) more" else "" end) answered \(.[0].refused): \(.[0].message | plain)" as $said
      | if .[0].refused == 403 then "may not read \($what): the token needs the scope\(if ($scopes | length) > 1 then "s" else "" end) \($scopes | join("; ")) (\($said))"
        else "could not read \($what): \($said)" end;
    # Each problem once, with all places that have it.
    def all_problems: [$problems[], (refusals | {text: ., sources: []}),
        ($wanted[] | [.source] as $sources | taken_problem | {text: ., sources: $sources})]
      | group_by(.text)[] | {text: .[0].text, sources: (map(.sources[] | plain) | unique)};

  # --- what to do ---

  def whole_name: .name | plain;
  def step($mark; $fields; $method; $url; $body): {mark: $mark, kind, index, name: whole_name, source, fields: $fields, method: $method, url: $url, body: $body};
  def unchanged: step("="; []; ""; ""; null);
  def created($url): step("+"; []; "POST"; $url; .body);
  def updated($fields; $method; $url; $body): if $fields == [] then unchanged else step("~"; $fields; $method; $url; $body) end;

  def variable_of($name): (to_entries | first(.[] | select(.key | alike($name)))) // {key: $name, value: null};
  # The described variables that are not there as they are described.
  def stale_variables: (.have.variables // {}) as $have
    | [.body.variables // {} | to_entries[] | .key as $name | .there = ($have | variable_of($name))
       | select(if .value.value | marker
           then .there.value == null or (.value.isSecret == true and (.there.value.isSecret != true or $renew))
           else .there.value == null or changed({value: .value.value, isSecret: (.value.isSecret == true)}; {value: .there.value.value, isSecret: (.there.value.isSecret == true)}) != []
           end)];
  def decide_group: "\($all.base)/_apis/distributedtask/variablegroups" as $url
    | if .have == null then created(versioned($url)) else
        stale_variables as $stale
        | (changed(.body | {description}; .have) + ($stale | map("variables." + .key))) as $fields
        | (.have | {name, description, type, providerData, variables, variableGroupProjectReferences}
           | with_entries(select(.value != null))) as $old
        | updated($fields; "PUT"; versioned("\($url)/\(.id)");
            $old + (.body | {name, type, description} | with_entries(select(.value != null)))
            + {variables: (($old.variables // {}) + ($stale | map({key: .there.key, value: .value}) | from_entries))}
            + {variableGroupProjectReferences: (if ($old.variableGroupProjectReferences // []) == [] then .body.variableGroupProjectReferences
                else .body as $body | $old.variableGroupProjectReferences | map(if .projectReference.id | alike($answers.project.id)
                  then . + {name: $body.name} + ($body | {description} | with_entries(select(.value != null))) else . end) end)}) end;
  def decide_environment: "\($here)/_apis/pipelines/environments" as $url
    | if .have == null then created(versioned($url))
      else updated(changed(.body | {description}; .have); "PATCH"; versioned("\($url)/\(.id)"); {name: .have.name, description: .body.description}) end;
  def decide_check: "\($here)/_apis/pipelines/checks/configurations" as $url
    | .body as $body | ($body | check_kind) as $kind
    | first(list("checks.\($body.resource.type).\($body.resource.id)")[] | select(check_kind == $kind)) as $have
    | updated(changed($body | del(.resource, .type, .settings.definitionRef); $have)
        + (if $body.settings.executionOrder == "inSequence"
             and ([$body, $have | .settings.approvers // [] | map(.id | lower)] | .[0] != .[1]) then ["settings.approvers"] else [] end)
        | unique; "PATCH"; preview("\($url)/\($have.id)");
        $body + {id: $have.id, settings: (($have.settings // {}) * $body.settings)});
  def missing_check: .body as $body | ($body | check_kind) as $kind
    | any(list("checks.\($body.resource.type).\($body.resource.id)")[]; check_kind == $kind) | not;
  def decide_pipeline: "\($here)/_apis/build/definitions" as $url | $answers["pipeline.\(.id)"] as $have
    | if .id == null then created(versioned($url))
      else updated(changed(.body | del(.name, .path); $have); "PUT"; versioned("\($url)/\(.id)"); $have * .body) end;
  def decide_permission: .body as $body | $body.resource as $resource
    | preview("\($here)/_apis/pipelines/pipelinePermissions/\($resource.type)/\($resource.id | in_url)") as $url
    | "permission.\($resource.type).\($resource.id)" as $key
    | (if answered($key) then $answers[$key] else {} end) as $have
    | [$have.pipelines // [] | .[] | select(.authorized == true) | .id] as $may
    | ([$body.pipelines[] | select(.id as $id | $may | index([$id]) == null)]) as $new
    | if $new == [] or $have.allPipelines.authorized == true then unchanged
      else step(if ($body.pipelines | length) == ($new | length) then "+" else "~" end;
        [$new[].id | if marker then .[2:] as $at | $wanted[$at | tonumber].name else . as $id | first($wanted[] | select(.kind == "pipeline" and .id == $id) | .name) end | plain];
        "PATCH"; $url; {resource: $body.resource, pipelines: $new}) end;
  def policy_for: .body as $body | first(list("policies")[]
    | select((.isDeleted != true) and .settings.buildDefinitionId == $body.settings.buildDefinitionId
        and changed($body.settings.scope; .settings.scope) == []));
  def decide_policy: "\($here)/_apis/policy/configurations" as $url | (first(policy_for) // null) as $have
    | if $have == null then created(versioned($url))
      else updated(changed(.body | del(.type); $have); "PUT"; versioned("\($url)/\($have.id)");
        {isEnabled: $have.isEnabled, isBlocking: $have.isBlocking} + .body + {settings: ($have.settings * .body.settings)}) end;
  def decide:
    if .kind == "variable-group" then decide_group
    elif .kind == "environment" then decide_environment
    elif .kind == "check" then if missing_check then created(preview("\($here)/_apis/pipelines/checks/configurations")) else decide_check end
    elif .kind == "pipeline" then decide_pipeline
    elif .kind == "permission" then decide_permission
    elif .kind == "policy" then decide_policy
    else error("this script does not know things of the kind \(.kind)") end;

  # --- what is there and not described ---

  def extra($kind; $name; $url): {mark: (if $prune then "-" else "?" end), kind: $kind, index: null, name: ($name | plain), source: "", fields: [], method: "DELETE", url: $url, body: null};
  def described_id($kind): .id as $id | any($wanted[]; .kind == $kind and .id == $id);
  def yaml_path: .process.yamlFilename // "" | ltrimstr("/") | ltrimstr("./");
  ($all.out | ltrimstr("./") | sub("/+$"; "")) as $out
  | [$repositories | to_entries[] | list("own.\(.key)")[] | select(.process.type == 2 and $out != "" and $out != "." and (yaml_path | startswith($out + "/")))
     | select(described_id("pipeline") | not)] as $strangers
  | def extra_policies: ([$wanted[] | select(.kind == "pipeline") | .id] + [$strangers[].id]) as $ours
      | [$wanted[] | select(.kind == "policy") | policy_for.id] as $kept
      | list("policies")[] | select(.isDeleted != true and (.settings.buildDefinitionId as $id | $ours | index([$id]) != null) and (.id as $id | $kept | index([$id]) == null))
      | .settings.buildDefinitionId as $id
      | extra("policy"; "\(first(($strangers[] | select(.id == $id) | pipeline_name), ($wanted[] | select(.kind == "pipeline" and .id == $id) | .name))) for \([.settings.scope[]? | .refName // "every branch"] | join(", "))";
          versioned("\($here)/_apis/policy/configurations/\(.id)"));
    def extra_pipelines: $strangers[] | extra("pipeline"; pipeline_name; versioned("\($here)/_apis/build/definitions/\(.id)"));
    def extra_checks: $guarded[] | . as $resource | select(.id | unknown | not)
      | [$wanted[] | select(.kind == "check" and .body.resource.type == $resource.type and .body.resource.id == $resource.id) | .body | check_kind] as $kept
      | list("checks.\(.type).\(.id)") | group_by(check_kind)[]
      # Of several of one kind the first is the described one.
      | (if (.[0] | check_kind) as $kind | $kept | index([$kind]) != null then .[1:][] else .[] end)
      | . as $check | check_title as $title
      | extra("check"; "\($title) on \($resource.name // $resource.id)"; preview("\($here)/_apis/pipelines/checks/configurations/\($check.id)"));
    def extra_environments: list("environments")[] | select(.description // "" | endswith($all.mark // "\u0001")) | select(described_id("environment") | not)
      | extra("environment"; .name; versioned("\($here)/_apis/pipelines/environments/\(.id)"));

  # --- lines ---

  def open: $wanted[] | select(.kind == "permission") | .body.resource as $resource | "permission.\($resource.type).\($resource.id)" as $key
    | select(answered($key) and $answers[$key].allPipelines.authorized == true) | ["line", "?", "\(.name | plain) is open to all pipelines"];
  def title: "\(.kind) \(.name)" + (if .fields == [] then "" else " (\(.fields | map(plain) | join(", ")))" end)
    + (if .mark == "?" then ": not described" else "" end);
  def references: [(.body | .. | select(type == "string" and test("^\u0001[NS][0-9]+$")) | .[2:]), (.url | scan("\\{([0-9]+)\\}")[0])] | unique;
  def value_names: [.body | .. | select(type == "string" and startswith("\u0001V")) | .[2:]] | unique;
  [all_problems] as $wrong
  | if $wrong != [] then $wrong[] | ["problem", .text, (.sources | join(", "))] | row
    else ([$wanted[] | decide] + [extra_policies, extra_pipelines, extra_checks, extra_environments]) as $steps
    | ([$steps[] | references[]] | unique) as $asked_for
    | ($steps[]
        | (["line", .mark, title] | row),
          (select(.mark | IN("+", "~", "-"))
            | (value_names[] | ["value", .] | row),
              (["write", .mark, "\(.kind) \(.name)", .source, .kind, .method, .url,
                (if .mark == "+" and .index != null and (.index as $index | $asked_for | index([$index | tostring]) != null) then .index else "" end),
                (references | join(" ")), (if .body == null then "" else .body | tojson end)] | row))),
      (open | row)
    end
JQ

# Has jq work on the answers so far. Arguments: OUTPUT PROGRAM [OPTION...].
work_on_answers() {
  local answers
  shopt -s nullglob
  answers=("$work"/answers/*.json)
  shopt -u nullglob
  jq -rn --slurpfile described "$work/described.json" "${@:3}" "$COMMON$2" "${answers[@]}" \
    </dev/null >"$1" 2>"$work/jq" ||
    fail "unexpected answer from $organization: what is in it is not built as the interface promises" "$(<"$work/jq")" \
      'nothing was written'
}

# Asks the server for all that is needed, and makes the plan of it: lines in $work/plan.
make_plan() {
  local incomplete=true word text
  while [[ $incomplete == true ]]; do
    fetch "$work/needs"
    incomplete=false
    work_on_answers "$work/lines" "$LOOK"
    : >"$work/needs"
    while IFS=$us read -r word text; do
      case $word in
        stop) fail "$text" 'nothing was written' ;;
        again) incomplete=true ;;
        need) printf '%s\n' "$text" >>"$work/needs" ;;
        found) printf '%s\n' "$text" >"$work/found.json" ;;
      esac
    done <"$work/lines"
  done
  fetch "$work/needs"
  work_on_answers "$work/plan" "$STEPS" --slurpfile found "$work/found.json" \
    --argjson prune "$prune" --argjson renew "$renew_secrets"
}

# Stops if something that would be written still holds what nobody looked up. What the plan's own things give is a number.
require_resolved() {
  local word title source url body
  while IFS=$us read -r word _ title source _ _ url _ _ body; do
    [[ $word == write ]] || continue
    if [[ $url =~ \{[^0-9] || $body == *'"\u0001U'* ]]; then
      fail "$title ($source) holds a look-up that the server gave no answer to; nothing was written"
    fi
  done <"$work/plan"
}

# Tells all problems at once and ends, if there are any.
require_no_problems() {
  local word text sources count=0
  while IFS=$us read -r word text sources; do
    [[ $word == problem ]] || continue
    count=$((count + 1))
    printf 'setup.sh: %s%s\n' "$(hidden "$text")" "${sources:+ ($sources)}" >&2
  done <"$work/plan"
  ((count == 0)) || fail "$count problem(s); nothing was written"
}

# The text without what no output may show.
hidden() {
  local text=$1 value
  for value in "${secret_values[@]}"; do
    text=${text//"$value"/***}
  done
  printf '%s' "$text"
}

# Sees to it that each value that will be written is in the environment; names all that are missing at once.
find_values() {
  local word name secret value missing=() refused=()
  while IFS=$us read -r word name; do
    [[ $word == value ]] || continue
    if [[ -z ${!name:-} && -n $key_vault && $dry_run == false ]]; then
      secret=${name#MLOPSC_}
      secret=${secret,,}
      if value=$(az keyvault secret show --vault-name "$key_vault" --name "${secret//_/-}" --output json 2>"$work/az" |
        jq -er '.value'); then
        export "$name=$value"
      else
        refused+=("${secret//_/-}: $(tail -n 1 "$work/az")")
      fi
    fi
    if [[ -n ${!name:-} ]]; then
      secret_values+=("${!name}")
    else
      missing+=("$name")
    fi
  done <"$work/plan"
  ((${#missing[@]} > 0)) || return 0
  if [[ $dry_run == true ]]; then
    printf 'a run needs values in %s\n' "${missing[*]}"
    return
  fi
  fail 'values are missing; nothing was written. Set these environment variables:' "${missing[@]}" \
    "${refused[@]/#/not in the Key Vault $key_vault: }" \
    'or say --key-vault NAME and put them there, named as the variable without MLOPSC_, in lower case, with - for _'
}

# Prints the plan: one line a thing.
print_plan() {
  local word mark text
  while IFS=$us read -r word mark text; do
    [[ $word != line ]] || printf '%s %s\n' "$mark" "$text"
  done <"$work/plan"
}

# ---------------------------------------------------------------------------------------------------------------
# Writing

# What the one who runs this must be allowed, by kind of thing.
permission_needed() {
  case $1 in
    variable-group) echo 'role Administrator in Library > Security; scope "Variable groups (read, create & manage)"' ;;
    environment) echo 'role Creator, for changes Administrator, of environments; scope "Environment (read & manage)"' ;;
    check) echo 'role Administrator of the environment or the service connection; scopes "Environment (read & manage)" and "Service connections (read, query & manage)"' ;;
    pipeline) echo 'permission "Edit build pipeline", to remove "Delete build pipeline"; scope "Build (read & execute)"' ;;
    permission) echo 'role Administrator of the resource; scope "Pipeline resources (use & manage)"' ;;
    policy) echo 'permission "Edit policies" of the branch; scope "Code (read, write & manage)"' ;;
  esac
}

# The body of a request as it may be shown.
shown() {
  local text=$1
  while [[ $text =~ \"\\u0001V[A-Z0-9_]+\" ]]; do
    text=${text//"${BASH_REMATCH[0]}"/\"***\"}
  done
  hidden "$text"
}

# Stops at a refused request. Arguments: TITLE SOURCE KIND METHOD URL BODY STATUS; the answer is $work/write.*
refused() {
  local lines=("request: $4 $5") answer
  [[ -z $6 ]] || lines+=("body: $(shown "$6")")
  answer=$(hidden "$(said "$work/write.body")")
  case $7 in
    000)
      lines+=("answer: none: $(curl_said)")
      lines+=('it may have been carried out or not; run setup.sh again: what is there is found, the rest follows')
      ;;
    403) lines+=("answer: 403 $answer" "needed: $(permission_needed "$3")") ;;
    409) lines+=("answer: 409 $answer" 'somebody else made or changed it meanwhile; run setup.sh again') ;;
    *) lines+=("answer: $7 $answer") ;;
  esac
  fail "refused: $1${2:+ ($2)}" "${lines[@]}" 'what stands before it in the plan is done, nothing after it'
}

# Sends one writing request, again only if the server says that it did nothing. Arguments: METHOD URL BODY; sets
# `status` and `type`.
send() {
  local attempts=0 longest length token
  while :; do
    : >"$work/write.head"
    : >"$work/write.body"
    IFS=$us read -r _ status _ < <(
      configuration "$1" "$2" write "$work/write.body" ${3:+"$3"} |
        curl --disable --config - 2>"$work/curl"
    ) || :
    read_head write
    longest=0
    [[ -z $after && $status != 429 ]] || wait_for "${after:-5}"
    pause "$longest"
    if [[ $status != 429 && ($status != 503 || -z $after) ]] || ((++attempts > 10)); then return; fi
  done
}

# The body with the values of variables in it, which jq takes from the environment.
with_values() {
  jq -cn --slurpfile body <(printf '%s' "$1") \
    '$body[0] | walk(if type == "string" and startswith("\u0001V") then env[.[2:]] else . end)'
}

# Carries the plan out, in order.
apply() {
  local word mark title source kind method url index needs body need filled status type after
  while IFS=$us read -r -u 3 word mark title source kind method url index needs body; do
    [[ $word == write ]] || continue
    for need in $needs; do
      [[ -n ${made[$need]:-} ]] || fail "things.json lists $title before what it needs" 'run mlopsc compile again'
      url=${url//"{$need}"/${made[$need]}}
      body=${body//"\"\\u0001N$need\""/${made[$need]}}
      body=${body//"\"\\u0001S$need\""/\"${made[$need]}\"}
    done
    filled=$body
    [[ $body != *'"\u0001V'* ]] || filled=$(with_values "$body")
    send "$method" "$url" "$filled"
    require_signed_in "$status" "$type" "$url"
    [[ $status == 2?? ]] || refused "$title" "$source" "$kind" "$method" "$url" "$body" "$status"
    if [[ -n $index ]]; then
      made[$index]=$(jq -er '.id | numbers' "$work/write.body" 2>"$work/jq") ||
        fail "unexpected answer: $title ($source)" "request: $method $url" "answer: $status $(said "$work/write.body")" \
          'it has no id; run setup.sh again'
    fi
    case $mark in
      +) printf 'created %s\n' "$title" ;;
      '~') printf 'changed %s\n' "$title" ;;
      -) printf 'removed %s\n' "$title" ;;
    esac
  done 3<"$work/plan"
}

# Counts what the plan has, says it, and sets `changes`.
sum_up() {
  local word mark _ verb=('created' 'changed' 'removed')
  local -A count=(['+']=0 ['~']=0 ['-']=0 ['=']=0 ['?']=0)
  while IFS=$us read -r word mark _; do
    [[ $word != line ]] || count[$mark]=$((count[$mark] + 1))
  done <"$work/plan"
  changes=$((count['+'] + count['~'] + count['-']))
  [[ $dry_run == false ]] || verb=('to create' 'to change' 'to remove')
  printf '%d %s, %d %s, %d %s, %d as described\n' "${count['+']}" "${verb[0]}" "${count['~']}" "${verb[1]}" \
    "${count['-']}" "${verb[2]}" "${count['=']}"
}

main() {
  local changes=0
  read_options "$@"
  require_tools
  make_work
  find_here
  cd "$here"
  read_described
  find_credential
  make_plan
  require_no_problems
  require_resolved
  print_plan
  find_values
  [[ $dry_run == true ]] || apply
  sum_up
  [[ $exit_code == false || $changes == 0 ]] || exit 3
}

main "$@"
