#!/usr/bin/env bash
# The tests of what must hold under concurrency and of what leans on conditions and transactions, against AWS's
# own DynamoDB Local in place of the embedded engine. Needs a Java runtime, npm's registry at the first run, and
# curl. Arguments go to the tests in place of the usual choice, as in `tests/dynamodb-local.sh model::`.
set -euo pipefail
cd "$(dirname "$0")/.."

version=2.9.30
sha512=c5379e44bbf311fab2779961ddb1f8734907bd21c79a6843e590ec1c5280439836665e89aa515dbad6908422c7cf1129e91cb5a3b4c1ea7888a17b9002749ec1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/lectern
home=$cache/dynamodb-local-$version

if ! java -version >/dev/null 2>&1; then
  echo "there is no Java runtime: the tests against DynamoDB Local were not run"
  exit 0
fi

work=$(mktemp -d)
server=
finish() {
  if [[ -n $server ]]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT

if [[ ! -d $home ]]; then
  package=amplify-dynamodb-simulator
  curl -fsSL -o "$work/package.tgz" "https://registry.npmjs.org/$package/-/$package-$version.tgz"
  echo "$sha512  $work/package.tgz" | sha512sum --check --quiet
  tar -xzf "$work/package.tgz" -C "$work"
  mkdir -p "$cache"
  mv "$work/package/emulator" "$home"
fi

# Built before the server starts, which is then up for the tests alone.
cargo test --locked -p lectern-tests --test it --no-run

answers() { curl -s -o "$work/answer" "http://127.0.0.1:$1/"; }

start() {
  port=$((20000 + RANDOM % 20000))
  if answers "$port"; then return 1; fi
  # It leaves a file where it is started.
  (
    cd "$work"
    exec java -Djava.library.path="$home/DynamoDBLocal_lib" -jar "$home/DynamoDBLocal.jar" -inMemory -port "$port"
  ) >"$work/log" 2>&1 &
  server=$!
  # It ends by itself where somebody else has taken the port.
  while kill -0 "$server" 2>/dev/null; do
    if answers "$port"; then return 0; fi
    sleep 0.2
  done
  return 1
}

for _ in 1 2 3 4 5; do
  if start; then break; fi
  server=
done
if [[ -z $server ]]; then
  cat "$work/log" >&2
  echo "DynamoDB Local does not start" >&2
  exit 1
fi

if [[ $# -eq 0 ]]; then set -- booking:: model:: conventions::idempotency; fi
LECTERN_TEST_DYNAMODB="http://127.0.0.1:$port" cargo test --locked -p lectern-tests --test it -- "$@"
