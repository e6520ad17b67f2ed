import { useEffect, useId, useState } from 'preact/hooks';
import { Refused } from '../parts/refused.tsx';
import { setUp, signIn } from '../session.ts';
import { t } from './sign-in-strings.ts';

const WAYS = ['password', 'token', 'setup'] as const;
type Way = (typeof WAYS)[number];

interface InputProps {
  name: string;
  label: string;
  hint?: string;
  type?: 'text' | 'password';
  complete: 'username' | 'current-password' | 'new-password' | 'off';
  least?: number;
}

function Input({ name, label, hint, type = 'text', complete, least = 1 }: InputProps) {
  const id = useId();
  const shared = {
    id,
    class: 'input',
    name,
    autocomplete: complete,
    required: true,
    minLength: least,
    spellcheck: false,
  };
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      {type === 'password' ? <input type="password" {...shared} /> : <input type="text" {...shared} />}
      {hint && <span class="hint">{hint}</span>}
    </div>
  );
}

/** Signs in by password or token, or makes the first owner. The page that was asked for is shown afterwards. */
export function SignIn() {
  const [way, setWay] = useState<Way>('password');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  useEffect(() => {
    document.title = t('title');
  }, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const password = String(form.get('password') ?? '');
    setBusy(true);
    setError(undefined);
    try {
      if (way === 'setup') {
        await setUp(text('token'), text('name'), password);
      } else {
        await signIn(way === 'token' ? { token: text('token') } : { name: text('name'), password });
      }
    } catch (refused) {
      setError(refused as Error);
      setBusy(false);
    }
  };
  return (
    <main class="sign-in">
      <form class="card sign-in-card" onSubmit={submit}>
        <div>
          <p class="brand-mark big" aria-hidden="true">
            ✓✓
          </p>
          <h1>{t('title')}</h1>
          <p class="muted small">{t('lead')}</p>
        </div>
        <fieldset class="segments">
          <legend class="sr-only">{t('how')}</legend>
          {WAYS.map(one => (
            <label key={one}>
              <input type="radio" name="way" checked={way === one} onChange={() => setWay(one)} />
              {t(`way.${one}`)}
            </label>
          ))}
        </fieldset>
        {way === 'setup' && (
          <Input name="token" label={t('setupToken')} hint={t('setupHint')} complete="off" />
        )}
        {way === 'token' && (
          <Input name="token" type="password" label={t('token')} hint={t('tokenHint')} complete="off" />
        )}
        {way !== 'token' && <Input name="name" label={t('name')} complete="username" />}
        {way === 'password' && (
          <Input name="password" type="password" label={t('password')} complete="current-password" />
        )}
        {way === 'setup' && (
          <Input
            name="password"
            type="password"
            label={t('passwordNew')}
            hint={t('passwordRule')}
            complete="new-password"
            least={10}
          />
        )}
        <Refused error={error} />
        <button type="submit" class="button primary" disabled={busy}>
          {t(way === 'setup' ? 'setUp' : 'signIn')}
        </button>
      </form>
    </main>
  );
}
