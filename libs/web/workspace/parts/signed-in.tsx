import { useHref, usePage } from '../../page.js';
import { formTokenField } from '../own-forms.js';
import type { Session } from '../session.js';

/** Who is signed in, and the button to sign out. */
export function SignedIn({ session }: { session: Session }) {
  const { speech } = usePage();
  const href = useHref();
  const { actor } = session;
  return (
    <form method="post" action={href('/workspace/sign-out')} class="signed-in">
      <p>
        {speech.say('signedInAs')} <bdi>{actor.id}</bdi>, <bdi>{actor.organisation}</bdi> ({speech.say(roleNames[actor.role])})
      </p>
      <FormToken session={session} />
      <button class="ds-button" data-variant="tertiary" data-size="sm" type="submit">
        {speech.say('signOut')}
      </button>
    </form>
  );
}

export const roleNames = { ministry: 'roleMinistry', finance: 'roleFinance', auditor: 'roleAuditor', admin: 'roleAdmin' } as const;

/** The hidden field with the session's secret, which every form has. */
export function FormToken({ session }: { session: Session }) {
  return <input type="hidden" name={formTokenField} value={session.formToken} />;
}
