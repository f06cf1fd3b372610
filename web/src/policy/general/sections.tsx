/** Prompts and resources: a default, what is hidden, and rules by pattern. */
import { Plus } from 'lucide-react';
import type { Schemas } from '@/api/client';
import { Button } from '@/ui/button';
import { type Change, isObject } from '../document';
import { Elsewhere } from '../rule/conditions';
import { type Subject, useEditing } from '../rule/editing';
import { EditingScope } from '../rule/editing-scope';
import { ChoiceAt } from '../rule/inputs';
import { AddPattern } from './add-pattern';
import { DEFAULTS, Part } from './general-rules';
import { HiddenAt } from './hidden';
import { RuleEntry } from './rule-entry';

type Props = {
  text: string;
  edit: (changes: Change[], run?: string) => void;
  readOnly: boolean;
  tools: Schemas['ToolView'][];
};

const KINDS: {
  name: 'prompts' | 'resources';
  subject: Subject;
  title: string;
  lead: string;
  example: string;
}[] = [
  {
    name: 'prompts',
    subject: 'prompt',
    title: 'Prompts',
    lead: 'Texts that the server offers, by name.',
    example: 'internal_*',
  },
  {
    name: 'resources',
    subject: 'resource',
    title: 'Resources',
    lead: 'Documents that the server offers, by address.',
    example: 'file:///etc/*',
  },
];

export function Sections(props: Props) {
  return (
    <div className="grid gap-8 px-5 pb-5">
      {KINDS.map((kind) => (
        <Part key={kind.name} title={kind.title} lead={kind.lead}>
          <EditingScope {...props} tools={[]} subject={kind.subject}>
            <SectionAt name={kind.name} title={kind.title} example={kind.example} />
          </EditingScope>
        </Part>
      ))}
    </div>
  );
}

function SectionAt({
  name,
  title,
  example,
}: {
  name: 'prompts' | 'resources';
  title: string;
  example: string;
}) {
  const { value, edit, readOnly } = useEditing();
  const section = value([name]);
  const general = String(value(['default']) ?? 'deny');
  if (section === undefined) {
    return (
      <div className="grid justify-items-start gap-2">
        <p className="text-[0.93rem]">
          Not written, so the policy’s default holds: <strong>{general}</strong>.
        </p>
        {!readOnly && (
          <Button small onClick={() => edit([{ set: [name], to: { default: general } }])}>
            <Plus aria-hidden className="size-3.5" />
            {title} of their own
          </Button>
        )}
      </div>
    );
  }
  if (!isObject(section)) return <Elsewhere value={section} />;
  const rules = isObject(section.rules) ? Object.keys(section.rules) : [];
  return (
    <div className="grid gap-3">
      <ChoiceAt at={[name, 'default']} label={`${title} by default`} choices={DEFAULTS} />
      <HiddenAt at={[name, 'hide']} placeholder={example} />
      <ul className="grid gap-2">
        {rules.map((pattern) => (
          <RuleEntry key={pattern} at={[name, 'rules', pattern]} name={pattern} mono keep={2} />
        ))}
      </ul>
      {!readOnly && (
        <AddPattern
          label={`Pattern of ${name}`}
          placeholder={example}
          action="Rule"
          taken={rules}
          add={(pattern) => edit([{ set: [name, 'rules', pattern], to: { action: 'deny' } }])}
        />
      )}
      {!readOnly && (
        <Button small look="quiet" className="justify-self-start" onClick={() => edit([{ take: [name] }])}>
          Drop this section, for the policy’s default to hold
        </Button>
      )}
    </div>
  );
}
