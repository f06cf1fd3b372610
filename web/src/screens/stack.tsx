import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useOrg } from '@/shell/use-org';
import { ClassCard } from '@/stack/class-card';
import { byClass } from '@/stack/rows';
import { useStack } from '@/stack/use-stack';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { Card, Empty, Page, Skeleton } from '@/ui/surface';
import { Toggle } from '@/ui/toggle';

/** All servers at once: everything that agents can call, the worst first. */
export function Stack() {
  const { org } = useOrg();
  const { rows, servers, pending, error } = useStack(org);
  const [show, setShow] = useState<'callable' | 'all'>('callable');
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const callable = rows.filter((row) => row.callable);
  const shown = (show === 'callable' ? callable : rows).filter((row) =>
    `${row.tool} ${row.serverName}`.toLowerCase().includes(wanted),
  );
  return (
    <Page
      title="Stack"
      lead="Everything that agents can call, over all servers, by what it does."
      actions={
        <>
          <Field
            label="Find a tool or server"
            labelHidden
            type="search"
            placeholder="Find a tool or server"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Toggle
            label="Which tools"
            value={show}
            choices={[
              { value: 'callable', label: `Can be called (${callable.length})` },
              { value: 'all', label: `All (${rows.length})` },
            ]}
            onChange={setShow}
          />
        </>
      }
    >
      {error !== null && <ProblemNotice error={error} />}
      {pending && (
        <Card>
          <Skeleton rows={6} />
        </Card>
      )}
      {!pending && shown.length === 0 && (
        <Card>
          <Empty
            title={
              wanted ? 'No tool by that name' : servers === 0 ? 'No servers yet' : 'Agents can call nothing'
            }
            action={
              <Button asChild look="main">
                <Link to="/o/$org/start" params={{ org }} search={{}}>
                  Get started
                </Link>
              </Button>
            }
          >
            A tool is here once a grant names a policy that lets it pass. Until then every call is refused.
          </Empty>
        </Card>
      )}
      {!pending && byClass(shown).map((group) => <ClassCard key={group.name} {...group} />)}
    </Page>
  );
}
