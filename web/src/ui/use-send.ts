import { useMutation, useQueryClient } from '@tanstack/react-query';

/** A change sent to the server. What it may have changed is read anew, and failures stay where the form is. */
export function useSend<Input, Output>(send: (input: Input) => Promise<Output>, touches: readonly unknown[]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => client.invalidateQueries({ queryKey: touches }),
  });
}
