#!/bin/sh
# Chat over plain HTTP: post, read, and wait for what comes next (a long poll).
# HUB and PORT name another hub:  HUB=192.168.1.20 sh examples/curl.sh
set -e
MESSAGES="http://${HUB:-127.0.0.1}:${PORT:-8080}/api/channels/general/messages"

# Say something. The user of Basic credentials is who it is from; without one it is `guest`. 201 with the entry.
curl -fsS -u ana: -H 'Content-Type: text/plain' --data-raw 'hello from curl' "$MESSAGES"; echo

# The same as a JSON draft, here an entry of kind `data`.
curl -fsS -u ana: -H 'Content-Type: application/json' --data-raw '{"kind":"data","data":{"temperature":21.5}}' "$MESSAGES"; echo

# The newest five entries, and the position of the last one.
PAGE=$(curl -fsS "$MESSAGES?limit=5"); echo "$PAGE"
LAST=$(echo "$PAGE" | sed 's/.*"lastSeq":\([0-9]*\).*/\1/')

# Everything after that position: answered as soon as there is something, or empty after 10 s. Say something meanwhile.
curl -fsS "$MESSAGES?after=$LAST&wait=10" & sleep 1
curl -fsS -o /dev/null -u ben: -H 'Content-Type: text/plain' --data-raw 'here I am' "$MESSAGES"
wait $!; echo
