import { useEffect, useRef } from 'react';

/** Whether a key press belongs to what is being written. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

/** How long after `g` another letter still says where to go. */
export const GO_MS = 1500;

/** What single keys do on a screen, unless one is writing, a dialog is open, or the key follows a `g`. */
export function useKeys(keys: Record<string, () => void>): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    let going = Number.NEGATIVE_INFINITY;
    const press = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector('[role="dialog"], [role="menu"]')) return;
      if (event.timeStamp - going < GO_MS) {
        going = Number.NEGATIVE_INFINITY;
        return;
      }
      if (event.key === 'g') going = event.timeStamp;
      const run = current.current[event.key];
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
