/** Two texts and what differs between them, line by line. */

import { json } from '@codemirror/lang-json';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { pretty } from '../cases/case-text';
import { HIGHLIGHT, LOOK } from '../json-editor';

const MARKS = EditorView.theme({
  '.cm-changedLine, .cm-insertedLine': { backgroundColor: 'var(--allow-wash) !important' },
  '.cm-deletedChunk': { backgroundColor: 'var(--deny-wash) !important' },
  // Underlined, not tinted: on a tint of the same hue the letters would be hard to read.
  '.cm-changedText': {
    background: 'none !important',
    textDecoration: 'underline 2px color-mix(in srgb, var(--allow) 70%, transparent)',
    textUnderlineOffset: '3px',
  },
  '.cm-deletedChunk .cm-deletedText': {
    background: 'none !important',
    textDecoration: 'underline 2px color-mix(in srgb, var(--deny) 70%, transparent)',
    textUnderlineOffset: '3px',
  },
  '.cm-collapsedLines': { background: 'var(--well)', color: 'var(--soft)' },
  // The sign that stands there otherwise is missing in many fonts.
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"…"' },
});

type Props = { before: string; after: string; label: string };

/** A document that is one long line is compared as it would be laid out: of lines that differ, one would say nothing. */
const isOneLine = (text: string) => text !== '' && !text.trim().includes('\n');

export default function DiffView(props: Props) {
  const place = useRef<HTMLDivElement>(null);
  const { label } = props;
  const laidOut = isOneLine(props.before) || isOneLine(props.after);
  const before = laidOut ? pretty(props.before) : props.before;
  const after = laidOut ? pretty(props.after) : props.after;
  useEffect(() => {
    if (!place.current) return;
    const view = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: after,
        extensions: [
          lineNumbers(),
          json(),
          HIGHLIGHT,
          LOOK,
          MARKS,
          EditorView.lineWrapping,
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({ 'aria-label': label }),
          unifiedMergeView({
            original: before,
            mergeControls: false,
            highlightChanges: true,
            gutter: true,
            collapseUnchanged: { margin: 2, minSize: 4 },
          }),
        ],
      }),
    });
    return () => view.destroy();
  }, [before, after, label]);
  return <div ref={place} className="max-h-[50vh] overflow-auto rounded-lg border border-line" />;
}
