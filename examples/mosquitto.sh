#!/bin/sh
# Mosquitto's clients (Debian: apt-get install mosquitto-clients): hear a channel, and say something in it.
# HUB and PORT name another hub:  HUB=192.168.1.20 sh examples/mosquitto.sh
HUB=${HUB:-127.0.0.1} PORT=${PORT:-1883}

# -C 1 ends it after one entry; leave it out to go on listening. The subscription is made in that second.
mosquitto_sub -h "$HUB" -p "$PORT" -t 'chat/general' -v -C 1 -W 30 & sleep 1
mosquitto_pub -h "$HUB" -p "$PORT" -u ana -t 'chat/general' -m 'hello from mosquitto' -q 1
wait $!
