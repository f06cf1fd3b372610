/** Test cases as text: the file that is published with a policy. What a case holds is spelled as its author spelled it. */
import { applyEdits, format, modify, parseTree } from 'jsonc-parser';
import { isObject, type JSONPath, type Json, literal } from '../document';

export type Listed = {
  list: Json[];
  /** Where the list stands in the text: it may be the whole of it. */
  base: JSONPath;
  fault: string | null;
};

const FORMAT = { insertSpaces: true, tabSize: 2, eol: '\n' };

export function listCases(text: string): Listed {
  if (text.trim() === '') return { list: [], base: ['cases'], fault: null };
  try {
    const value = JSON.parse(text) as Json;
    if (Array.isArray(value)) return { list: value, base: [], fault: null };
    if (isObject(value) && Array.isArray(value.cases))
      return { list: value.cases, base: ['cases'], fault: null };
    return { list: [], base: ['cases'], fault: 'Cases are {"cases": […]}, or the bare list' };
  } catch (error) {
    return { list: [], base: ['cases'], fault: error instanceof Error ? error.message : 'This is not JSON' };
  }
}

/** Puts a case in its place, or at the end when `index` is left out. */
export function putCase(text: string, spelled: string, index?: number): string {
  const start = text.trim() === '' ? '{\n  "cases": []\n}\n' : text;
  const { list, base, fault } = listCases(start);
  if (fault !== null) return text;
  const place = [...base, index ?? list.length];
  const mark = '\u0000case\u0000';
  const options = { formattingOptions: FORMAT, isArrayInsertion: index === undefined };
  const marked = applyEdits(start, modify(start, place, mark, options));
  const at = marked.indexOf(JSON.stringify(mark));
  const put = marked.replace(JSON.stringify(mark), () => spelled);
  return applyEdits(put, format(put, { offset: at, length: spelled.length }, FORMAT));
}

/** Takes a case out; without any there is no file. */
export function removeCase(text: string, index: number): string {
  const { list, base } = listCases(text);
  if (list.length <= 1) return '';
  return applyEdits(text, modify(text, [...base, index], undefined, { formattingOptions: FORMAT }));
}

/** A case as the form has it; arguments and context are JSON, the context may be empty. */
export type CaseForm = {
  name: string;
  tool: string;
  arguments: string;
  context: string;
  outcome: 'allow' | 'deny';
  rule: string;
  message: string;
};

export const NEW_CASE: CaseForm = {
  name: '',
  tool: '',
  arguments: '{}',
  context: '',
  outcome: 'deny',
  rule: '',
  message: '',
};

/** The case in words of JSON. Arguments and context are put in as they are written. */
export function spell(form: CaseForm): string {
  const call = `{"tool": ${JSON.stringify(form.tool)}, "arguments": ${form.arguments.trim() || '{}'}}`;
  const expect = {
    outcome: form.outcome,
    ...(form.outcome === 'deny' && form.rule !== '' ? { rule: form.rule } : {}),
    ...(form.outcome === 'deny' && form.message !== '' ? { message: form.message } : {}),
  };
  const context = form.context.trim() === '' ? '' : `, "context": ${form.context.trim()}`;
  return `{"name": ${JSON.stringify(form.name)}, "call": ${call}${context}, "expect": ${JSON.stringify(expect)}}`;
}

/** A case of the text, for the form. */
export function formOf(text: string, index: number): CaseForm {
  const { list, base } = listCases(text);
  const at = [...base, index];
  const one = list[index];
  const word = (value: Json | undefined) => (typeof value === 'string' ? value : '');
  const part = (value: Json | undefined) => (isObject(value) ? value : {});
  const { name, call, expect } = part(one);
  const spelled = (path: JSONPath) => pretty(literal(text, [...at, ...path]) ?? '');
  return {
    name: word(name),
    tool: word(part(call).tool),
    arguments: spelled(['call', 'arguments']) || '{}',
    context: spelled(['context']),
    outcome: part(expect).outcome === 'allow' ? 'allow' : 'deny',
    rule: word(part(expect).rule),
    message: word(part(expect).message),
  };
}

/** JSON laid out anew; its values keep their spelling. */
export function pretty(spelled: string): string {
  return parseTree(spelled) ? applyEdits(spelled, format(spelled, undefined, FORMAT)) : spelled;
}

/** A name that no case has yet. */
export function freeName(text: string, wanted: string): string {
  const taken = new Set(listCases(text).list.map((one) => (isObject(one) ? one.name : undefined)));
  if (!taken.has(wanted)) return wanted;
  for (let n = 2; ; n++) if (!taken.has(`${wanted} (${n})`)) return `${wanted} (${n})`;
}

/** The cases as an object from name to case, each spelled as it was. */
export function byName(text: string): string {
  const { list, base } = listCases(text);
  const seen = new Set<string>();
  const members = list.map((one, index) => {
    const name = isObject(one) && typeof one.name === 'string' ? one.name : '';
    const key = seen.has(name) ? `${name} #${index}` : name;
    seen.add(key);
    return `${JSON.stringify(key)}: ${literal(text, [...base, index])}`;
  });
  return `{${members.join(', ')}}`;
}

/** The cases of such an object, as a file of their own. */
export function fromNames(named: string): string {
  const members = Object.keys(JSON.parse(named) as object).map((key) => literal(named, [key]));
  return members.length === 0 ? '' : `${pretty(`{"cases": [${members.join(', ')}]}`)}\n`;
}
