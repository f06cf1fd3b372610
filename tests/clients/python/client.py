"""Client of the Python SDK; MCP_MODE is legacy, auto, or a revision to insist on."""

import asyncio
import json
import os
import sys

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


async def call(client: Client, name: str) -> dict:
    """What matters of the result, or the error."""
    try:
        result = await client.call_tool(name, json.loads(os.environ.get("MCP_ARGUMENTS", "{}")))
    except MCPError as error:
        return {"error": {"code": error.error.code, "message": error.error.message}}
    text = "\n".join(getattr(block, "text", "") for block in result.content)
    return {"isError": bool(result.is_error), "text": text, "meta": result.meta}


async def main() -> int:
    """Lists, calls the allowed and the denied tool, and prints one line of JSON."""
    allowed_tool, denied_tool = os.environ["MCP_ALLOWED"], os.environ["MCP_DENIED"]
    headers = {"Authorization": f"Bearer {os.environ['MCP_TOKEN']}"}
    async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
        transport = streamable_http_client(os.environ["MCP_URL"], http_client=http)
        async with Client(transport, mode=os.environ.get("MCP_MODE", "auto")) as client:
            tools = await names(client)
            allowed, denied = await call(client, allowed_tool), await call(client, denied_tool)
    refused = denied.get("isError") is True or "error" in denied
    ok = allowed_tool in tools and allowed.get("isError") is False and refused
    print(json.dumps({"ok": ok, "tools": tools, "allowed": allowed, "denied": denied}))
    return 0 if ok else 1


sys.exit(asyncio.run(main()))
