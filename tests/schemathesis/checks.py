"""What is expected of every answer beyond the document, and two organisations to ask about.

Loaded by Schemathesis (`SCHEMATHESIS_HOOKS`). An admin of the first organisation asks. The second one's things carry a mark
that no answer may show. Addresses name what exists in the first most of the time, and now and then what exists in the second.
"""

import atexit
import json
import os
import random
import uuid

import requests
import schemathesis

BASE = os.environ["POLICYLAYER_URL"]
PASSWORD = "correct horse battery staple"
# In names and labels of the organisation that is not the caller's.
MARK = "mark" + uuid.uuid4().hex[:12]
# How long an access token is used; it lasts ten minutes.
TOKEN_SECONDS = 240
# Where sign-ins come from, each another address of this machine: among what is sent are many wrong passwords and tokens, and from
# where they come the next sign-in would have to wait.
PLACES = (f"127.0.0.{last}" for last in range(2, 255))

sent = 0


class From(requests.adapters.HTTPAdapter):
    """Connects from an address of its own."""

    def __init__(self, address):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, source_address=(self.address, 0), **kwargs)


def sign_in(email):
    client = requests.Session()
    client.mount("http://", From(next(PLACES)))
    answer = client.post(f"{BASE}/v1/login", json={"email": email, "password": PASSWORD}, timeout=30)
    answer.raise_for_status()
    return "Bearer " + answer.json()["access_token"]


def organisation(name):
    """Makes a person with an organisation and one of everything; gives their address and what parameters can name."""
    email = f"{name}@example.com"
    answer = requests.post(f"{BASE}/v1/signup", json={"email": email, "password": PASSWORD}, timeout=30)
    answer.raise_for_status()
    client = requests.Session()
    client.headers["authorization"] = sign_in(email)
    me = client.get(f"{BASE}/v1/me", timeout=30).json()
    org, team = me["memberships"][0]["org"], me["memberships"][0]["teams"][0]

    def make(method, path, body):
        answer = client.request(method, f"{BASE}/v1/orgs/{org}{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    make("POST", "/servers", {"name": name, "slug": "one", "url": "http://127.0.0.1:1/mcp", "discover": False})
    make("PUT", "/servers/one/policies/main", {"version": "1", "default": "deny"})
    identity = make("POST", f"/teams/{team}/identities", {"label": name, "kind": "agent"})["id"]
    token = make("POST", f"/teams/{team}/identities/{identity}/tokens", {"name": name})["id"]
    grant = make("POST", f"/teams/{team}/grants", {"identity": identity, "server": "one", "policy": "main"})["id"]
    key = make("POST", "/keys", {"name": name, "scopes": ["read"]})["id"]
    invited = make("POST", "/invitations", {"email": f"guest-{name}@example.com", "role": "viewer"})["id"]
    return email, {
        "org": org,
        "user": me["user"]["id"],
        "server": "one",
        "policy": "main",
        "version": "1",
        "tool": "search",
        "team": team,
        "identity": identity,
        "token": token,
        "grant": grant,
        "key": key,
        "invitation": invited,
    }


EMAIL, OURS = organisation("ours" + uuid.uuid4().hex[:8])
_, THEIRS = organisation(MARK)
FOREIGN = [MARK, *(value for value in THEIRS.values() if "_" in value)]


@schemathesis.auth(refresh_interval=TOKEN_SECONDS)
class Admin:
    """Signs requests as the admin of the first organisation."""

    def get(self, case, ctx):
        return sign_in(EMAIL)

    def set(self, case, data, ctx):
        case.headers = case.headers or {}
        case.headers["authorization"] = data


@schemathesis.hook
def map_path_parameters(ctx, path_parameters):
    for name in path_parameters or {}:
        draw = random.random()
        if name in OURS and draw < 0.7:
            path_parameters[name] = OURS[name]
        elif name in THEIRS and draw < 0.85:
            path_parameters[name] = THEIRS[name]
    return path_parameters


@schemathesis.hook
def after_call(ctx, case, response):
    global sent
    sent += 1


@atexit.register
def tell():
    with open(os.environ["POLICYLAYER_COUNTED"], "w", encoding="utf-8") as file:
        file.write(str(sent))


@schemathesis.check
def nothing_of_the_other_organisation(ctx, response, case):
    """No answer shows what carries the mark, unless the request itself said it; and none comes from over there."""
    # The outbox of an installation without a mail server: whoever is at the machine sees all of its mails.
    if "/v1/dev/" in response.request.url:
        return
    said = response.request.url + str(response.request.body)
    for secret in FOREIGN:
        if secret in response.text and secret not in said:
            raise AssertionError(f"the answer shows {secret} of the other organisation")
    if f"/orgs/{THEIRS['org']}" in response.request.url and response.status_code < 400:
        raise AssertionError("a request into the other organisation was served")


@schemathesis.check
def refusals_are_problems(ctx, response, case):
    """A success is one that the document lists by its number, and a refusal is a problem that says its own status."""
    status = response.status_code
    if status < 400:
        if str(status) not in case.operation.definition.raw["responses"]:
            raise AssertionError(f"the status {status} is not in the document")
        return
    if case.method.upper() == "HEAD":
        return
    if response.headers.get("content-type", [""])[0] != "application/problem+json":
        raise AssertionError(f"the status {status} does not come with a problem")
    problem = json.loads(response.text)
    if problem["status"] != status or not problem["code"] or not problem["detail"]:
        raise AssertionError("the problem does not say its status, its code or what to do")
    if not problem["request_id"].startswith("req_"):
        raise AssertionError("the problem does not name its request")
