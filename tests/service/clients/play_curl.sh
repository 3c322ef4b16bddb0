#!/usr/bin/env bash
# Plays a story through Doorward with nothing but curl; Python only picks the fields out of the JSON.
#
# usage: play_curl.sh ADDRESS TENANT STORY PYTHON
# One line an answer: the verdict, then the reason codes.
set -euo pipefail
address=$1 tenant=$2 story=$3 python=$4

while IFS= read -r line; do
  body=${line/'"attempt": {'/'"attempt": {"tenant": "'$tenant'", '}
  curl --silent --show-error --fail-with-body --data "$body" \
    "http://$address/doorward.v1.DecisionService/Evaluate" |
    "$python" -c '
import json, sys
decision = json.load(sys.stdin)["decision"]
print(decision["verdict"], *(reason["code"] for reason in decision.get("reasons", [])))'
done <"$story"
