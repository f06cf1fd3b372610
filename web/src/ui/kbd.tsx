import type { ReactNode } from 'react';

/** A key to press. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="rounded border border-line bg-well px-1.5 py-0.5 font-mono text-[0.82em]">{children}</kbd>
  );
}
