"""Renders templates as Home Assistant does: a sandbox of Jinja 2 in which the payload is `value_json` and `value`."""
import json
import sys

from jinja2.sandbox import ImmutableSandboxedEnvironment

environment = ImmutableSandboxedEnvironment()
# As in Home Assistant's helpers/template.py: plain JSON, without HTML escapes.
environment.filters["tojson"] = json.dumps

answers = []
for template, payload in json.load(sys.stdin):
    values = {"value": payload}
    try:
        values["value_json"] = json.loads(payload) if isinstance(payload, str) else payload
    except ValueError:
        pass
    answers.append(environment.from_string(template).render(values))
print(json.dumps(answers))
