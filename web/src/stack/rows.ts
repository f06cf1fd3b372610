/** Every tool of every server, with how the policies that grants name treat it. */
import type { Schemas } from '@/api/client';
import { read } from '@/policy/document';
import { inherited, type Stance, stanceOf } from '@/policy/stance';

export type Standing = { policy: string; stance: Stance; grants: number };
export type StackRow = {
  server: string;
  serverName: string;
  enabled: boolean;
  tool: string;
  category: Schemas['Category'] | null;
  standings: Standing[];
  /** Some grant lets it pass, at least sometimes. */
  callable: boolean;
};

export type Piece = {
  server: Pick<Schemas['ServerView'], 'slug' | 'name' | 'enabled'>;
  tools: Pick<Schemas['ToolView'], 'name' | 'category'>[];
  /** The policies that active grants name, with how many do. */
  policies: { slug: string; document: string; grants: number }[];
};

const NEVER: Stance[] = ['deny', 'hide'];

export function rowsOf(pieces: Piece[]): StackRow[] {
  return pieces.flatMap(({ server, tools, policies }) => {
    const documents = policies.map((policy) => ({ ...policy, read: read(policy.document).document }));
    return tools.map((tool) => {
      const standings = documents.map(({ slug, grants, read: document }): Standing => {
        if (!document) return { policy: slug, stance: 'custom', grants };
        const own = stanceOf(document, tool);
        return { policy: slug, grants, stance: own === 'inherit' ? inherited(document, tool).stance : own };
      });
      return {
        server: server.slug,
        serverName: server.name,
        enabled: server.enabled,
        tool: tool.name,
        category: tool.category ?? null,
        standings,
        callable: server.enabled && standings.some(({ stance }) => !NEVER.includes(stance)),
      };
    });
  });
}

/** The worst first. */
export const CLASSES = ['financial', 'destructive', 'execute', 'write', 'other', 'read'] as const;
export type Class = (typeof CLASSES)[number] | 'unknown';

/** Rows by class, those without one last; classes without rows are left out. */
export function byClass(rows: StackRow[]): { name: Class; rows: StackRow[] }[] {
  const names: Class[] = [...CLASSES, 'unknown'];
  return names
    .map((name) => ({ name, rows: rows.filter((row) => (row.category ?? 'unknown') === name) }))
    .filter((group) => group.rows.length > 0);
}
