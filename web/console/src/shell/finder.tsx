import { Dialog } from '@yidu/ui/dialog.tsx';
import { useEffect, useState } from 'preact/hooks';
import { at, get } from '../api.ts';
import { currentApp } from '../data/apps.ts';
import type { Group, UserItem } from '../data/types.ts';
import { href, navigate } from '../router.ts';
import { OF_APP, OF_SERVER } from './menu.ts';
import { t } from './strings.ts';

interface Hit {
  label: string;
  hint: string;
  to: string;
}

const WAIT_MS = 150;

function pagesWith(text: string): Hit[] {
  const app = currentApp.value;
  const entries = [...OF_APP.filter(() => app !== ''), ...OF_SERVER];
  return entries
    .map(({ page, label }) => ({ label: t(label) as string, hint: '', to: href(page, { app }) }))
    .filter(hit => hit.label.toLowerCase().includes(text.toLowerCase()));
}

async function namesWith(text: string): Promise<Hit[]> {
  const app = currentApp.value;
  if (text === '' || app === '') {
    return [];
  }
  const asked = { q: text, limit: 5 };
  const [groups, users] = await Promise.all([
    get<{ groups: Group[] }>(at`/apps/${app}/groups`, asked),
    get<{ users: UserItem[] }>(at`/apps/${app}/users`, asked),
  ]);
  const message = { label: t('messageOf', text), hint: '', to: href('lookup', { app }, { q: text }) };
  const names = [
    ...groups.groups.map(group => ({
      label: group.name || group.group_id,
      hint: `${t('groups')} · ${group.group_id}`,
      to: href('group', { app, group: group.group_id }),
    })),
    ...users.users.map(user => ({
      label: user.nick || user.user_id,
      hint: `${t('users')} · ${user.user_id}`,
      to: href('user', { app, user: user.user_id }),
    })),
  ];
  // Ids and places of messages have digits; of other words a name is likelier.
  return /\d/.test(text) ? [message, ...names] : [...names, message];
}

/** ⌘K: pages, users, groups and messages by a few letters. */
export function Finder({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [names, setNames] = useState<Hit[]>([]);
  const [chosen, setChosen] = useState(0);
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      namesWith(text.trim()).then(
        found => wanted && setNames(found),
        () => wanted && setNames([]),
      );
    }, WAIT_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [text]);
  const hits = [...pagesWith(text.trim()), ...(text.trim() ? names : [])];
  const index = Math.min(chosen, Math.max(hits.length - 1, 0));
  const go = (hit: Hit | undefined) => {
    if (hit) {
      onClose();
      navigate(hit.to);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setChosen((index + step + hits.length) % Math.max(hits.length, 1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(hits[index]);
    }
  };
  return (
    <Dialog title={t('find')} closeLabel={t('close')} onClose={onClose}>
      <div class="dialog-content finder">
        <input
          class="input"
          role="combobox"
          aria-expanded="true"
          aria-controls="finder-hits"
          aria-activedescendant={hits.length > 0 ? `hit-${index}` : undefined}
          aria-label={t('findHint')}
          placeholder={t('findHint')}
          value={text}
          onInput={event => {
            setText(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
          ref={element => element?.focus()}
        />
        <div id="finder-hits" role="listbox" aria-label={t('find')} class="hits">
          {hits.map((hit, n) => (
            <button
              type="button"
              key={hit.to}
              id={`hit-${n}`}
              class="hit"
              role="option"
              tabIndex={-1}
              aria-selected={n === index}
              onClick={() => go(hit)}
            >
              <bdi>{hit.label}</bdi> <span class="muted small">{hit.hint}</span>
            </button>
          ))}
        </div>
        {hits.length === 0 && <p class="muted">{t('findNothing')}</p>}
      </div>
    </Dialog>
  );
}
