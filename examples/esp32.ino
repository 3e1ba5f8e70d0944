// An ESP32 as a Parley device: says what it is, is online by its will, publishes readings, answers the command `set`.
//
// Libraries (Arduino IDE → Library Manager): PubSubClient by Nick O'Leary, ArduinoJson 7 by Benoît Blanchon.
// The hub must listen where the board can reach it: npm start -- --host 0.0.0.0
// Try it: mosquitto_pub -h <hub> -u ana -t devices/esp32-1/commands/set -m '{"on":true}'

#include <WiFi.h>
#include <PubSubClient.h>
#include <ArduinoJson.h>

const char* WIFI_NAME = "your network";
const char* WIFI_PASSWORD = "its password";
const char* HUB = "192.168.1.20";
const uint16_t PORT = 1883;

// 1 to 64 of a-z 0-9 _ -, starting with a letter or digit. It is the username too: a device is a user.
const char* DEVICE = "esp32-1";
const uint8_t LED = 2;
const uint32_t INTERVAL_MS = 5000;

const char* ABOUT =
    R"({"model":"ESP32","metrics":{"signal":{"unit":"dBm","min":-100,"max":0},"uptime":{"unit":"s"}},)"
    R"("commands":{"set":{"args":{"type":"object","properties":{"on":{"type":"boolean"}},"required":["on"]}}}})";

WiFiClient network;
PubSubClient hub(network);
uint32_t lastReading = 0;
uint32_t lastAttempt = 0;

String topic(const char* rest) {
  return String("devices/") + DEVICE + "/" + rest;
}

void publishState() {
  hub.publish(topic("state").c_str(), digitalRead(LED) ? R"({"on":true})" : R"({"on":false})", true);
}

// The hub hands over every command as {"id","args"}, whatever was published.
void onCommand(char*, byte* payload, unsigned int length) {
  JsonDocument command;
  if (deserializeJson(command, payload, length)) return;
  String replies = topic("replies/") + command["id"].as<const char*>();
  if (!command["args"]["on"].is<bool>()) {
    hub.publish(replies.c_str(), R"({"ok":false,"error":"set takes {\"on\":true} or {\"on\":false}"})");
    return;
  }
  digitalWrite(LED, command["args"]["on"].as<bool>() ? HIGH : LOW);
  publishState();
  hub.publish(replies.c_str(), R"({"ok":true})");
}

// Retained, so that late readers know; the will turns the status over when the board is gone.
void connectHub() {
  if (millis() - lastAttempt < 2000) return;
  lastAttempt = millis();
  String status = topic("status");
  if (!hub.connect(DEVICE, DEVICE, nullptr, status.c_str(), 1, true, "offline")) return;
  hub.publish(topic("about").c_str(), ABOUT, true);
  publishState();
  hub.subscribe(topic("commands/set").c_str(), 1);
  hub.publish(status.c_str(), "online", true);
}

void publishReadings() {
  if (millis() - lastReading < INTERVAL_MS) return;
  lastReading = millis();
  JsonDocument readings;
  readings["signal"] = WiFi.RSSI();
  readings["uptime"] = millis() / 1000;
  char text[96];
  serializeJson(readings, text);
  hub.publish(topic("telemetry").c_str(), text);
}

void setup() {
  pinMode(LED, OUTPUT);
  WiFi.begin(WIFI_NAME, WIFI_PASSWORD);
  hub.setServer(HUB, PORT);
  hub.setCallback(onCommand);
  hub.setBufferSize(1024);  // the default of 256 bytes is too small for `about`
}

void loop() {
  if (WiFi.status() != WL_CONNECTED) return;
  if (!hub.connected()) connectHub();
  if (!hub.connected()) return;
  hub.loop();
  publishReadings();
}
