import { useEffect, useState } from 'preact/hooks';
import { session } from './api.ts';
import { Refused } from './parts/refused.tsx';
import { resume } from './session.ts';
import { Shell } from './shell/shell.tsx';
import { SignIn } from './shell/sign-in.tsx';

export function App() {
  const [error, setError] = useState<Error>();
  const start = () => {
    setError(undefined);
    resume().catch(setError);
  };
  useEffect(start, []);
  if (error) {
    return (
      <main class="sign-in">
        <Refused error={error} retry={start} />
      </main>
    );
  }
  if (session.value === undefined) {
    return null;
  }
  return session.value ? <Shell /> : <SignIn />;
}
