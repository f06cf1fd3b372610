import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { problemOf } from '@/api/problem';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { Page } from '@/ui/surface';

export function NotFound() {
  return (
    <Page
      title="There is nothing here"
      lead="The address may be mistyped, or what it named was removed, or it is not yours to see."
    >
      <div>
        <Button asChild>
          <Link to="/">To the overview</Link>
        </Button>
      </div>
    </Page>
  );
}

export function Failed({ error }: ErrorComponentProps) {
  const router = useRouter();
  if (problemOf(error).status === 404) return <NotFound />;
  return (
    <Page title="This did not work">
      <ProblemNotice error={error} retry={() => void router.invalidate()} />
    </Page>
  );
}
