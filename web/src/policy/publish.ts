import { api, ask } from '@/api/client';
import type { Draft } from './history';

export type Place = { org: string; server: string; policy: string };

/** What is published, and what was there when somebody began to change it. Version 0: nothing yet. */
export type Published = Draft & { version: number };

/** A draft as the API takes it, each text byte for byte: the bare document, or both where there are cases. */
export function bodyOf({ text, cases }: Draft, hadCases = false): string {
  if (cases.trim() !== '') return JSON.stringify({ document: text, cases });
  return hadCases ? JSON.stringify({ document: text, cases: [] }) : text;
}

/** Publishes a draft over the version that it was made from. */
export function publish({ org, server, policy }: Place, draft: Draft, over: Published) {
  const guard: Record<string, string> =
    over.version === 0 ? { 'if-none-match': '*' } : { 'if-match': `"${over.version}"` };
  return ask(
    api.PUT('/v1/orgs/{org}/servers/{server}/policies/{policy}', {
      params: { path: { org, server, policy } },
      body: {},
      bodySerializer: () => bodyOf(draft, over.cases.trim() !== ''),
      headers: { 'content-type': 'application/json', ...guard },
    }),
  );
}
