/** The one reducer of the policy editor: a draft, and the drafts before and after it. */
import { type Change, change } from './document';
import { type Choice, choose, type Limit, type Tool } from './stance';

/** A document and its test cases, each as text; they are published together. No cases are an empty text. */
export type Draft = { text: string; cases: string };

export type History = Draft & {
  past: Draft[];
  future: Draft[];
  /** What is being typed in: changes of one run are one step back. */
  run: string | null;
};

export type Action =
  | { type: 'choose'; tools: Tool[]; choice: Choice; limit?: Limit }
  /** A visual change of the document. With `run`, changes in a row are one step back. */
  | { type: 'edit'; changes: Change[]; run?: string | undefined }
  /** A change of the test cases. */
  | { type: 'cases'; cases: string; run?: string | undefined }
  /** Typed in the JSON view. */
  | { type: 'type'; text: string }
  /** A whole document, perhaps with cases: a template, an old version, what a merge came to. */
  | { type: 'replace'; text: string; cases?: string | undefined }
  /** Another starting point, with no way back beyond it. */
  | { type: 'reset'; text: string; cases: string }
  | { type: 'undo' }
  | { type: 'redo' };

/** Steps that can be taken back. */
const DEPTH = 200;

export function begin(draft: Draft): History {
  return { ...draft, past: [], future: [], run: null };
}

function step(history: History, next: Partial<Draft>, run: string | null): History {
  const { text, cases } = { ...draftOf(history), ...next };
  if (text === history.text && cases === history.cases) return history;
  const goesOn = run !== null && run === history.run;
  const past = goesOn ? history.past : [...history.past, draftOf(history)].slice(-DEPTH);
  return { text, cases, past, future: [], run };
}

export function draftOf({ text, cases }: Draft): Draft {
  return { text, cases };
}

export function reduce(history: History, action: Action): History {
  switch (action.type) {
    case 'choose': {
      const one = (text: string, tool: Tool) => choose(text, tool, action.choice, action.limit);
      return step(history, { text: action.tools.reduce(one, history.text) }, null);
    }
    case 'edit':
      return step(history, { text: change(history.text, action.changes) }, action.run ?? null);
    case 'cases':
      return step(history, { cases: action.cases }, action.run ?? null);
    case 'type':
      return step(history, { text: action.text }, 'json');
    case 'replace':
      return step(
        history,
        { text: action.text, ...(action.cases === undefined ? {} : { cases: action.cases }) },
        null,
      );
    case 'reset':
      return begin(draftOf(action));
    case 'undo': {
      const before = history.past.at(-1);
      if (before === undefined) return history;
      return {
        ...before,
        past: history.past.slice(0, -1),
        future: [draftOf(history), ...history.future],
        run: null,
      };
    }
    case 'redo': {
      const [after, ...future] = history.future;
      if (after === undefined) return history;
      return { ...after, past: [...history.past, draftOf(history)], future, run: null };
    }
  }
}
