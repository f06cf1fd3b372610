import { useEffect, useRef } from 'react';

/** Undo and redo by keyboard, wherever on the page. Text fields and the JSON view have theirs. */
export function useUndoKeys(undo: () => void, redo: () => void): void {
  const calls = useRef({ undo, redo });
  useEffect(() => {
    calls.current = { undo, redo };
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      const target = event.target as HTMLElement;
      if (target.isContentEditable || ['INPUT', 'TEXTAREA'].includes(target.tagName)) return;
      const key = event.key.toLowerCase();
      if (key !== 'z' && key !== 'y') return;
      event.preventDefault();
      if (key === 'y' || event.shiftKey) calls.current.redo();
      else calls.current.undo();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
