/** The one reducer of the policy editor: a text, and the texts before and after it. */
import { type Choice, choose, type Limit, type Tool } from './stance';

export type History = { past: string[]; text: string; future: string[]; typing: boolean };

export type Action =
  | { type: 'choose'; tools: Tool[]; choice: Choice; limit?: Limit }
  /** Typed in the JSON view: keystrokes in a row are one step back. */
  | { type: 'type'; text: string }
  /** A whole document: a template, an old version. */
  | { type: 'replace'; text: string }
  /** Another starting point, with no way back beyond it. */
  | { type: 'reset'; text: string }
  | { type: 'undo' }
  | { type: 'redo' };

/** Steps that can be taken back. */
const DEPTH = 200;

export function begin(text: string): History {
  return { past: [], text, future: [], typing: false };
}

function step(history: History, text: string, typing: boolean): History {
  if (text === history.text) return history;
  const past = typing && history.typing ? history.past : [...history.past, history.text].slice(-DEPTH);
  return { past, text, future: [], typing };
}

export function reduce(history: History, action: Action): History {
  switch (action.type) {
    case 'choose': {
      const change = (text: string, tool: Tool) => choose(text, tool, action.choice, action.limit);
      return step(history, action.tools.reduce(change, history.text), false);
    }
    case 'type':
      return step(history, action.text, true);
    case 'replace':
      return step(history, action.text, false);
    case 'reset':
      return begin(action.text);
    case 'undo': {
      const text = history.past.at(-1);
      if (text === undefined) return history;
      return {
        past: history.past.slice(0, -1),
        text,
        future: [history.text, ...history.future],
        typing: false,
      };
    }
    case 'redo': {
      const [text, ...future] = history.future;
      if (text === undefined) return history;
      return { past: [...history.past, history.text], text, future, typing: false };
    }
  }
}
