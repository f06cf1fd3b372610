/** What a change changed: the places where two JSON values differ, as one reads them. */

export type Difference = { path: string; before: string | undefined; after: string | undefined };

/** Deeper than anything the API shows; what lies below is compared as a whole. */
const DEEPEST = 6;

export function differences(before: unknown, after: unknown): Difference[] {
  const found: Difference[] = [];
  compare('', before, after, 0, found);
  return found;
}

function compare(path: string, before: unknown, after: unknown, depth: number, found: Difference[]): void {
  if (depth < DEEPEST && isObject(before ?? {}) && isObject(after ?? {}) && (before || after)) {
    const [old, now] = [fields(before), fields(after)];
    for (const key of new Set([...old.keys(), ...now.keys()]))
      compare(path ? `${path}.${key}` : key, old.get(key), now.get(key), depth + 1, found);
    return;
  }
  const [old, now] = [spelled(before), spelled(after)];
  if (old !== now) found.push({ path, before: old, after: now });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fields(value: unknown): Map<string, unknown> {
  return new Map(isObject(value) ? Object.entries(value) : []);
}

/** Nothing, and what says nothing, is left out. */
function spelled(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
