#!/usr/bin/env bash
# Builds the functions as they are released, checks infra/template.yaml, deploys it to MiniStack, which runs the
# built programs under the roles that the template gives them, and works with what was deployed
# (tests/cloud/). Needs Python 3.10 or newer and, at the first run, PyPI.
set -euo pipefail
cd "$(dirname "$0")/.."

cache=${XDG_CACHE_HOME:-$HOME/.cache}/lectern
stack=lectern
region=eu-central-1
account=123456789012

step() { printf '\n-- %s\n' "$*"; }

work=$(mktemp -d)
services=
sandbox=
finish() {
  # The programs of the functions are in the group of the emulator that started them.
  if [[ -n $services ]]; then kill -KILL -- "-$services" 2>/dev/null || true; fi
  if [[ -n $sandbox ]]; then kill "$sandbox" 2>/dev/null || true; fi
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# Two environments: each wants a version of botocore of its own.
environment() {
  local home=$cache/$1 wanted=${*:2}
  if [[ ! -f $home/lectern.txt || $(<"$home/lectern.txt") != "$wanted" ]]; then
    rm -rf "$home"
    python3 -m venv "$home"
    "$home/bin/pip" install --quiet --disable-pip-version-check "${@:2}"
    echo "$wanted" >"$home/lectern.txt"
  fi
}

step "tools"
environment emulator ministack==1.5.33 aws-sam-translator==1.115.0
environment deployment aws-sam-cli==1.170.0 cfn-lint==1.58.0 checkov==3.2.459 cargo-lambda==1.9.2 ziglang==0.17.1
tools=$cache/deployment/bin

step "the template"
export SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=$region AWS_REGION=$region
"$tools/cfn-lint" infra/template.yaml
"$tools/sam" validate --lint --template infra/template.yaml
"$tools/checkov" --config-file infra/checkov.yaml --skip-download

step "the functions"
architecture=$(uname -m)
CARGO_TARGET_DIR=$cache/lambda PATH="$tools:$PATH" cargo lambda build --locked --release --output-format zip \
  --workspace --exclude lectern-local --exclude lectern-tests --exclude lectern-start --lambda-dir target/lambda \
  --target "$architecture-unknown-linux-gnu"
for zip in target/lambda/*/bootstrap.zip; do
  size=$(stat -c %s "$zip")
  printf '%-40s %8d bytes\n' "$zip" "$size"
  if ((size > 6000000)); then
    echo "$zip has more than 6 MB" >&2
    exit 1
  fi
  python3 -m zipfile -e "$zip" "$work/programs/$(basename "$(dirname "$zip")")"
done

step "the services"
# Of the whole workspace, so that what other checks have built is not built again with fewer features.
cargo build --locked --workspace --bin lectern
cargo test --locked --workspace --test cloud --no-run
target=${CARGO_TARGET_DIR:-target}
: >"$work/sandbox.txt"
"$target/debug/lectern" --aws-only --memory --port 0 >"$work/sandbox.txt" &
sandbox=$!
for _ in {1..100}; do
  zoom=$(sed -n 's/^Lectern is listening on //p' "$work/sandbox.txt")
  if [[ -n $zoom ]]; then break; fi
  sleep 0.1
done

health() { curl -sf -o /dev/null "http://127.0.0.1:$1/_ministack/health"; }

# Permissions are enforced (AUTH), and whoever has an account's number for a key is its owner.
start() {
  port=$((20000 + RANDOM % 20000))
  if health "$port"; then return 1; fi
  BIND_HOST=127.0.0.1 GATEWAY_PORT=$port AUTH=true MINISTACK_REGION=$region MINISTACK_ACCOUNT_ID=$account \
    TMPDIR=$work setsid "$cache/emulator/bin/ministack" >"$work/services.txt" 2>&1 &
  services=$!
  while kill -0 "$services" 2>/dev/null; do
    if health "$port"; then return 0; fi
    sleep 0.2
  done
  return 1
}
for _ in 1 2 3 4 5; do
  if start; then break; fi
  services=
done
if [[ -z $services ]]; then
  cat "$work/services.txt" >&2
  exit 1
fi

step "deploying"
export AWS_ENDPOINT_URL=http://127.0.0.1:$port AWS_ACCESS_KEY_ID=$account AWS_SECRET_ACCESS_KEY=test
case $architecture in aarch64) architecture=arm64 ;; esac
export architecture region stack tools work zoom
deploy() {
  "$tools/sam" deploy --template infra/template.yaml --stack-name "$stack" --region "$region" --resolve-s3 \
    --capabilities CAPABILITY_IAM --no-confirm-changeset --no-progressbar --parameter-overrides \
    JwtIssuer=https://lms.example JwtAudience=lectern MailIdentity=lectern.example \
    "MailFrom='Lectern <no-reply@lectern.example>'" "Architecture=$architecture" \
    "AwsEndpoint=$AWS_ENDPOINT_URL" "ZoomTokenUrl=$zoom/_zoom/oauth/token" "ZoomApiUrl=$zoom/_zoom/v2" \
    "$@" >"$work/deploy.txt" 2>&1 || { cat "$work/deploy.txt"; return 1; }
}
export -f deploy
deploy
api=$("$cache/deployment/bin/python" - <<'EOF'
import boto3

boto3.client("sesv2").create_email_identity(EmailIdentity="lectern.example")
outputs = boto3.client("cloudformation").describe_stacks(StackName="lectern")["Stacks"][0]["Outputs"]
print(next(output["OutputValue"] for output in outputs if output["OutputKey"] == "ApiId"))
EOF
)

step "the main job"
failed=
update="cd '$PWD' && deploy CorsOrigins=https://lms.school.example"
LECTERN_CLOUD_API=$AWS_ENDPOINT_URL/_aws/execute-api/$api LECTERN_CLOUD_STACK=$stack \
  LECTERN_CLOUD_PROGRAMS=$work/programs LECTERN_CLOUD_UPDATE=$update LECTERN_CLOUD_ZOOM=$zoom/_zoom \
  cargo test --locked --workspace --test cloud -- "$@" || failed=1
# Nothing may have been refused to a function, and none may have failed or died, whether it showed or not.
"$cache/deployment/bin/python" - >"$work/complaints.txt" <<'EOF'
import boto3

signs = ("AccessDenied", "not authorized", "panicked", '"level":"ERROR"')
logs = boto3.client("logs")
groups = 0
for group in logs.describe_log_groups(logGroupNamePrefix="/lectern/")["logGroups"]:
    name = group["logGroupName"]
    lines = 0
    groups += 1
    for page in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
        for event in page["events"]:
            lines += 1
            if any(sign in event["message"] for sign in signs):
                print(name, event["message"][:2000])
    if lines == 0 and not name.endswith("/api"):
        print(name, "has no line: was the function never run?")
if groups < 10:
    print("there are", groups, "log groups")
EOF
if [[ -s $work/complaints.txt ]]; then
  head -20 "$work/complaints.txt" >&2
  failed=1
fi
if [[ -n $failed ]]; then
  tail -100 "$work/services.txt" >&2
  exit 1
fi
