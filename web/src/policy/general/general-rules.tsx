/** What holds for more than one tool: the default, what is hidden, and rules for all tools, classes and patterns. */
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Schemas } from '@/api/client';
import { Button } from '@/ui/button';
import { isObject } from '../document';
import { isGlob, matches } from '../pattern';
import { useEditing } from '../rule/editing';
import { ChoiceAt, TextAt } from '../rule/inputs';
import { AddPattern } from './add-pattern';
import { HiddenAt } from './hidden';
import { RuleEntry } from './rule-entry';

const CLASSES = ['read', 'write', 'execute', 'destructive', 'financial', 'other'];

export const DEFAULTS = [
  { value: 'deny', label: 'deny: what no rule names is refused and not listed' },
  { value: 'allow', label: 'allow: what no rule names passes' },
];

export function GeneralRules({ tools }: { tools: Schemas['ToolView'][] }) {
  const { value, edit, readOnly } = useEditing();
  const named = value(['tools']);
  const known = new Set(tools.map((tool) => tool.name));
  const patterns = isObject(named) ? Object.keys(named).filter((name) => !known.has(name)) : [];
  const categories = value(['categories']);
  const given = isObject(categories) ? Object.keys(categories) : [];
  const count = (fits: (tool: Schemas['ToolView']) => boolean) => {
    const found = tools.filter(fits).length;
    return `${found} tool${found === 1 ? '' : 's'} here`;
  };
  return (
    <div className="grid gap-6 px-5 pb-5">
      <div className="grid gap-2.5">
        <ChoiceAt at={['default']} label="By default" choices={DEFAULTS} />
        <TextAt at={['description']} label="What this policy is for" optional />
      </div>
      <Part title="Hidden" lead="Not listed, and answered as if they did not exist.">
        <HiddenAt at={['hide']} placeholder="debug_*" />
      </Part>
      <Part title="All tools" lead="Applies to every call, beside what the tool’s own rule says.">
        {value(['all_tools']) === undefined ? (
          !readOnly && (
            <Button
              small
              className="justify-self-start"
              onClick={() => edit([{ set: ['all_tools'], to: {} }])}
            >
              <Plus aria-hidden className="size-3.5" />
              Rule for all tools
            </Button>
          )
        ) : (
          <ul>
            <RuleEntry at={['all_tools']} name="All tools" about={count(() => true)} keep={1} />
          </ul>
        )}
      </Part>
      <Part title="Classes" lead="By what tools do, as the catalogue or an admin says.">
        <ul className="grid gap-2">
          {given.map((name) => (
            <RuleEntry
              key={name}
              at={['categories', name]}
              name={name}
              about={count((tool) => tool.category === name)}
              keep={1}
            />
          ))}
        </ul>
        {!readOnly && (
          <div className="flex flex-wrap gap-2">
            {CLASSES.filter((name) => !given.includes(name)).map((name) => (
              <Button
                key={name}
                small
                onClick={() => edit([{ set: ['categories', name], to: { action: 'deny' } }])}
              >
                <Plus aria-hidden className="size-3.5" />
                {name}
              </Button>
            ))}
          </div>
        )}
      </Part>
      <Part title="Patterns" lead="Names with * and ?, and names that the server does not list at present.">
        <ul className="grid gap-2">
          {patterns.map((name) => (
            <RuleEntry
              key={name}
              at={['tools', name]}
              name={name}
              mono
              about={
                isGlob(name) ? count((tool) => matches(name, tool.name)) : 'the server lists no such tool'
              }
              keep={2}
            />
          ))}
        </ul>
        {!readOnly && (
          <AddPattern
            label="Pattern of tool names"
            placeholder="delete_*"
            action="Rule"
            taken={isObject(named) ? Object.keys(named) : []}
            add={(pattern) => edit([{ set: ['tools', pattern], to: { action: 'deny' } }])}
          />
        )}
      </Part>
    </div>
  );
}

export function Part({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="grid gap-2.5">
      <div>
        <h3 className="font-semibold">{title}</h3>
        <p className="text-[0.9rem] text-soft">{lead}</p>
      </div>
      {children}
    </section>
  );
}
