"""Exports that hold secrets: passwords of phones and trunks, secrets of clients, tokens in flows and in Terraform."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tests.hostile.making import BYE, Hostile, Make, flow, listing

CANARY = "S3CR3T-canary"
_API = "/api/v2/telephony/providers/edges"


def _setting(value: str) -> object:
    return {"value": {"instance": value}}


def _json_files() -> dict[str, str]:
    password = _setting(f"{CANARY}-sip")
    trunk = {"id": "t", "name": "T", "trunkType": "EXTERNAL", "state": "active"}
    properties = {"trunk_sip_authentication_credentials_password": password, "trunk_media_recording": password}
    phone = {"id": "p", "name": "P", "password": f"{CANARY}-phone"}
    line = {"id": "l", "name": "L", "properties": {"station_sip_password": password}}
    return {
        "trunkbasesettings.json": listing(f"{_API}/trunkbasesettings", {**trunk, "properties": properties}),
        "phones.json": listing(f"{_API}/phones", {**phone, "lines": [line]}),
        "oauthclients.json": listing("/api/v2/oauth/clients", {"id": "o", "name": "O", "secret": f"{CANARY}-client"}),
        "token.json": json.dumps({"access_token": f"{CANARY}-token"})[:-1] + ",}",
        "cut.json": f'{{"password": "{CANARY}-cut',
        ".env": f"CLIENT_SECRET={CANARY}-environment\n",
    }


TERRAFORM = f"""
provider "genesyscloud" {{
  oauthclient_secret = "{CANARY}-provider"
}}
variable "given" {{
  default   = "{CANARY}-variable"
  sensitive = true
}}
resource "genesyscloud_oauth_client" "c" {{
  name   = "c"
  secret = "{CANARY}-resource"
}}
resource "genesyscloud_user" "u" {{
  name     = "U ${{var.given}}"
  email    = "u@x.example"
  password = "{CANARY}-user"
}}
resource "genesyscloud_routing_queue" "q" {{
  name = "Q ${{var.given}}"
}}
"""


def _statement(variable: str, value: str) -> str:
    return f"""          - updateData:
              name: Set
              statements:
                - string:
                    variable: {variable}
                    value:
                      exp: {json.dumps(json.dumps(value))}
"""


def _deciding(condition: str) -> str:
    return f"""          - decision:
              name: Which
              condition:
                exp: {json.dumps(condition)}
              outputs:
                "yes":
                  actions:
                    - enableParticipantRecord:
                        name: Enable
"""


_FLOW = (
    _statement("Flow.ClientSecret", f"{CANARY}-assigned")
    + _statement("Flow.Header", f"Bearer {CANARY}-bearer")
    + _deciding(f'Flow.Token == "{CANARY}-compared"')
    + _deciding(f'Flow.Data == "password={CANARY}-told"')
    + BYE
)


def _export(*command: str) -> Make:
    """All of them; command: what is run, if not the usual."""

    def make(folder: Path) -> Sequence[str]:
        for name, content in {**_json_files(), "main.tf": TERRAFORM, "flow.yaml": flow(_FLOW)}.items():
            (folder / name).write_text(content, encoding="utf-8")
        return command

    return make


_REPORTS = ("table", "json", "jsonl", "sarif", "junit", "gitlab", "github", "markdown", "csv", "html")
_COMMANDS = ("inventory", "matrix", "coverage", "consent-points", "fix")

SECRETS = (
    *(
        Hostile(
            f"passwords, client secrets and tokens, as {form}",
            _export("--debug", "audit", ".", "--format", form, "--include-orphans"),
            1,
            "RC102" if form != "github" else "::error",
            never=(CANARY,),
        )
        for form in _REPORTS
    ),
    *(
        Hostile(
            f"passwords, client secrets and tokens, {command}",
            _export("--debug", command, "."),
            {"coverage": 0, "fix": 1}.get(command, 5),
            "",
            never=(CANARY,),
        )
        for command in _COMMANDS
    ),
)
