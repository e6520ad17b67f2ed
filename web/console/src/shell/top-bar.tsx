import {
  chooseLanguage,
  LANGUAGE_NAMES,
  LANGUAGES,
  type Language,
  language,
} from '@yidu/ui/i18n/language.ts';
import { Icon } from '@yidu/ui/icon.tsx';
import { THEMES, type Theme, theme } from '@yidu/ui/theme.ts';
import { session } from '../api.ts';
import { apps, currentApp } from '../data/apps.ts';
import { href, navigate, ROUTES, route } from '../router.ts';
import { signOut } from '../session.ts';
import { t } from './strings.ts';

/** Keeps the page where it is one of the whole app, else opens the app's policy. */
function switchApp(app: string): void {
  const { page = 'policy', params } = route.value ?? {};
  const ofApp = ROUTES[page].startsWith('/a/:app');
  const whole = ofApp && Object.keys(params ?? {}).length === 1;
  navigate(href(whole ? page : 'policy', { app }));
}

export function TopBar({ onFind }: { onFind: () => void }) {
  return (
    <header class="top">
      <span class="brand">
        <span class="brand-mark" aria-hidden="true">
          ✓✓
        </span>
        {t('console')}
      </span>
      {apps.value.length > 0 && (
        <select
          class="input compact"
          aria-label={t('app')}
          value={currentApp.value}
          onChange={event => switchApp(event.currentTarget.value)}
        >
          {apps.value.map(app => (
            <option key={app.app_id} value={String(app.app_id)}>
              {app.app_id} {app.name}
            </option>
          ))}
        </select>
      )}
      <button type="button" class="button small find" onClick={onFind}>
        <Icon name="search" />
        {t('find')} <kbd>⌘K</kbd>
      </button>
      <span class="grow" />
      <select
        class="input compact"
        aria-label={t('language')}
        value={language.value}
        onChange={event => chooseLanguage(event.currentTarget.value as Language)}
      >
        {LANGUAGES.map(tag => (
          <option key={tag} value={tag} lang={tag}>
            {LANGUAGE_NAMES[tag]}
          </option>
        ))}
      </select>
      <select
        class="input compact"
        aria-label={t('theme')}
        value={theme.value}
        onChange={event => {
          theme.value = event.currentTarget.value as Theme;
        }}
      >
        {THEMES.map(name => (
          <option key={name} value={name}>
            {t(`theme.${name}`)}
          </option>
        ))}
      </select>
      {session.value && (
        <span class="who small">
          <bdi>{session.value.name}</bdi> · <span class="muted">{t(`role.${session.value.role}`)}</span>
        </span>
      )}
      <button
        type="button"
        class="icon-button"
        aria-label={t('signOut')}
        title={t('signOut')}
        onClick={signOut}
      >
        <Icon name="leave" />
      </button>
    </header>
  );
}
