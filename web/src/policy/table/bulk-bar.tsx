import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { cx } from '@/ui/class';
import type { Change, JsonObject } from '../document';
import type { Choice, Limit } from '../stance';
import { StancePicker } from '../stance-picker';
import { BulkRule } from './bulk-rule';

type Tool = Schemas['ToolView'];

const CLASSES = ['read', 'write', 'execute', 'destructive', 'financial', 'other'] as const;

type Props = {
  document: JsonObject;
  tools: Tool[];
  /** Those that the search leaves. */
  shown: Tool[];
  marked: Tool[];
  mark: (names: string[], on: boolean) => void;
  choose: (choice: Choice, limit?: Limit) => void;
  edit: (changes: Change[]) => void;
  readOnly: boolean;
};

/** Chooses many tools, a class of them at a time, and sets them all alike. */
export function BulkBar({ document, tools, shown, marked, mark, choose, edit, readOnly }: Props) {
  const [custom, setCustom] = useState(false);
  const names = (list: Tool[]) => list.map((tool) => tool.name);
  const chosen = new Set(names(marked));
  const classes = CLASSES.map((name) => ({
    name,
    members: tools.filter((tool) => tool.category === name),
  })).filter(({ members }) => members.length > 0);
  return (
    <div className="flex w-full flex-wrap items-center gap-x-3 gap-y-2">
      <label className="flex items-center gap-2 text-[0.93rem] whitespace-nowrap">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={shown.length > 0 && shown.every((tool) => chosen.has(tool.name))}
          disabled={readOnly}
          onChange={(event) => mark(names(shown), event.target.checked)}
        />
        {marked.length > 0 ? `${marked.length} chosen` : `All ${shown.length}`}
      </label>
      {classes.length > 0 && (
        <fieldset className="flex flex-wrap gap-1.5">
          <legend className="sr-only">Choose by class</legend>
          {classes.map(({ name, members }) => {
            const all = members.every((tool) => chosen.has(tool.name));
            return (
              <button
                key={name}
                type="button"
                aria-pressed={all}
                disabled={readOnly}
                onClick={() => mark(names(members), !all)}
                className={cx(
                  'min-h-7 rounded-md border px-2 text-[0.85rem] font-medium disabled:opacity-60',
                  all
                    ? 'border-accent bg-accent-wash text-accent-deep'
                    : 'border-line bg-sheet text-soft hover:text-ink',
                )}
              >
                {name} {members.length}
              </button>
            );
          })}
        </fieldset>
      )}
      {marked.length > 0 && (
        <div className="ml-auto">
          <StancePicker
            label="Set the chosen tools"
            stance={null}
            disabled={readOnly}
            choose={choose}
            custom={() => setCustom(true)}
          />
        </div>
      )}
      {custom && (
        <BulkRule
          tools={marked}
          close={() => setCustom(false)}
          use={(rule) =>
            edit([
              ...unhide(document, names(marked)),
              ...marked.map((tool): Change => ({ write: ['tools', tool.name], spelled: rule })),
            ])
          }
        />
      )}
    </div>
  );
}

/** A rule for a tool that is hidden would never be asked. */
function unhide({ hide }: JsonObject, names: string[]): Change[] {
  if (!Array.isArray(hide)) return [];
  const rest = hide.filter((pattern) => typeof pattern !== 'string' || !names.includes(pattern));
  return rest.length === hide.length ? [] : [{ set: ['hide'], to: rest.length > 0 ? rest : undefined }];
}
