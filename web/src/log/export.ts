import type { Schemas } from '@/api/client';

type Event = Schemas['EventView'];

const COLUMNS: [string, (event: Event) => string][] = [
  ['id', (event) => event.id],
  ['at', (event) => event.at],
  ['verdict', (event) => event.verdict],
  ['server', (event) => event.server ?? ''],
  ['method', (event) => event.method],
  ['tool', (event) => event.tool ?? ''],
  ['identity', (event) => event.identity_label ?? event.identity],
  ['rule', (event) => event.rule],
  ['message', (event) => event.message],
  ['arguments', (event) => event.arguments.join(' ')],
  ['policy', (event) => event.policy ?? ''],
  ['policy_version', (event) => String(event.policy_version ?? '')],
  ['end', (event) => event.outcome?.end ?? ''],
  ['status', (event) => String(event.outcome?.status ?? '')],
  ['latency_ms', (event) => (event.outcome ? String(event.outcome.latency_us / 1000) : '')],
];

/** One cell (RFC 4180). A cell that a spreadsheet would run as a formula is led by an apostrophe. */
export function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csv(events: Event[]): string {
  const rows = events.map((event) => COLUMNS.map(([, read]) => cell(read(event))));
  return [COLUMNS.map(([name]) => name), ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/** One JSON object a line, as the API gave it. */
export function ndjson(events: Event[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

export function download(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
