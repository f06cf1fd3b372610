/** Where a problem is in the text: the server counts lines from 1 and bytes from 1, the editor characters from 0. */
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { ProblemItem } from '@/api/problem';
import { at, read } from './document';

/** The offset of a line and a byte column; the nearest there is when the text has changed meanwhile. */
export function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  let bytes = 1;
  let offset = start;
  for (const character of text.slice(start)) {
    if (bytes >= column || character === '\n') break;
    bytes += new TextEncoder().encode(character).length;
    offset += character.length;
  }
  return offset;
}

/** The steps of a JSON pointer, numbers where the document has lists. */
export function stepsOf(text: string, pointer: string): (string | number)[] {
  const { document } = read(text);
  const steps: (string | number)[] = [];
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const inList = document !== null && Array.isArray(at(document, steps));
    steps.push(inList ? Number(key) : key);
  }
  return steps;
}

/** What to underline. */
export function rangeOf(text: string, problem: ProblemItem): { from: number; to: number } {
  const tree = parseTree(text);
  const node = tree && problem.pointer ? findNodeAtLocation(tree, stepsOf(text, problem.pointer)) : undefined;
  if (node) {
    // Of a long value the first line says enough.
    const line = text.indexOf('\n', node.offset);
    const end = node.offset + node.length;
    return { from: node.offset, to: line < 0 ? end : Math.min(end, line) };
  }
  if (problem.line) {
    const from = Math.min(offsetOf(text, problem.line, problem.column ?? 1), text.length);
    return { from, to: Math.min(from + 1, text.length) };
  }
  return { from: 0, to: Math.min(1, text.length) };
}
