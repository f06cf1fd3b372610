/** A rule in a few words, for where there is no room for more. */
import { isObject, type Json, type JsonObject } from '../document';

function conditions(value: Json | undefined): number {
  if (!Array.isArray(value)) return 0;
  return value.reduce<number>(
    (sum, group) => sum + (isObject(group) && Array.isArray(group.conditions) ? group.conditions.length : 0),
    0,
  );
}

function several(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** "hour", "90 s". */
export function windowText(window: Json | undefined): string {
  return typeof window === 'number' ? `${window} s` : String(window ?? '?');
}

export function limitText(limit: JsonObject): string {
  return `at most ${String(limit.max ?? '?')} a ${windowText(limit.window)}`;
}

/** What a rule holds, in the order in which it is judged. */
export function ruleSummary(rule: JsonObject): string[] {
  const words: string[] = [];
  if (rule.action === 'deny') words.push('refused');
  if (Array.isArray(rule.require)) words.push(`${several(conditions(rule.require), 'condition')} required`);
  if (Array.isArray(rule.deny_if)) words.push(`refused in ${several(rule.deny_if.length, 'case')}`);
  if (rule.action === 'require_approval' || isObject(rule.approval)) words.push('people are asked');
  if (Array.isArray(rule.limits)) words.push(...rule.limits.filter(isObject).map(limitText));
  if (isObject(rule.rate_limit)) words.push(limitText(rule.rate_limit));
  return words;
}
