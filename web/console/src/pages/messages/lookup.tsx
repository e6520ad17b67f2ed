import { useEffect, useRef, useState } from 'preact/hooks';
import { at, get } from '../../api.ts';
import type { Message } from '../../data/types.ts';
import { useLoad } from '../../data/use-load.ts';
import { Page } from '../../parts/page.tsx';
import { Refused } from '../../parts/refused.tsx';
import { type Params, query, setQuery } from '../../router.ts';
import { Found } from './found.tsx';
import { parseWanted } from './parse.ts';
import { t } from './strings.ts';

export function Lookup({ params }: { params: Params }) {
  const app = params['app'] ?? '';
  const asked = query.value.get('q') ?? '';
  const [text, setText] = useState(asked);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (asked === '') {
      field.current?.focus();
    }
  }, []);
  const wanted = parseWanted(asked);
  const q = wanted.kind === 'query' ? wanted.q : '';
  const found = useLoad(
    async signal => (q ? get<Message>(at`/apps/${app}/messages`, { q }, signal) : undefined),
    [app, q],
  );
  return (
    <Page title={t('title')} lead={t('lead')}>
      <form
        class="card row"
        role="search"
        onSubmit={event => {
          event.preventDefault();
          setQuery('q', text.trim());
        }}
      >
        <input
          class="input grow mono"
          type="search"
          aria-label={t('field')}
          placeholder={t('field')}
          value={text}
          spellcheck={false}
          autocomplete="off"
          onInput={event => setText(event.currentTarget.value)}
          ref={field}
        />
        <button type="submit" class="button primary">
          {t('find')}
        </button>
      </form>
      {asked !== '' && q === '' && <p class="note">{t('nothing')}</p>}
      {q !== '' && q !== asked && <p class="muted small mono">{t('lookedFor', q)}</p>}
      {q !== '' && !found.loading && <Refused error={found.error} />}
      {q !== '' && found.data && !found.error && <Found app={app} message={found.data} />}
    </Page>
  );
}
