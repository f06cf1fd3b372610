import { toast } from 'sonner';
import { api, ask, type Schemas } from '@/api/client';
import { org as orgQuery } from '@/api/queries';
import { useOrg, useRefusal } from '@/shell/use-org';
import { ProblemNotice } from '@/ui/problem';
import { Switch } from '@/ui/switch';
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
      {change.error && <ProblemNotice error={change.error} />}
    </div>
  );
}
