import { toast } from 'sonner';
import { api, ask, type Schemas } from '@/api/client';
import { org as orgQuery } from '@/api/queries';
import { useOrg, useRefusal } from '@/shell/use-org';
import { Select } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { Switch } from '@/ui/switch';
import { lasting } from '@/ui/time';
import { useSend } from '@/ui/use-send';

/** What gateways record, and what they tell agents. */
export function OrgSwitches({ place }: { place: Schemas['OrgView'] }) {
  const { org } = useOrg();
  const refusal = useRefusal('settings');
  const change = useSend(
    (body: Schemas['UpdateOrgBody']) => ask(api.PATCH('/v1/orgs/{org}', { params: { path: { org } }, body })),
    orgQuery(org).queryKey,
  );
  const set = (body: Schemas['UpdateOrgBody']) =>
    change.mutate(body, { onSuccess: () => toast.success('Saved. Gateways hear of it within a second.') });
  return (
    <div className="grid gap-5 border-t border-line p-5">
      <Switch
        label="Keep argument values"
        hint="Gateways record what calls were made with, sealed; admins and policy managers can see it, and replay can judge it. Otherwise only the names of arguments are kept."
        checked={place.capture_arguments}
        busy={change.isPending}
        refusal={refusal}
        onChange={(capture_arguments) => set({ capture_arguments })}
      />
      <Switch
        label="Explain denials to agents"
        hint="A denied call comes back with how it was decided, values compared included. Good while a policy is being written; it also tells an agent exactly where the lines are."
        checked={place.explain_denials}
        busy={change.isPending}
        refusal={refusal}
        onChange={(explain_denials) => set({ explain_denials })}
      />
      <Staleness
        seconds={place.max_staleness_s}
        busy={change.isPending}
        refusal={refusal}
        set={(max_staleness_s) => set({ max_staleness_s })}
      />
      {change.error && <ProblemNotice error={change.error} />}
    </div>
  );
}

const STALENESS_S = [5, 60, 3600, 86_400, 604_800];

type StalenessProps = {
  seconds: number;
  busy: boolean;
  refusal: string | undefined;
  set: (seconds: number) => void;
};

/** How long gateways serve without word from the control plane: availability against how fast a revocation is certain. */
function Staleness({ seconds, busy, refusal, set }: StalenessProps) {
  const choices = [...new Set([...STALENESS_S, seconds])].sort((a, b) => a - b);
  return (
    <Select
      label="Gateways go on alone"
      hint={
        refusal ??
        'How long a gateway serves without word from the control plane before it refuses every call. Long keeps agents working through an outage; short bounds how long a gateway that is cut off may still serve what you have revoked.'
      }
      className="max-w-md"
      disabled={busy || refusal !== undefined}
      value={String(seconds)}
      choices={choices.map((value) => ({ value: String(value), label: `for ${lasting(value)}` }))}
      onChange={(event) => set(Number(event.target.value))}
    />
  );
}
