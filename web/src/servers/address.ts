export type Header = { name: string; value: string };

/** Headers as the API takes them; rows without a name are left out. */
export function headersOf(rows: Header[]): Record<string, string> {
  return Object.fromEntries(rows.filter((row) => row.name.trim()).map((row) => [row.name.trim(), row.value]));
}

const GENERIC = new Set(['www', 'mcp', 'api', 'com', 'net', 'org', 'io', 'dev', 'app', 'ai', 'localhost']);

/** A name for people, guessed from an address: `https://mcp.linear.app/sse` is "Linear". */
export function nameOf(address: string): string {
  let host: string;
  try {
    host = new URL(address.trim()).hostname;
  } catch {
    return '';
  }
  if (/^[\d.]+$|:/.test(host)) return 'Local server';
  const words = host.split('.').filter((word) => word && !GENERIC.has(word));
  const word = words.at(-1) ?? (host.includes('localhost') ? 'Local server' : host);
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
