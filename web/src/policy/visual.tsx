import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { Tabs } from '@/ui/tabs';
import type { Change, JsonObject } from './document';
import { GeneralRules } from './general/general-rules';
import { Sections } from './general/sections';
import { EditingScope } from './rule/editing-scope';
import type { Choice, Limit } from './stance';
import { ToolTable } from './table/tool-table';

type Tool = Schemas['ToolView'];

type Props = {
  text: string;
  document: JsonObject;
  tools: Tool[];
  readOnly: boolean;
  opened?: string | undefined;
  choose: (tools: Tool[], choice: Choice, limit?: Limit) => void;
  edit: (changes: Change[], run?: string) => void;
};

/** The document, to be looked at and clicked: tool by tool, what is more general, prompts and resources. */
export function Visual({ text, document, tools, readOnly, opened, choose, edit }: Props) {
  const [tab, setTab] = useState('tools');
  const scope = { text, edit, readOnly, tools };
  return (
    <Tabs
      label="Rules"
      value={tab}
      onChange={setTab}
      tabs={[
        {
          value: 'tools',
          label: 'Tools',
          content: (
            <div className="pt-4">
              <ToolTable
                text={text}
                document={document}
                tools={tools}
                readOnly={readOnly}
                opened={opened}
                choose={choose}
                edit={edit}
              />
            </div>
          ),
        },
        {
          value: 'general',
          label: 'General',
          content: (
            <EditingScope {...scope}>
              <div className="pt-4">
                <GeneralRules tools={tools} />
              </div>
            </EditingScope>
          ),
        },
        {
          value: 'sections',
          label: 'Prompts and resources',
          content: (
            <div className="pt-4">
              <Sections {...scope} />
            </div>
          ),
        },
      ]}
    />
  );
}
