/** The JSON view. Loaded only where a policy is edited. */
import { defaultKeymap, indentWithTab } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import type { ProblemItem } from '@/api/problem';
import { rangeOf } from './place';

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--limit)' },
  { tag: tags.string, color: 'var(--allow)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--ask)' },
  { tag: tags.punctuation, color: 'var(--soft)' },
]);

export const LOOK = EditorView.theme({
  '&': { backgroundColor: 'var(--sheet)', color: 'var(--ink)', fontSize: '0.9rem' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-content': {
    fontFamily: 'var(--font-mono, ui-monospace, monospace)',
    padding: '0.75rem 0',
    caretColor: 'var(--ink)',
  },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--sheet)', color: 'var(--soft)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in srgb, var(--well) 55%, transparent)',
  },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    backgroundColor: 'var(--accent-wash) !important',
  },
  '.cm-tooltip, .cm-panels': {
    backgroundColor: 'var(--sheet)',
    color: 'var(--ink)',
    border: '1px solid var(--line)',
  },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--deny)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--hide)' },
  '.cm-button, .cm-textfield': {
    backgroundImage: 'none',
    backgroundColor: 'var(--well)',
    color: 'var(--ink)',
  },
});

export const HIGHLIGHT = syntaxHighlighting(COLOURS);

type Props = {
  text: string;
  onChange: (text: string) => void;
  onUndo: () => void;
  onRedo: () => void;
  problems: ProblemItem[];
  readOnly: boolean;
};

export default function JsonEditor({ text, onChange, onUndo, onRedo, problems, readOnly }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  // The editor is made once; what it calls is always the latest.
  const calls = useRef({ onChange, onUndo, onRedo });
  useEffect(() => {
    calls.current = { onChange, onUndo, onRedo };
  });
  const first = useRef(text);
  useEffect(() => {
    if (!place.current) return;
    const history = (run: 'onUndo' | 'onRedo') => () => {
      calls.current[run]();
      return true;
    };
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          lineNumbers(),
          lintGutter(),
          drawSelection(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          search({ top: true }),
          indentOnInput(),
          bracketMatching(),
          json(),
          HIGHLIGHT,
          LOOK,
          EditorView.lineWrapping,
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ 'aria-label': 'Policy as JSON', 'aria-multiline': 'true' }),
          // Undo belongs to the page: one history for both views.
          keymap.of([
            { key: 'Mod-z', run: history('onUndo'), preventDefault: true },
            { key: 'Mod-Shift-z', run: history('onRedo'), preventDefault: true },
            { key: 'Mod-y', run: history('onRedo'), preventDefault: true },
            ...searchKeymap,
            ...defaultKeymap,
            { ...indentWithTab, key: 'Mod-]' },
          ]),
          EditorView.updateListener.of((update) => {
            if (
              update.docChanged &&
              update.transactions.some(
                (one) => one.isUserEvent('input') || one.isUserEvent('delete') || one.isUserEvent('move'),
              )
            ) {
              calls.current.onChange(update.state.doc.toString());
            }
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [readOnly]);

  useEffect(() => {
    first.current = text;
    const editor = view.current;
    if (!editor) return;
    const shown = editor.state.doc.toString();
    if (shown !== text) editor.dispatch({ changes: difference(shown, text) });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const shown = editor.state.doc.toString();
    const diagnostics = problems.map(
      (problem): Diagnostic => ({
        ...rangeOf(shown, problem),
        severity: problem.severity === 'warning' ? 'warning' : 'error',
        message: problem.hint ? `${problem.message} ${problem.hint}` : problem.message,
        ...(problem.code ? { source: problem.code } : {}),
      }),
    );
    diagnostics.sort((a, b) => a.from - b.from);
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
  }, [problems]);

  return <div ref={place} className="overflow-hidden rounded-b-xl" />;
}

/** The one stretch in which two texts differ, so that the cursor and the rest of the view stay where they are. */
export function difference(before: string, after: string): { from: number; to: number; insert: string } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
