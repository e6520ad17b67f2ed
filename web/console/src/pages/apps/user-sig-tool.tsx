import { useState } from 'preact/hooks';
import { at, send } from '../../api.ts';
import { Copy } from '../../parts/copy.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Refused } from '../../parts/refused.tsx';
import { t } from './strings.ts';

interface UserSig {
  user_sig: string;
  expires_ms: number;
}

/** Makes a UserSig for trying things out. */
export function UserSigTool({ app }: { app: string }) {
  const [user, setUser] = useState('');
  const [hours, setHours] = useState(24);
  const [made, setMade] = useState<UserSig>();
  const [error, setError] = useState<Error>();
  const make = async (event: Event) => {
    event.preventDefault();
    setError(undefined);
    const wanted = { user_id: user.trim(), expires_seconds: hours * 3600 };
    await send<UserSig>('POST', at`/apps/${app}/usersigs`, wanted).then(setMade, setError);
  };
  return (
    <form class="card" onSubmit={make}>
      <h2 class="card-title">{t('sigTitle')}</h2>
      <p class="muted small">{t('sigText')}</p>
      <div class="row wide-gap end">
        <label class="field">
          <span class="label">{t('user')}</span>
          <input
            class="input"
            required
            maxLength={32}
            value={user}
            spellcheck={false}
            onInput={event => setUser(event.currentTarget.value)}
          />
        </label>
        <label class="field">
          <span class="label">
            {t('valid')} ({t('hours')})
          </span>
          <input
            class="input compact numeric"
            type="number"
            min={1}
            value={hours}
            onInput={event => setHours(Number(event.currentTarget.value))}
          />
        </label>
        <button type="submit" class="button">
          {t('make')}
        </button>
      </div>
      <Refused error={error} />
      {made && (
        <>
          <output class="secret mono">{made.user_sig}</output>
          <div class="row">
            <Copy text={made.user_sig} />
            <span class="muted small">
              {t('expires')} <Moment ms={made.expires_ms} />
            </span>
          </div>
        </>
      )}
    </form>
  );
}
