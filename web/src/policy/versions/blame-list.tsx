import { useQueries, useQuery } from '@tanstack/react-query';
import { version as versionQuery, versions } from '@/api/queries';
import { ProblemNotice } from '@/ui/problem';
import { Code, Skeleton } from '@/ui/surface';
import { Table, Td, Th } from '@/ui/table';
import { When } from '@/ui/time';
import { pointerOf } from '../document';
import type { Place } from '../publish';
import { useAuthors } from './authors';
import { blame } from './blame';

/** How far back is looked; what is older is said to be of the last of them or before. */
const DEPTH = 60;

/** Each rule of the version in force, with the version that made it what it is. */
export function BlameList({ place }: { place: Place }) {
  const { org, server, policy } = place;
  const author = useAuthors();
  const list = useQuery(versions(org, server, policy));
  const looked = (list.data ?? []).slice(0, DEPTH);
  const documents = useQueries({
    queries: looked.map((one) => versionQuery(org, server, policy, one.version)),
  });
  const failed = list.error ?? documents.find((one) => one.error)?.error;
  if (failed) return <ProblemNotice error={failed} />;
  if (list.isPending || documents.some((one) => one.isPending)) return <Skeleton rows={5} />;
  const known = looked.map((one, index) => ({
    version: one.version,
    document: documents[index]?.data?.document ?? '{}',
  }));
  const oldest = looked.at(-1)?.version ?? 1;
  const cut = oldest > 1;
  return (
    <div className="max-h-[60vh] overflow-y-auto pt-4">
      <Table
        label="Who changed what"
        head={
          <>
            <Th>Part</Th>
            <Th>Version</Th>
            <Th>By</Th>
            <Th>When</Th>
          </>
        }
      >
        {blame(known).map(({ path, version }) => {
          const made = looked.find((one) => one.version === version);
          return (
            <tr key={pointerOf(path)}>
              <Td>
                <Code>{pointerOf(path)}</Code>
              </Td>
              <Td>{cut && version === oldest ? `${version} or before` : version}</Td>
              <Td className="max-w-56 truncate">{author(made)}</Td>
              <Td className="text-soft">{made && <When at={made.created_at} />}</Td>
            </tr>
          );
        })}
      </Table>
    </div>
  );
}
