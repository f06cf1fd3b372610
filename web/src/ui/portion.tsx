import { useState } from 'react';
import { Button } from './button';

/** Rows that a list shows at once: a screenful or two, which costs nothing to draw anew at every key. */
const PORTION = 100;

type Options = {
  /** Rows of a portion; fewer where one costs more. */
  size?: number;
  /** Whether the list can be searched. */
  searchable?: boolean;
};

/** The first part of a long list, and a button for the next. */
export function usePortion<Row>(rows: Row[], { size = PORTION, searchable = true }: Options = {}) {
  const [most, setMost] = useState(size);
  const rest = Math.max(0, rows.length - most);
  return {
    part: rows.slice(0, most),
    more: rest > 0 && (
      <p className="flex flex-wrap items-center justify-center gap-3 border-t border-line px-5 py-3 text-[0.93rem] text-soft">
        {rest.toLocaleString('en')} {searchable ? 'more; find them by name, or' : 'more'}
        <Button small onClick={() => setMost(most + size)}>
          Show {Math.min(rest, size)} more
        </Button>
      </p>
    ),
  };
}
