import type { Schemas } from '@/api/client';
import { ROLES } from '@/shell/use-org';
import { Select } from '@/ui/field';

type Role = Schemas['Role'];

/** What each role is for, in the words of the matrix. */
export const DUTIES: Record<Role, string> = {
  admin: 'Everything, members and servers included.',
  policy_manager: 'Writes policies and decides approvals.',
  viewer: 'Sees servers, policies, grants and calls; changes nothing.',
};

type Props = {
  label: string;
  labelHidden?: boolean;
  value: Role | null;
  /** What holding no role there is called; left out where there has to be one. */
  none?: string;
  disabled?: boolean;
  hint?: string;
  onChange: (role: Role | null) => void;
};

export function RoleSelect({ label, labelHidden = false, value, none, disabled, hint, onChange }: Props) {
  const roles = Object.entries(ROLES) as [Role, string][];
  return (
    <Select
      label={label}
      labelHidden={labelHidden}
      value={value ?? ''}
      {...(disabled && { disabled })}
      {...(hint && { hint })}
      choices={[
        ...(none ? [{ value: '', label: none }] : []),
        ...roles.map(([role, name]) => ({ value: role, label: name })),
      ]}
      onChange={(event) => onChange(roles.find(([role]) => role === event.target.value)?.[0] ?? null)}
    />
  );
}
