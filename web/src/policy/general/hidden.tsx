import { X } from 'lucide-react';
import { Code } from '@/ui/surface';
import type { JSONPath } from '../document';
import { Elsewhere } from '../rule/conditions';
import { useEditing } from '../rule/editing';
import { AddPattern } from './add-pattern';

/** Patterns of what is hidden: not listed, and answered as if it did not exist. */
export function HiddenAt({ at, placeholder }: { at: JSONPath; placeholder: string }) {
  const { value, edit, readOnly } = useEditing();
  const now = value(at);
  if (now !== undefined && !Array.isArray(now)) return <Elsewhere value={now} />;
  const list = now ?? [];
  return (
    <div className="grid gap-2">
      {list.length > 0 && (
        <ul className="flex flex-wrap gap-1.5">
          {list.map((pattern, index) => (
            <li
              key={index}
              className="inline-flex items-center gap-1 rounded-lg border border-line bg-sheet py-0.5 pr-0.5 pl-2"
            >
              <Code className="!bg-transparent">{String(pattern)}</Code>
              {!readOnly && (
                <button
                  type="button"
                  aria-label={`Show ${String(pattern)} again`}
                  onClick={() => edit([{ take: [...at, index], keep: at.length }])}
                  className="inline-flex size-7 items-center justify-center rounded-md text-soft hover:bg-well hover:text-ink"
                >
                  <X aria-hidden className="size-3.5" />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {!readOnly && (
        <AddPattern
          label="Pattern to hide"
          placeholder={placeholder}
          action="Hide"
          taken={list.map(String)}
          add={(pattern) => edit([{ append: at, value: pattern }])}
        />
      )}
    </div>
  );
}
