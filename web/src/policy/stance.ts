/** How a policy treats one tool, in a word, and how that word is written into the document. */
import { append, isObject, type Json, type JsonObject, read, set } from './document';
import { isGlob, matches } from './pattern';

export const STANCES = ['inherit', 'allow', 'deny', 'hide', 'approve', 'limit', 'custom'] as const;
export type Stance = (typeof STANCES)[number];

/** A stance that can be chosen. A custom rule is written, not chosen. */
export type Choice = Exclude<Stance, 'custom'>;

export type Tool = { name: string; category?: string | null | undefined };

export type Limit = { max: number; window: string | number };
export const FIRST_LIMIT: Limit = { max: 60, window: 'minute' };

/** What constrains a call beyond the action. */
const CONSTRAINTS = ['require', 'deny_if', 'approval', 'limits', 'rate_limit', 'reason'];

function names(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function rules(document: JsonObject): [string, JsonObject][] {
  const section = document.tools;
  return isObject(section)
    ? Object.entries(section).filter((entry): entry is [string, JsonObject] => isObject(entry[1]))
    : [];
}

/** The rule written under the tool's own name. */
export function ownRule(document: JsonObject, tool: Tool): JsonObject | undefined {
  return rules(document).find(([pattern]) => pattern === tool.name)?.[1];
}

/** The stance that one rule expresses by itself. */
export function stanceOfRule(rule: JsonObject): Stance {
  if (rule.action === 'deny') return 'deny';
  // A field that this page does not know is the server's to judge.
  const has = Object.keys(rule).filter((key) => CONSTRAINTS.includes(key));
  const only = (...keys: string[]) => has.every((key) => keys.includes(key));
  if (rule.action === 'require_approval') return only('approval', 'reason') ? 'approve' : 'custom';
  if (has.length === 0) return 'allow';
  if (isObject(rule.rate_limit) && only('rate_limit')) return 'limit';
  return 'custom';
}

/** How the document treats the tool by its own name. */
export function stanceOf(document: JsonObject, tool: Tool): Stance {
  if (names(document.hide).some((pattern) => matches(pattern, tool.name))) return 'hide';
  const rule = ownRule(document, tool);
  return rule ? stanceOfRule(rule) : 'inherit';
}

/** The glob that hides a tool; a tool hidden so cannot be shown by a rule of its own. */
export function hiddenBy(document: JsonObject, tool: Tool): string | undefined {
  return names(document.hide).find((pattern) => isGlob(pattern) && matches(pattern, tool.name));
}

/** What holds for a tool without a rule of its own, and why. */
export function inherited(document: JsonObject, tool: Tool): { stance: Stance; from: string } {
  const layers = moreGeneral(document, tool);
  if (document.default !== 'allow' && layers.length === 0) return { stance: 'deny', from: 'default' };
  const all: Layer[] = isObject(document.all_tools) ? [['all tools', document.all_tools]] : [];
  const [first, ...rest] = [...layers, ...all];
  if (!first) return { stance: 'allow', from: 'default' };
  // The action is that of the most specific rule that states one; the rest of all rules applies anyway.
  const acting = [first, ...rest].find(([, rule]) => typeof rule.action === 'string') ?? first;
  return { stance: stanceOfRule(acting[1]), from: acting[0] };
}

/** The more general rule that denies a tool whose own rule states no action. */
export function overruled(document: JsonObject, tool: Tool): string | undefined {
  const rule = ownRule(document, tool);
  if (!rule || typeof rule.action === 'string') return undefined;
  const all: Layer[] = isObject(document.all_tools) ? [['all tools', document.all_tools]] : [];
  const acting = [...moreGeneral(document, tool), ...all].find(([, one]) => typeof one.action === 'string');
  return acting?.[1].action === 'deny' ? acting[0] : undefined;
}

type Layer = [name: string, rule: JsonObject];

/** Rules of globs and of the class that match a tool, the most specific first. */
export function moreGeneral(document: JsonObject, tool: Tool): Layer[] {
  const globs = rules(document).filter(([pattern]) => isGlob(pattern) && matches(pattern, tool.name));
  const literal = (pattern: string) => pattern.replace(/[*?]/g, '').length;
  globs.sort(([a], [b]) => literal(b) - literal(a));
  const categories = document.categories;
  const category = tool.category && isObject(categories) ? categories[tool.category] : undefined;
  return isObject(category) ? [...globs, [`category ${tool.category}`, category]] : globs;
}

/** The first limit of a rule that is nothing but one. */
export function limitOf(document: JsonObject, tool: Tool): Limit | undefined {
  const limit = ownRule(document, tool)?.rate_limit;
  if (!isObject(limit) || typeof limit.max !== 'number') return undefined;
  const { window } = limit;
  return typeof window === 'string' || typeof window === 'number' ? { max: limit.max, window } : undefined;
}

/** Writes a stance into the text. Nothing else in it changes. A tool that a glob hides stays hidden. */
export function choose(text: string, tool: Tool, choice: Choice, limit: Limit = FIRST_LIMIT): string {
  const document = read(text).document;
  if (!document) return text;
  const path = ['tools', tool.name];
  if (choice === 'hide') {
    const hidden = stanceOf(document, tool) === 'hide' ? text : append(text, ['hide'], tool.name);
    // A rule that can never apply is a warning; one with something in it is kept for the day it is shown again.
    const rule = ownRule(document, tool);
    return rule && stanceOfRule(rule) !== 'custom' ? set(hidden, path, undefined) : hidden;
  }
  const shown = unhide(text, tool);
  if (choice === 'inherit') return ownRule(document, tool) ? set(shown, path, undefined) : shown;
  const rule = ownRule(document, tool);
  if (!rule) return set(shown, path, fresh(choice, limit));
  if (choice === 'deny') return set(shown, [...path, 'action'], 'deny');
  return rewrite(shown, path, rule, fresh(choice, limit));
}

/** A new rule for a stance. */
function fresh(choice: Exclude<Choice, 'hide' | 'inherit'>, limit: Limit): JsonObject {
  if (choice === 'deny') return { action: 'deny' };
  if (choice === 'approve') return { action: 'require_approval' };
  if (choice === 'limit') return { action: 'allow', rate_limit: { max: limit.max, window: limit.window } };
  return { action: 'allow' };
}

/** Brings a rule to the wanted fields: what else constrains it goes, what is not known here stays. */
function rewrite(text: string, path: string[], rule: JsonObject, wanted: JsonObject): string {
  const keep = wanted.action === 'require_approval' ? ['approval', 'reason'] : [];
  let next = text;
  for (const key of CONSTRAINTS) {
    if (key in rule && !(key in wanted) && !keep.includes(key)) next = set(next, [...path, key], undefined);
  }
  for (const [key, value] of Object.entries(wanted)) next = set(next, [...path, key], value);
  return next;
}

/** Takes the tool's own name out of `hide`, and an emptied `hide` out of the document. */
function unhide(text: string, tool: Tool): string {
  const hide = read(text).document?.hide;
  if (!Array.isArray(hide) || !hide.includes(tool.name)) return text;
  const rest = hide.filter((pattern) => pattern !== tool.name);
  return set(text, ['hide'], rest.length > 0 ? rest : undefined);
}
