import { ChevronRight, Trash2 } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { IconButton } from '@/ui/button';
import { cx } from '@/ui/class';
import { Badge, Code } from '@/ui/surface';
import { isObject, type JSONPath } from '../document';
import { STANCE_LABELS } from '../labels';
import { useEditing } from '../rule/editing';
import { RuleFormAt } from '../rule/rule-form';
import { ruleSummary } from '../rule/summary';
import { stanceOfRule } from '../stance';

type Props = { at: JSONPath; name: string; mono?: boolean; about?: ReactNode; keep: number };

/** A rule that is not one tool's: its name, what it does in a word, and all of it below when opened. */
export function RuleEntry({ at, name, mono, about, keep }: Props) {
  const { value, edit, readOnly } = useEditing();
  const [open, setOpen] = useState(false);
  const panel = useId();
  const rule = value(at);
  if (!isObject(rule)) return null;
  const stance = STANCE_LABELS[stanceOfRule(rule)];
  return (
    <li className="rounded-xl border border-line bg-sheet">
      <div className="flex items-center gap-2 px-2 py-1.5">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={panel}
          onClick={() => setOpen(!open)}
          className="flex min-w-0 grow items-center gap-2 rounded-lg px-2 py-1.5 text-left hover:bg-well"
        >
          <ChevronRight
            aria-hidden
            className={cx('size-4 shrink-0 transition-transform', open && 'rotate-90')}
          />
          <span className="grid min-w-0 grow gap-0.5">
            <span className="flex flex-wrap items-center gap-2">
              {mono ? <Code>{name}</Code> : <span className="font-medium">{name}</span>}
              <Badge tone={stance.tone}>{stance.label}</Badge>
            </span>
            <span className="text-[0.87rem] text-soft">
              {[...ruleSummary(rule), about].filter(Boolean).map((words, index) => (
                <span key={index}>
                  {index > 0 && ' · '}
                  {words}
                </span>
              ))}
            </span>
          </span>
        </button>
        {!readOnly && (
          <IconButton label={`Remove the rule for ${name}`} onClick={() => edit([{ take: at, keep }])}>
            <Trash2 aria-hidden className="size-4" />
          </IconButton>
        )}
      </div>
      <div id={panel} hidden={!open} className="border-t border-line px-4 py-4">
        {open && <RuleFormAt at={at} />}
      </div>
    </li>
  );
}
