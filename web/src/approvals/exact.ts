/**
 * A call as it was sent. `JSON.parse` rounds large numbers and drops keys that come twice; people decide about what
 * is really there, so its text is cut out of the answer and only laid out.
 */
import { applyEdits, findNodeAtLocation, format, type JSONPath, parseTree } from 'jsonc-parser';
import type { Schemas } from '@/api/client';

export type Detail = {
  view: Schemas['ApprovalDetailView'];
  /** The arguments alone; nothing when the call has none or can no longer be read. */
  args: string | null;
  /** Everything that was sent. */
  call: string | null;
  definition: string | null;
};

export function exact(text: string): Detail {
  const tree = parseTree(text);
  const part = (path: JSONPath): string | null => {
    const node = tree && findNodeAtLocation(tree, path);
    return node && node.type !== 'null' ? laidOut(text.slice(node.offset, node.offset + node.length)) : null;
  };
  return {
    view: JSON.parse(text) as Schemas['ApprovalDetailView'],
    args: part(['call', 'arguments']),
    call: part(['call']),
    definition: part(['definition']),
  };
}

function laidOut(json: string): string {
  return revealed(applyEdits(json, format(json, undefined, { insertSpaces: true, tabSize: 2, eol: '\n' })));
}

/**
 * Characters that cannot be seen, or that turn the text around, written out. Within JSON the spelling means the same.
 * Line breaks of the layout stay; in strings JSON allows none.
 */
export function revealed(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0\u115f\u1160\u3164\uffa0]/gu, (one) =>
    one === '\n' ? one : escaped(one),
  );
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}
