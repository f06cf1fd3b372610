"""Client of the Python SDK; MCP_MODE is legacy, auto, or a revision to insist on."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from mcp import MCPError
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

# How often a call that waits is made again, 200 ms apart.
TRIES = 150


async def names(client: Client) -> list[str]:
    """The names on every page."""
    page = await client.list_tools()
    found = [tool.name for tool in page.tools]
    while page.next_cursor is not None:
        page = await client.list_tools(cursor=page.next_cursor)
        found += [tool.name for tool in page.tools]
    return found


async def call(client: Client, name: str) -> dict:
    """What matters of the result, or the error."""
    try:
        result = await client.call_tool(name, json.loads(os.environ.get("MCP_ARGUMENTS", "{}")))
    except MCPError as error:
        return {"error": {"code": error.error.code, "message": error.error.message}}
    text = "\n".join(getattr(block, "text", "") for block in result.content)
    return {"isError": bool(result.is_error), "text": text, "meta": result.meta}


def request(outcome: dict) -> dict:
    """The request for approval that a denial names."""
    return ((outcome.get("meta") or {}).get("policylayer.com/decision") or {}).get("approval") or {}


async def errand(client: Client) -> bool:
    """Lists, calls the allowed and the denied tool, and prints one line of JSON."""
    allowed_tool, denied_tool = os.environ["MCP_ALLOWED"], os.environ["MCP_DENIED"]
    tools = await names(client)
    allowed, denied = await call(client, allowed_tool), await call(client, denied_tool)
    refused = denied.get("isError") is True or "error" in denied
    ok = allowed_tool in tools and allowed.get("isError") is False and refused
    print(json.dumps({"ok": ok, "tools": tools, "allowed": allowed, "denied": denied}))
    return ok


async def park(here: Client, elsewhere: Client, tool: str) -> bool:
    """Parks a call here, makes it elsewhere until somebody has approved it, and then here once more."""
    parked = request(await call(here, tool))
    print(json.dumps({"parked": parked}), flush=True)
    passed = await call(elsewhere, tool)
    for _ in range(TRIES):
        if not passed.get("isError") or request(passed).get("id") != parked.get("id"):
            break
        await asyncio.sleep(0.2)
        passed = await call(elsewhere, tool)
    again = request(await call(here, tool))
    anew = again.get("status") == "pending" and again.get("id") != parked.get("id")
    ok = parked.get("status") == "pending" and passed.get("isError") is False and anew
    print(json.dumps({"ok": ok, "passed": passed, "again": again}))
    return ok


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Client]:
    """A session at an address."""
    headers = {"Authorization": f"Bearer {os.environ['MCP_TOKEN']}"}
    async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
        transport = streamable_http_client(url, http_client=http)
        async with Client(transport, mode=os.environ.get("MCP_MODE", "auto")) as client:
            yield client


async def main() -> int:
    """Runs one of the two errands: with MCP_ASKS the call that people have to approve."""
    tool = os.environ.get("MCP_ASKS")
    async with connected(os.environ["MCP_URL"]) as here:
        if tool is None:
            ok = await errand(here)
        else:
            async with connected(os.environ["MCP_ELSEWHERE"]) as elsewhere:
                ok = await park(here, elsewhere, tool)
    return 0 if ok else 1


sys.exit(asyncio.run(main()))
