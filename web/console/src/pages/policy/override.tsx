import { useState } from 'preact/hooks';
import { href, navigate } from '../../router.ts';
import { t } from './strings.ts';

/** Leads to a group, where its own switch is. */
export function Override({ app }: { app: string }) {
  const [group, setGroup] = useState('');
  return (
    <form
      class="card"
      onSubmit={event => {
        event.preventDefault();
        if (group.trim()) {
          navigate(href('group', { app, group: group.trim() }));
        }
      }}
    >
      <h2 class="card-title">{t('overrides')}</h2>
      <p class="muted small">{t('overridesLead')}</p>
      <div class="row">
        <input
          class="input search mono"
          aria-label={t('groupId')}
          placeholder={t('groupId')}
          value={group}
          spellcheck={false}
          onInput={event => setGroup(event.currentTarget.value)}
        />
        <button type="submit" class="button">
          {t('openGroup')}
        </button>
      </div>
    </form>
  );
}
