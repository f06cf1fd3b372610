/** `require` and `deny_if`: groups of conditions, each with what the agent is told. */
import { Trash2 } from 'lucide-react';
import { IconButton } from '@/ui/button';
import type { JSONPath } from '../document';
import { ConditionsAt, Elsewhere } from './conditions';
import { useEditing } from './editing';
import { TextAt } from './inputs';

const WORDS = {
  require: { title: 'Required', each: 'All of these have to hold', name: 'Requirement' },
  deny_if: {
    title: 'Refused if',
    each: 'Refused when all of these hold; with none, always',
    name: 'Refusal',
  },
} as const;

export function GroupsAt({ at, kind }: { at: JSONPath; kind: keyof typeof WORDS }) {
  const { value, edit, readOnly } = useEditing();
  const path = [...at, kind];
  const now = value(path);
  const words = WORDS[kind];
  if (now === undefined) return null;
  return (
    <div className="grid gap-2">
      <h3 className="text-[0.93rem] font-semibold">{words.title}</h3>
      {Array.isArray(now) ? (
        now.map((_, index) => {
          const name = `${words.name} ${index + 1}`;
          return (
            <section
              key={index}
              aria-label={name}
              className="grid gap-2.5 rounded-xl border border-line bg-sheet p-3"
            >
              <div className="flex items-center justify-between gap-2">
                <span className="text-[0.88rem] text-soft">{words.each}</span>
                {!readOnly && (
                  <IconButton
                    label={`Remove ${name}`}
                    onClick={() => edit([{ take: [...path, index], keep: at.length + 1 }])}
                  >
                    <Trash2 aria-hidden className="size-4" />
                  </IconButton>
                )}
              </div>
              <ConditionsAt at={[...path, index, 'conditions']} name={name} />
              <TextAt
                at={[...path, index, 'on_deny']}
                label="What the agent is told"
                placeholder="Say what to do instead"
              />
            </section>
          );
        })
      ) : (
        <Elsewhere value={now} />
      )}
    </div>
  );
}
