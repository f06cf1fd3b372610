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


async def names(client: Client) -> list[str]:
    """The names on every page."""
    page = await client.list_tools()
    found = [tool.name for tool in page.tools]
    while page.next_cursor is not None:
        page = await client.list_tools(cursor=page.next_cursor)
        found += [tool.name for tool in page.tools]
    return found


async def call(client: Client, name: str, given: dict) -> dict:
    """What matters of the result, or the error."""
    try:
        result = await client.call_tool(name, given)
    except MCPError as error:
        return {"error": {"code": error.error.code, "message": error.error.message}}
    text = "\n".join(getattr(block, "text", "") for block in result.content)
    return {"isError": bool(result.is_error), "text": text, "meta": result.meta}


async def errand(client: Client) -> bool:
    """Lists, calls the allowed and the denied tool, and prints one line of JSON."""
    allowed_tool, denied_tool = os.environ["MCP_ALLOWED"], os.environ["MCP_DENIED"]
    tools, given = await names(client), json.loads(os.environ.get("MCP_ARGUMENTS", "{}"))
    allowed, denied = await call(client, allowed_tool, given), await call(client, denied_tool, given)
    refused = denied.get("isError") is True or "error" in denied
    ok = allowed_tool in tools and allowed.get("isError") is False and refused
    print(json.dumps({"ok": ok, "tools": tools, "allowed": allowed, "denied": denied}))
    return ok


async def obey(clients: list[Client]) -> None:
    """Makes the calls of each line of standard input, those of one line at once, and prints what came of them as one line."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        made = [call(clients[one["at"]], one["tool"], one["arguments"]) for one in json.loads(line)]
        print(json.dumps(await asyncio.gather(*made)), flush=True)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Client]:
    """A session at an address."""
    headers = {"Authorization": f"Bearer {os.environ['MCP_TOKEN']}"}
    async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
        transport = streamable_http_client(url, http_client=http)
        async with Client(transport, mode=os.environ.get("MCP_MODE", "auto")) as client:
            yield client


async def main() -> int:
    """Runs one of the two errands: with MCP_ELSEWHERE the calls that standard input tells, at two gateways."""
    elsewhere = os.environ.get("MCP_ELSEWHERE")
    async with connected(os.environ["MCP_URL"]) as here:
        if elsewhere is None:
            return 0 if await errand(here) else 1
        async with connected(elsewhere) as there:
            await obey([here, there])
    return 0


sys.exit(asyncio.run(main()))
